-- What the nights after $known_then, up to $known_now, learned about the days before $days_before: one row per night and kind of charge
-- whose cost changed, with one reason. What was known then plus these changes is what is known now, to the last decimal.
WITH movements AS (
    SELECT
        known_from AS known_on,
        FALSE AS is_before,
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
    FROM core.known_costs
    WHERE known_from > $known_then AND known_from <= $known_now AND usage_date < $days_before
    UNION ALL
    SELECT
        known_until AS known_on,
        TRUE AS is_before,
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
    FROM core.known_costs
    WHERE known_until > $known_then AND known_until <= $known_now AND usage_date < $days_before
),

sums AS (
    SELECT
        known_on,
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
        coalesce(bool_or(CASE WHEN NOT is_before THEN is_invoiced END), FALSE)
        AND NOT coalesce(bool_or(CASE WHEN is_before THEN is_invoiced END), FALSE) AS became_invoiced,
        sum(CASE WHEN is_before THEN -charge_count ELSE charge_count END) AS charge_count_change,
        sum(CASE WHEN is_before THEN BilledCost ELSE 0 END) AS billed_before,
        sum(CASE WHEN is_before THEN 0 ELSE BilledCost END) AS billed_after,
        sum(CASE WHEN is_before THEN EffectiveCost ELSE 0 END) AS effective_before,
        sum(CASE WHEN is_before THEN 0 ELSE EffectiveCost END) AS effective_after,
        sum(CASE WHEN is_before THEN -x_net_effective_cost ELSE x_net_effective_cost END) AS net_effective_change
    FROM movements
    GROUP BY
        known_on,
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

changes AS (
    SELECT
        *,
        billed_after - billed_before AS billed_change,
        effective_after - effective_before AS effective_change,
        -- Usage that a commitment covers, or could: what a re-assignment moves between.
        x_pool = 'usage' AND coalesce(PricingCategory IN ('Standard', 'Committed'), FALSE) AS is_coverable,
        CASE
            WHEN effective_after <> effective_before THEN sign(effective_after - effective_before)
            WHEN billed_after <> billed_before THEN sign(billed_after - billed_before)
            ELSE sign(charge_count_change)
        END AS direction
    FROM sums
),

-- A commitment never moves usage to another account or service: only how that usage is priced.
moved AS (
    SELECT
        *,
        bool_or(is_coverable AND direction > 0) OVER (
            PARTITION BY known_on, x_source, x_period, usage_date, BillingAccountId, SubAccountId, ServiceName, BillingCurrency
        ) AS some_rise,
        bool_or(is_coverable AND direction < 0) OVER (
            PARTITION BY known_on, x_source, x_period, usage_date, BillingAccountId, SubAccountId, ServiceName, BillingCurrency
        ) AS some_fall,
        bool_or(is_coverable AND PricingCategory = 'Committed' AND direction <> 0) OVER (
            PARTITION BY known_on, x_source, x_period, usage_date, BillingAccountId, SubAccountId, ServiceName, BillingCurrency
        ) AS some_covered_move,
        -- A negation sums an hour's covered rows: that those came late shows in their number, not in its own.
        CASE
            WHEN x_pool <> 'commitment_negation' THEN charge_count_change
            ELSE sum(CASE WHEN x_pool = 'commitment_negation' OR PricingCategory = 'Committed' THEN charge_count_change ELSE 0 END) OVER (
                PARTITION BY known_on, x_source, x_period, usage_date, BillingAccountId, SubAccountId, ServiceName, BillingCurrency
            )
        END AS row_change
    FROM changes
),

first_nights AS (
    SELECT
        source,
        period,
        min(known_from) AS known_from,
        min(min(known_from)) OVER (PARTITION BY source) AS source_known_from
    FROM meta.known_periods
    GROUP BY source, period
)

SELECT
    moved.known_on,
    CASE
        WHEN after_night.source IS NULL THEN 'withdrawn_period'
        WHEN
            before_night.source IS NULL
            -- A new partition day of a known source is the usual way in which rows come late; a whole month that is new is not.
            AND (
                first_nights.known_from < moved.known_on
                OR first_nights.source_known_from = moved.known_on
                OR length(moved.x_period) = 7
            )
            THEN 'new_period'
        WHEN before_night.version = after_night.version THEN 'reclassified'
        WHEN moved.x_pool IN ('credit', 'refund') THEN 'credit_or_refund'
        WHEN moved.x_pool = 'adjustment' THEN 'correction'
        WHEN moved.x_pool IN ('tax', 'support', 'fee') THEN 'finalisation'
        WHEN
            moved.some_rise AND moved.some_fall AND moved.some_covered_move
            AND (moved.is_coverable OR moved.x_pool = 'commitment_negation')
            THEN 'commitment'
        WHEN moved.x_pool = 'unused_commitment' AND moved.billed_change = 0 THEN 'commitment'
        WHEN
            moved.x_pool = 'usage'
            AND coalesce(moved.PricingCategory, '') <> 'Committed'
            AND moved.row_change > 0
            AND moved.billed_change < 0
            THEN 'correction'
        WHEN moved.row_change > 0 THEN 'late_rows'
        WHEN moved.row_change < 0 THEN 'withdrawn_rows'
        WHEN moved.became_invoiced THEN 'finalisation'
        ELSE 'repriced'
    END AS reason,
    moved.ProviderName,
    moved.billing_month,
    moved.usage_date,
    moved.x_source,
    moved.x_period,
    moved.BillingAccountId,
    moved.SubAccountId,
    moved.ServiceName,
    moved.x_charge_type,
    moved.x_pool,
    moved.PricingCategory,
    moved.BillingCurrency,
    CAST(moved.charge_count_change AS BIGINT) AS charge_count_change,
    moved.billed_before,
    moved.billed_after,
    moved.billed_change,
    moved.effective_before,
    moved.effective_after,
    moved.effective_change,
    moved.net_effective_change
FROM moved
LEFT JOIN meta.known_periods AS after_night
    ON moved.x_source = after_night.source AND moved.x_period = after_night.period AND moved.known_on = after_night.known_from
LEFT JOIN meta.known_periods AS before_night
    ON moved.x_source = before_night.source AND moved.x_period = before_night.period AND moved.known_on = before_night.known_until
LEFT JOIN first_nights ON moved.x_source = first_nights.source AND moved.x_period = first_nights.period
WHERE moved.billed_change <> 0 OR moved.effective_change <> 0 OR moved.net_effective_change <> 0
