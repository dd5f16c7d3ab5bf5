-- Resources whose charges, with the commitment fees that are attributed to them, are not their monthly cost to the last decimal.
WITH bill_windows AS (
    SELECT
        x_source,
        least($as_of, CAST(max(usage_date) + INTERVAL 1 DAY AS DATE)) AS window_end
    FROM core.daily_cost
    WHERE usage_date < $as_of AND x_pool = 'usage'
    GROUP BY x_source
),

amounts AS (
    SELECT
        charge.provider,
        charge.account_id,
        charge.resource_id,
        charge.currency,
        charge.monthly_cost AS charged,
        0 AS attributed
    FROM usage.resource_charges AS charge
    UNION ALL
    SELECT
        'GCP' AS provider,
        attribution.SubAccountId AS account_id,
        attribution.ResourceId AS resource_id,
        attribution.BillingCurrency AS currency,
        0 AS charged,
        attribution.attributed_cost AS attributed
    FROM core.commitment_attribution AS attribution
    INNER JOIN bill_windows ON attribution.x_source = bill_windows.x_source
    WHERE
        attribution.ResourceId IS NOT NULL
        AND attribution.CommitmentDiscountStatus = 'Used'
        AND attribution.usage_date < bill_windows.window_end
        AND attribution.usage_date >= bill_windows.window_end - INTERVAL 30 DAY
),

itemised AS (
    SELECT
        provider,
        account_id,
        resource_id,
        currency,
        sum(charged) AS charged,
        sum(attributed) AS attributed
    FROM amounts
    GROUP BY provider, account_id, resource_id, currency
    HAVING sum(charged) <> 0 OR sum(attributed) <> 0
)

SELECT
    coalesce(cost.ProviderName, itemised.provider) AS provider,
    coalesce(cost.SubAccountId, itemised.account_id) AS account_id,
    coalesce(cost.ResourceId, itemised.resource_id) AS resource_id,
    coalesce(cost.BillingCurrency, itemised.currency) AS currency,
    cost.monthly_cost,
    itemised.charged,
    itemised.attributed
FROM core.resource_costs AS cost
FULL OUTER JOIN itemised
    ON
        cost.ProviderName = itemised.provider
        -- A full join takes equalities only; NULL is a project that the bill does not name.
        AND coalesce(cost.SubAccountId, '') = coalesce(itemised.account_id, '')
        AND cost.ResourceId = itemised.resource_id
        AND cost.BillingCurrency = itemised.currency
WHERE coalesce(cost.monthly_cost, 0) <> coalesce(itemised.charged + itemised.attributed, 0)
ORDER BY provider, account_id, resource_id, currency
