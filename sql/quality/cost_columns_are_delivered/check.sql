-- Line item types of commitments that are in a bill while a column that their amortised cost is made of is empty on all of their rows.
SELECT
    source,
    period,
    charge_type AS line_item_type,
    string_agg(column_name, ', ' ORDER BY column_name) AS columns_to_add,
    max(row_count) AS row_count
FROM meta.cost_columns
WHERE filled_count = 0 AND row_count > 0 AND column_name <> 'line_item_net_unblended_cost'
GROUP BY source, period, charge_type
ORDER BY source, period, charge_type
