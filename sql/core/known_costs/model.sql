-- The history of some periods of one source after the night $as_of: rows that tonight still holds stay open, the others end with tonight,
-- and what is new begins with it. What this very night wrote before is left out, so that running a night again gives the same rows.
WITH daily_costs AS (
    SELECT
        x_source,
        x_period,
        ProviderName,
        coalesce(substr(CAST(BillingPeriodStart AS VARCHAR), 1, 7), substr(x_period, 1, 7)) AS billing_month,
        usage_date,
        BillingAccountId,
        SubAccountId,
        ServiceName,
        x_charge_type,
        x_pool,
        PricingCategory,
        BillingCurrency,
        -- The GCP export names an invoice month from the first hour on: nothing in it says that a charge is final.
        CASE WHEN ProviderName <> 'GCP' THEN InvoiceId IS NOT NULL END AS is_invoiced,
        charge_count,
        BilledCost,
        EffectiveCost,
        x_net_effective_cost
    FROM core.daily_cost
    WHERE x_source = $source AND list_contains($periods, x_period)
),

costs_of_tonight AS (
    SELECT
        x_source,
        x_period,
        ProviderName,
        billing_month,
        usage_date,
        BillingAccountId,
        SubAccountId,
        ServiceName,
        x_charge_type,
        x_pool,
        PricingCategory,
        BillingCurrency,
        bool_and(is_invoiced) AS is_invoiced,
        CAST(sum(charge_count) AS BIGINT) AS charge_count,
        sum(BilledCost) AS BilledCost,
        sum(EffectiveCost) AS EffectiveCost,
        sum(x_net_effective_cost) AS x_net_effective_cost
    FROM daily_costs
    GROUP BY
        x_source,
        x_period,
        ProviderName,
        billing_month,
        usage_date,
        BillingAccountId,
        SubAccountId,
        ServiceName,
        x_charge_type,
        x_pool,
        PricingCategory,
        BillingCurrency
),

earlier_rows AS (
    SELECT
        x_source,
        x_period,
        ProviderName,
        billing_month,
        usage_date,
        BillingAccountId,
        SubAccountId,
        ServiceName,
        x_charge_type,
        x_pool,
        PricingCategory,
        BillingCurrency,
        is_invoiced,
        charge_count,
        BilledCost,
        EffectiveCost,
        x_net_effective_cost,
        known_from,
        nullif(known_until, $as_of) AS known_until
    FROM core.known_costs
    WHERE x_source = $source AND list_contains($periods, x_period) AND known_from < $as_of
),

open_rows AS (
    SELECT
        x_source,
        x_period,
        ProviderName,
        billing_month,
        usage_date,
        BillingAccountId,
        SubAccountId,
        ServiceName,
        x_charge_type,
        x_pool,
        PricingCategory,
        BillingCurrency,
        is_invoiced,
        charge_count,
        BilledCost,
        EffectiveCost,
        x_net_effective_cost,
        known_from,
        0 AS is_of_tonight
    FROM earlier_rows
    WHERE known_until IS NULL
    UNION ALL
    SELECT
        x_source,
        x_period,
        ProviderName,
        billing_month,
        usage_date,
        BillingAccountId,
        SubAccountId,
        ServiceName,
        x_charge_type,
        x_pool,
        PricingCategory,
        BillingCurrency,
        is_invoiced,
        charge_count,
        BilledCost,
        EffectiveCost,
        x_net_effective_cost,
        CAST($as_of AS DATE) AS known_from,
        1 AS is_of_tonight
    FROM costs_of_tonight
)

SELECT
    x_source,
    x_period,
    ProviderName,
    billing_month,
    usage_date,
    BillingAccountId,
    SubAccountId,
    ServiceName,
    x_charge_type,
    x_pool,
    PricingCategory,
    BillingCurrency,
    is_invoiced,
    charge_count,
    BilledCost,
    EffectiveCost,
    x_net_effective_cost,
    min(known_from) AS known_from,
    CASE WHEN max(is_of_tonight) = 0 THEN CAST($as_of AS DATE) END AS known_until
FROM open_rows
GROUP BY
    x_source,
    x_period,
    ProviderName,
    billing_month,
    usage_date,
    BillingAccountId,
    SubAccountId,
    ServiceName,
    x_charge_type,
    x_pool,
    PricingCategory,
    BillingCurrency,
    is_invoiced,
    charge_count,
    BilledCost,
    EffectiveCost,
    x_net_effective_cost
UNION ALL
SELECT
    x_source,
    x_period,
    ProviderName,
    billing_month,
    usage_date,
    BillingAccountId,
    SubAccountId,
    ServiceName,
    x_charge_type,
    x_pool,
    PricingCategory,
    BillingCurrency,
    is_invoiced,
    charge_count,
    BilledCost,
    EffectiveCost,
    x_net_effective_cost,
    known_from,
    known_until
FROM earlier_rows
WHERE known_until IS NOT NULL
