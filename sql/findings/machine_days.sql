-- What the resources with savings in the night $as_of cost day by day, on demand and under commitments, over the window of the monthly
-- figures of their bill. A commitment that lies partly unused is not shared: usage that it could reach would use it, so no other machine
-- takes over what an action frees of it (it is out of scope for it, or not shared with its account).
WITH bill_windows AS (
    SELECT
        daily.x_source,
        least(CAST($as_of AS DATE), CAST(max(daily.usage_date) + INTERVAL 1 DAY AS DATE)) AS window_end,
        window_end - 30 AS window_start
    FROM core.daily_cost AS daily
    WHERE daily.usage_date < CAST($as_of AS DATE) AND daily.x_pool = 'usage'
    GROUP BY daily.x_source
),

resources AS (
    SELECT DISTINCT
        finding.provider,
        finding.account_id,
        finding.resource_id,
        finding.currency
    FROM results.findings AS finding
    WHERE finding.as_of = CAST($as_of AS DATE) AND finding.monthly_savings > 0
),

partly_unused AS (
    SELECT
        daily.x_source,
        daily.BillingCurrency,
        daily.CommitmentDiscountId
    FROM core.daily_cost AS daily
    INNER JOIN bill_windows ON daily.x_source = bill_windows.x_source
    WHERE
        daily.x_pool = 'unused_commitment'
        AND daily.CommitmentDiscountId IS NOT NULL
        -- A reservation's fee stands on the first day of its month.
        AND daily.usage_date >= date_trunc('month', bill_windows.window_start)
        AND daily.usage_date < bill_windows.window_end
    GROUP BY daily.x_source, daily.BillingCurrency, daily.CommitmentDiscountId
    -- Usage never fills an hourly commitment to the last fraction of a cent: one part in a hundred is full use.
    HAVING sum(daily.EffectiveCost) * 100 > sum(daily.x_commitment_cost)
),

attributed AS (
    SELECT attribution.*
    FROM core.commitment_attribution AS attribution
    INNER JOIN bill_windows ON attribution.x_source = bill_windows.x_source
    WHERE attribution.usage_date >= bill_windows.window_start AND attribution.usage_date < bill_windows.window_end
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

days AS (
    SELECT
        daily.ProviderName AS provider,
        daily.SubAccountId AS account_id,
        daily.ResourceId AS resource_id,
        daily.BillingCurrency AS currency,
        daily.BillingAccountId AS billing_account_id,
        daily.RegionId AS region,
        daily.x_usage_type AS usage_type,
        daily.PricingCategory AS pricing_category,
        partly_unused.CommitmentDiscountId IS NULL AS is_shared,
        daily.usage_date,
        daily.x_net_effective_cost AS cost
    FROM core.daily_cost AS daily
    INNER JOIN bill_windows ON daily.x_source = bill_windows.x_source
    LEFT JOIN partly_unused
        ON
            daily.x_source = partly_unused.x_source
            AND daily.BillingCurrency = partly_unused.BillingCurrency
            AND daily.CommitmentDiscountId = partly_unused.CommitmentDiscountId
            AND daily.PricingCategory = 'Committed'
    WHERE
        daily.x_pool = 'usage'
        AND daily.PricingCategory IN ('Standard', 'Committed')
        AND daily.usage_date >= bill_windows.window_start
        AND daily.usage_date < bill_windows.window_end
    UNION ALL
    SELECT
        'GCP' AS provider,
        attributed.SubAccountId AS account_id,
        attributed.ResourceId AS resource_id,
        attributed.BillingCurrency AS currency,
        attributed.BillingAccountId AS billing_account_id,
        attributed.RegionId AS region,
        attributed.x_usage_type AS usage_type,
        'Committed' AS pricing_category,
        partly_unused_fees.covers IS NULL AS is_shared,
        attributed.usage_date,
        attributed.attributed_cost AS cost
    FROM attributed
    LEFT JOIN partly_unused_fees
        ON
            attributed.BillingAccountId = partly_unused_fees.BillingAccountId
            AND attributed.BillingCurrency = partly_unused_fees.BillingCurrency
            AND attributed.covers = partly_unused_fees.covers
    WHERE attributed.CommitmentDiscountStatus = 'Used'
)

SELECT
    days.provider,
    days.account_id,
    days.resource_id,
    days.currency,
    days.billing_account_id,
    days.region,
    days.usage_type,
    days.pricing_category,
    days.is_shared,
    days.usage_date,
    CAST(sum(days.cost) AS DECIMAL(38, 12)) AS cost
FROM days
INNER JOIN resources
    ON
        days.provider = resources.provider
        AND days.account_id IS NOT DISTINCT FROM resources.account_id
        AND days.resource_id = resources.resource_id
        AND days.currency = resources.currency
GROUP BY ALL
