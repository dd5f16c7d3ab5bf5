-- Line items of some periods of one source, summed in one scan: by resource and day, and by hour where they may be compute usage.
-- Texts are grouped as delivered and named afterwards: naming millions of line items costs more than summing them. The result has the
-- columns of core.line_items; those that no roll-up keeps are null.
WITH line_items AS (
    SELECT
        x_period,
        ProviderName,
        BillingAccountId,
        SubAccountId,
        SubAccountName,
        BillingCurrency,
        delivered_region,
        ServiceName,
        delivered_usage_type,
        delivered_operation,
        machine_type,
        cost_type,
        charge_kind,
        commitment_id,
        reservation_id,
        delivered_unit,
        delivered_resource,
        delivered_team,
        delivered_project,
        delivered_environment,
        delivered_owner,
        CAST(ChargePeriodStart AS DATE) AS usage_date,
        -- Wide on purpose: core.hourly_usage decides by name what belongs to it.
        CASE
            WHEN delivered_usage_type LIKE '%BoxUsage%' OR delivered_usage_type LIKE '%:ml.%' OR ServiceName = 'Compute Engine'
                THEN date_trunc('hour', ChargePeriodStart)
        END AS usage_hour,
        delivered_quantity,
        BilledCost,
        EffectiveCost,
        ContractedCost,
        ListCost,
        x_net_effective_cost,
        x_commitment_cost,
        x_line_items
    FROM core.line_items
    WHERE x_source = $source AND list_contains($periods, x_period)
)

SELECT
    GROUPING(usage_hour) = 1 AS is_daily,
    $source AS x_source,
    x_period,
    ProviderName,
    BillingAccountId,
    SubAccountId,
    SubAccountName,
    BillingCurrency,
    delivered_region,
    ServiceName,
    delivered_usage_type,
    delivered_operation,
    machine_type,
    cost_type,
    charge_kind,
    commitment_id,
    reservation_id,
    delivered_unit,
    delivered_resource,
    delivered_team,
    delivered_project,
    delivered_environment,
    delivered_owner,
    coalesce(usage_hour, CAST(usage_date AS TIMESTAMP)) AS ChargePeriodStart,
    CAST(NULL AS TIMESTAMP) AS BillingPeriodStart,
    CAST(NULL AS TIMESTAMP) AS ChargePeriodEnd,
    CAST(NULL AS VARCHAR) AS InvoiceId,
    CAST(NULL AS VARCHAR) AS ResourceName,
    CAST(NULL AS VARCHAR) AS AvailabilityZone,
    CAST(NULL AS VARCHAR) AS ChargeDescription,
    CAST(NULL AS VARCHAR) AS Tags,
    sum(delivered_quantity) AS delivered_quantity,
    sum(BilledCost) AS BilledCost,
    sum(EffectiveCost) AS EffectiveCost,
    sum(ContractedCost) AS ContractedCost,
    sum(ListCost) AS ListCost,
    sum(x_net_effective_cost) AS x_net_effective_cost,
    sum(x_commitment_cost) AS x_commitment_cost,
    sum(x_line_items) AS x_line_items
FROM line_items
GROUP BY
    GROUPING SETS (
        (
            x_period,
            ProviderName,
            BillingAccountId,
            SubAccountId,
            SubAccountName,
            BillingCurrency,
            delivered_region,
            ServiceName,
            delivered_usage_type,
            delivered_operation,
            machine_type,
            cost_type,
            charge_kind,
            commitment_id,
            reservation_id,
            delivered_unit,
            delivered_resource,
            delivered_team,
            delivered_project,
            delivered_environment,
            delivered_owner,
            usage_date
        ),
        (
            x_period,
            ProviderName,
            BillingAccountId,
            SubAccountId,
            SubAccountName,
            BillingCurrency,
            delivered_region,
            ServiceName,
            delivered_usage_type,
            delivered_operation,
            machine_type,
            cost_type,
            charge_kind,
            commitment_id,
            reservation_id,
            delivered_unit,
            usage_hour
        )
    )
HAVING GROUPING(usage_hour) = 1 OR usage_hour IS NOT NULL
