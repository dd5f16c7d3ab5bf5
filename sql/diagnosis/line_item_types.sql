-- Line item types of a landed bill. The empty row in front gives the column to files that lack it.
WITH line_items AS (
    SELECT CAST(NULL AS VARCHAR) AS line_item_line_item_type
    WHERE FALSE
    UNION ALL BY NAME
    SELECT * FROM READ_PARQUET($files, union_by_name = TRUE, hive_partitioning = FALSE)
)

SELECT DISTINCT CAST(line_item_line_item_type AS VARCHAR) AS line_item_type
FROM line_items
WHERE line_item_line_item_type IS NOT NULL
