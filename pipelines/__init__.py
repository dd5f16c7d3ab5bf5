"""When the night runs, and with what. What it makes is in assets/; what the product knows is in costsieve/."""
