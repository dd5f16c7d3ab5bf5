-- The views of each month side by side. AWS: cash less amortised cost is what was bought upfront, less what of it the month used up, less
-- the cost of usage under commitments whose fees no counted bill has. The bills of one payer are taken together: a member's own export may
-- be counted beside the payer's bill.
WITH daily AS (
    SELECT
        *,
        strftime(BillingPeriodStart, '%Y-%m') AS billing_month,
        strftime(usage_date, '%Y-%m') AS usage_month
    FROM core.daily_cost
),

-- Fee rows carry what a commitment costs in the month: where they are, it is paid for.
paid_commitments AS (
    SELECT DISTINCT
        BillingAccountId,
        billing_month,
        BillingCurrency,
        CommitmentDiscountId AS paid_commitment
    FROM daily
    WHERE ProviderName = 'AWS' AND x_charge_type IN ('RIFee', 'SavingsPlanRecurringFee') AND CommitmentDiscountId IS NOT NULL
)

SELECT
    daily.x_source,
    daily.ProviderName,
    daily.BillingAccountId,
    daily.billing_month,
    daily.usage_month,
    daily.BillingCurrency,
    CAST(sum(daily.charge_count) AS BIGINT) AS charge_count,
    sum(daily.BilledCost) AS BilledCost,
    sum(daily.EffectiveCost) AS EffectiveCost,
    sum(daily.x_net_effective_cost) AS x_net_effective_cost,
    sum(daily.ContractedCost) AS ContractedCost,
    sum(daily.ListCost) AS ListCost,
    sum(
        CASE
            WHEN daily.x_pool = 'commitment_purchase' THEN daily.BilledCost - daily.EffectiveCost
            -- What comes back for a returned Savings Plan.
            WHEN daily.ProviderName = 'AWS' AND daily.x_charge_type = 'Refund' THEN daily.BilledCost - daily.EffectiveCost
            ELSE 0
        END
    ) AS upfront_purchases,
    sum(
        CASE
            WHEN daily.x_charge_type IN ('RIFee', 'SavingsPlanRecurringFee') THEN daily.x_commitment_cost - daily.BilledCost
            ELSE 0
        END
    ) AS amortised_upfront,
    sum(
        CASE
            WHEN daily.x_charge_type NOT IN ('DiscountedUsage', 'SavingsPlanCoveredUsage') THEN 0
            WHEN daily.ProviderName <> 'AWS' OR paid_commitments.paid_commitment IS NOT NULL THEN 0
            ELSE daily.EffectiveCost - CASE WHEN daily.x_charge_type = 'DiscountedUsage' THEN daily.BilledCost ELSE 0 END
        END
    ) AS shared_commitment_cost
FROM daily
LEFT JOIN paid_commitments
    ON
        daily.BillingAccountId = paid_commitments.BillingAccountId
        AND daily.billing_month = paid_commitments.billing_month
        AND daily.BillingCurrency = paid_commitments.BillingCurrency
        AND daily.CommitmentDiscountId = paid_commitments.paid_commitment
GROUP BY
    daily.x_source,
    daily.ProviderName,
    daily.BillingAccountId,
    daily.billing_month,
    daily.usage_month,
    daily.BillingCurrency
