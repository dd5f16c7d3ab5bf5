-- What of each reconciled row the file holds that is being published; nothing of rows that were left out.
WITH published AS (
    SELECT
        daily_cost.x_source AS source,
        daily_cost.x_period AS period,
        coalesce(daily_cost.BillingAccountId, '') AS billing_account,
        coalesce(daily_cost.SubAccountId, '') AS sub_account,
        coalesce(strftime(daily_cost.BillingPeriodStart, '%Y-%m'), '') AS billing_month,
        daily_cost.BillingCurrency AS currency,
        daily_cost.x_charge_type AS charge_type,
        daily_cost.BilledCost AS billed_cost
    FROM core.daily_cost
)

UPDATE quality.reconciliation AS reconciled
SET published_cost = coalesce(
    (
        SELECT sum(published.billed_cost)
        FROM published
        WHERE
            published.source = reconciled.source
            AND published.period = reconciled.period
            AND published.billing_account = coalesce(reconciled.billing_account_id, '')
            AND published.sub_account = coalesce(reconciled.sub_account_id, '')
            AND published.billing_month = coalesce(reconciled.billing_month, '')
            AND published.currency = reconciled.currency
            AND published.charge_type = reconciled.charge_type
    ),
    0
)
