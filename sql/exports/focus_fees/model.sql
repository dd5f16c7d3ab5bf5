-- What the fees of Google Cloud's commitments cost in their period: a row for what was used of each and one for what was not.
-- Rounding runs along the sums of a day's fee, so that both rows add up to the fee, and the unused ones to what
-- core.commitment_attribution says, to the last decimal.
WITH fees AS (
    SELECT
        charges.*,
        unused_fees.unused_cost,
        unused_fees.fee_cost,
        unused_fees.fee_cost_before + sum(charges.EffectiveCost) OVER (
            PARTITION BY charges.x_period, charges.BillingPeriodStart, unused_fees.fee
            -- What tells line items of a fee apart, so that each export rounds the same way.
            ORDER BY
                charges.ChargePeriodStart, charges.ChargePeriodEnd, charges.EffectiveCost, charges.PricingQuantity, charges.InvoiceId,
                charges.ChargeClass, charges.ResourceName
            ROWS UNBOUNDED PRECEDING
        ) AS cost_so_far
    FROM temp.focus_charges AS charges
    LEFT JOIN temp.focus_unused_fees AS unused_fees
        ON
            charges.x_period = unused_fees.x_period
            AND charges.BillingPeriodStart = unused_fees.BillingPeriodStart
            AND unused_fees.fee = row(
                charges.x_source, CAST(charges.ChargePeriodStart AS DATE), charges.BillingAccountId, charges.BillingCurrency,
                charges.SubAccountId, charges.RegionId, charges.x_usage_type, charges.x_operation, charges.CommitmentDiscountId,
                charges.x_team, charges.x_project, charges.x_environment, charges.x_owner, charges.x_cost_center
            )
    WHERE charges.ProviderName = 'GCP' AND charges.x_pool = 'commitment_purchase' AND charges.EffectiveCost <> 0
),

bounds AS (
    SELECT
        *,
        CASE
            WHEN unused_cost IS NULL OR cost_so_far = 0 THEN 0
            WHEN unused_cost = fee_cost THEN cost_so_far
            WHEN cost_so_far = fee_cost THEN unused_cost
            ELSE CAST(CAST(unused_cost AS DOUBLE) / CAST(fee_cost AS DOUBLE) * CAST(cost_so_far AS DOUBLE) AS DECIMAL(38, 12))
        END AS unused_so_far,
        CASE
            WHEN unused_cost IS NULL OR cost_so_far = EffectiveCost THEN 0
            WHEN unused_cost = fee_cost THEN cost_so_far - EffectiveCost
            WHEN cost_so_far - EffectiveCost = fee_cost THEN unused_cost
            ELSE CAST(
                CAST(unused_cost AS DOUBLE) / CAST(fee_cost AS DOUBLE) * CAST(cost_so_far - EffectiveCost AS DOUBLE) AS DECIMAL(38, 12)
            )
        END AS unused_before
    FROM fees
),

quantities AS (
    SELECT
        *,
        unused_so_far - unused_before AS unused_part,
        CAST(
            CAST(PricingQuantity AS DOUBLE) * CAST(unused_so_far - unused_before AS DOUBLE) / CAST(EffectiveCost AS DOUBLE)
            AS DECIMAL(38, 12)
        ) AS unused_quantity
    FROM bounds
)

SELECT
    quantities.* REPLACE ( -- noqa: AM04
        parts.status AS CommitmentDiscountStatus,
        CASE
            WHEN parts.status = 'Unused' THEN quantities.unused_part
            ELSE quantities.EffectiveCost - quantities.unused_part
        END AS EffectiveCost,
        CASE
            WHEN parts.status = 'Unused' THEN quantities.unused_quantity
            ELSE quantities.PricingQuantity - quantities.unused_quantity
        END AS PricingQuantity
    )
FROM quantities
CROSS JOIN (VALUES ('Used'), ('Unused')) AS parts (status)
WHERE CASE WHEN parts.status = 'Unused' THEN quantities.unused_part ELSE quantities.EffectiveCost - quantities.unused_part END <> 0
