-- Whether the delivered AWS bill is at hand: a published copy may hold the roll-ups alone.
SELECT count(*) > 0 AS is_at_hand
FROM information_schema.tables
WHERE table_schema = 'raw' AND table_name = 'aws_cur'
