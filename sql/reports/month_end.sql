-- The day before which the 30 days of every monthly cost end: where the latest bill ends; null without a bill before the night.
SELECT max(window_end) AS month_end
FROM core.resource_costs
WHERE window_end <= $as_of
