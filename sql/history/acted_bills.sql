-- Since when each resource of the table `acted_days` is charged, and how far its bill reaches.
SELECT
    days.provider,
    days.account_id,
    days.resource_id,
    days.currency,
    min(days.usage_date) AS first_charged_on,
    min(days.bill_end) AS bill_end
FROM acted_days AS days
GROUP BY days.provider, days.account_id, days.resource_id, days.currency
