-- Line items of every provider with their costs, before names are given; see core.charges. The three have the same columns in the same
-- order, which a test keeps true.
SELECT * FROM core.aws_line_items -- noqa: AM04
UNION ALL
SELECT * FROM core.gcp_line_items
UNION ALL
SELECT * FROM core.focus_line_items
