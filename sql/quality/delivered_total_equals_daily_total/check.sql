-- Bills whose daily costs do not add up to what was delivered, per source, period, account, currency and charge type.
WITH delivered AS (
    SELECT
        totals.source,
        totals.period,
        totals.billing_account_id AS billing_account,
        coalesce(totals.sub_account_id, '') AS sub_account,
        totals.currency,
        totals.charge_type,
        sum(totals.billed_cost) AS delivered_cost
    FROM meta.load_totals AS totals
    INNER JOIN meta.loads AS loads
        ON totals.source = loads.source AND totals.period = loads.period AND totals.version = loads.version
    WHERE loads.is_current
    GROUP BY totals.source, totals.period, totals.billing_account_id, totals.sub_account_id, totals.currency, totals.charge_type
),

daily AS (
    SELECT
        x_source AS source,
        x_period AS period,
        BillingAccountId AS billing_account,
        coalesce(SubAccountId, '') AS sub_account,
        BillingCurrency AS currency,
        x_charge_type AS charge_type,
        sum(BilledCost) AS daily_cost
    FROM core.daily_cost
    GROUP BY x_source, x_period, BillingAccountId, SubAccountId, BillingCurrency, x_charge_type
)

SELECT
    coalesce(delivered.source, daily.source) AS source,
    coalesce(delivered.period, daily.period) AS period,
    coalesce(delivered.billing_account, daily.billing_account) AS billing_account,
    coalesce(delivered.sub_account, daily.sub_account) AS sub_account,
    coalesce(delivered.currency, daily.currency) AS currency,
    coalesce(delivered.charge_type, daily.charge_type) AS charge_type,
    coalesce(delivered.delivered_cost, 0) AS delivered_cost,
    coalesce(daily.daily_cost, 0) AS daily_cost
FROM delivered
FULL OUTER JOIN daily
    ON
        delivered.source = daily.source
        AND delivered.period = daily.period
        AND delivered.billing_account = daily.billing_account
        AND delivered.sub_account = daily.sub_account
        AND delivered.currency = daily.currency
        AND delivered.charge_type = daily.charge_type
WHERE coalesce(delivered.delivered_cost, 0) <> coalesce(daily.daily_cost, 0)
ORDER BY source, period, billing_account, sub_account, currency, charge_type
