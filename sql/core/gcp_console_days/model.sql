-- What Google's console shows for a day, which begins at midnight in US/Pacific; bill rows are in UTC, and so are all other days here.
-- A day in UTC takes seven or eight of its hours from the day before in the console.
SELECT
    billing_account_id AS BillingAccountId,
    project_id AS SubAccountId,
    service_description AS ServiceName,
    CAST(usage_start_time AT TIME ZONE 'UTC' AT TIME ZONE 'America/Los_Angeles' AS DATE) AS console_day,
    invoice_month AS InvoiceId,
    currency AS BillingCurrency,
    sum(cost) AS cost,
    sum(commitment_credits + fee_offset_credits + discount_credits) AS discounts,
    sum(promotion_credits) AS promotions,
    sum(cost + commitment_credits + fee_offset_credits + discount_credits + promotion_credits) AS total
FROM raw.gcp_billing
GROUP BY
    billing_account_id,
    project_id,
    service_description,
    CAST(usage_start_time AT TIME ZONE 'UTC' AT TIME ZONE 'America/Los_Angeles' AS DATE),
    invoice_month,
    currency
