-- What the resources registered as `acted_resources` cost day by day before the night $as_of, and how far the bill reaches that has them.
WITH bill_ends AS (
    SELECT
        daily.x_source,
        least(CAST($as_of AS DATE), CAST(max(daily.usage_date) + INTERVAL 1 DAY AS DATE)) AS bill_end
    FROM core.daily_cost AS daily
    WHERE daily.x_pool = 'usage' AND daily.usage_date < CAST($as_of AS DATE)
    GROUP BY daily.x_source
),

charges AS (
    SELECT
        daily.x_source,
        daily.ProviderName AS provider,
        daily.SubAccountId AS account_id,
        daily.ResourceId AS resource_id,
        daily.BillingCurrency AS currency,
        daily.usage_date,
        daily.x_net_effective_cost AS cost,
        daily.ListCost AS list_cost
    FROM core.daily_cost AS daily
    WHERE daily.x_pool = 'usage' AND daily.usage_date < CAST($as_of AS DATE)
    UNION ALL
    -- Google bills the fees of some commitments apart from the usage that they cover.
    SELECT
        attribution.x_source,
        'GCP' AS provider,
        attribution.SubAccountId AS account_id,
        attribution.ResourceId AS resource_id,
        attribution.BillingCurrency AS currency,
        attribution.usage_date,
        attribution.attributed_cost AS cost,
        0 AS list_cost
    FROM core.commitment_attribution AS attribution
    WHERE attribution.CommitmentDiscountStatus = 'Used' AND attribution.usage_date < CAST($as_of AS DATE)
)

SELECT
    charges.provider,
    charges.account_id,
    charges.resource_id,
    charges.currency,
    charges.usage_date,
    min(bill_ends.bill_end) AS bill_end,
    CAST(sum(charges.cost) AS DECIMAL(38, 12)) AS cost,
    CAST(sum(charges.list_cost) AS DECIMAL(38, 12)) AS list_cost
FROM charges
INNER JOIN bill_ends ON charges.x_source = bill_ends.x_source
INNER JOIN acted_resources AS acted
    ON
        charges.provider = acted.provider
        AND charges.account_id IS NOT DISTINCT FROM acted.account_id
        AND charges.resource_id = acted.resource_id
        AND charges.currency = acted.currency
GROUP BY charges.provider, charges.account_id, charges.resource_id, charges.currency, charges.usage_date
