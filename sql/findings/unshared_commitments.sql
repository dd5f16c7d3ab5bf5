-- What a resource costs a month under commitments that lie partly unused. Usage that they could reach would use them, so no other machine
-- takes over what an action frees of them: they are out of scope for it, or not shared with its account.
WITH windows AS (
    SELECT
        cost.ProviderName,
        cost.BillingCurrency,
        min(cost.window_start) AS window_start,
        max(cost.window_end) AS window_end
    FROM core.resource_costs AS cost
    GROUP BY cost.ProviderName, cost.BillingCurrency
),

partly_unused AS (
    SELECT
        daily.ProviderName,
        daily.BillingCurrency,
        daily.CommitmentDiscountId
    FROM core.daily_cost AS daily
    INNER JOIN windows
        ON
            daily.ProviderName = windows.ProviderName
            AND daily.BillingCurrency = windows.BillingCurrency
            -- A reservation's fee stands on the first day of its month.
            AND daily.usage_date >= date_trunc('month', windows.window_start)
            AND daily.usage_date < windows.window_end
    WHERE daily.x_pool = 'unused_commitment' AND daily.CommitmentDiscountId IS NOT NULL
    GROUP BY daily.ProviderName, daily.BillingCurrency, daily.CommitmentDiscountId
    -- Usage never fills an hourly commitment to the last fraction of a cent: one part in a hundred is full use.
    HAVING sum(daily.EffectiveCost) * 100 > sum(daily.x_commitment_cost)
),

attributed AS (
    SELECT attribution.*
    FROM core.commitment_attribution AS attribution
    INNER JOIN windows
        ON
            windows.ProviderName = 'GCP'
            AND attribution.BillingCurrency = windows.BillingCurrency
            AND attribution.usage_date >= windows.window_start
            AND attribution.usage_date < windows.window_end
),

partly_unused_fees AS (
    SELECT
        attributed.BillingAccountId,
        attributed.BillingCurrency,
        attributed.covers
    FROM attributed
    GROUP BY attributed.BillingAccountId, attributed.BillingCurrency, attributed.covers
    HAVING
        sum(CASE WHEN attributed.CommitmentDiscountStatus = 'Unused' THEN attributed.attributed_cost ELSE 0 END) * 100
        > sum(attributed.attributed_cost)
),

unshared AS (
    SELECT
        daily.ProviderName,
        daily.SubAccountId,
        daily.ResourceId,
        daily.BillingCurrency,
        daily.x_net_effective_cost AS cost
    FROM core.daily_cost AS daily
    INNER JOIN windows
        ON
            daily.ProviderName = windows.ProviderName
            AND daily.BillingCurrency = windows.BillingCurrency
            AND daily.usage_date >= windows.window_start
            AND daily.usage_date < windows.window_end
    INNER JOIN partly_unused
        ON
            daily.ProviderName = partly_unused.ProviderName
            AND daily.BillingCurrency = partly_unused.BillingCurrency
            AND daily.CommitmentDiscountId = partly_unused.CommitmentDiscountId
    WHERE daily.x_pool = 'usage' AND daily.PricingCategory = 'Committed'
    UNION ALL
    SELECT
        'GCP' AS ProviderName,
        attributed.SubAccountId,
        attributed.ResourceId,
        attributed.BillingCurrency,
        attributed.attributed_cost AS cost
    FROM attributed
    INNER JOIN partly_unused_fees
        ON
            attributed.BillingAccountId = partly_unused_fees.BillingAccountId
            AND attributed.BillingCurrency = partly_unused_fees.BillingCurrency
            AND attributed.covers = partly_unused_fees.covers
    WHERE attributed.CommitmentDiscountStatus = 'Used'
)

SELECT
    unshared.ProviderName AS provider,
    unshared.SubAccountId AS account_id,
    unshared.ResourceId AS resource_id,
    unshared.BillingCurrency AS currency,
    CAST(sum(unshared.cost) AS DECIMAL(38, 12)) AS monthly_unshared_cost
FROM unshared
GROUP BY unshared.ProviderName, unshared.SubAccountId, unshared.ResourceId, unshared.BillingCurrency
