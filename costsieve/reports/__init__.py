"""What a reader opens in the morning: one model of the night, rendered as HTML, Markdown, CSV and JSON. No rule is evaluated here."""
