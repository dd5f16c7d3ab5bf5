-- Volumes that pay for more IOPS or throughput than their load comes near to.
WITH volume_types (volume_type, included_iops, included_mibps, least_iops, least_mibps, iops_per_gib, mibps_per_gib) AS (
    -- Included without a charge, and the least that can be provisioned, in all and for every GiB.
    VALUES
    ('gp3', 3000, 125, 3000, 125, 0, 0),
    ('io1', 0, 0, 100, 0, 0, 0),
    ('io2', 0, 0, 100, 0, 0, 0),
    ('hyperdisk-balanced', 3000, 140, 3000, 140, 0, 0),
    ('hyperdisk-extreme', 0, 0, 128, 0, 2, 0),
    ('hyperdisk-throughput', 0, 0, 0, 20, 0, 10 / 1024)
),

volumes AS (
    SELECT
        resource.*,
        kind.included_iops,
        kind.included_mibps,
        greatest(kind.least_iops, kind.iops_per_gib * resource.size_gib) AS least_iops,
        greatest(kind.least_mibps, kind.mibps_per_gib * resource.size_gib) AS least_mibps,
        kind.volume_type IS NOT NULL AS is_provisioned_type,
        TRY_CAST(resource.attributes['provisioned_iops'] AS DOUBLE) AS provisioned_iops,
        TRY_CAST(resource.attributes['provisioned_throughput_mibps'] AS DOUBLE) AS provisioned_mibps,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    LEFT JOIN volume_types AS kind ON resource.volume_type = kind.volume_type
    WHERE resource.resource_type = 'block_volume'
),

activity AS (
    SELECT
        hour.provider,
        hour.account_id,
        hour.resource_id,
        quantile_cont(CASE WHEN hour.metric = 'disk_operations' THEN hour.total END, CAST($percentile AS DOUBLE)) / 3600 AS iops,
        quantile_cont(CASE WHEN hour.metric = 'disk_bytes' THEN hour.total END, CAST($percentile AS DOUBLE)) / 3600 / 1048576 AS mibps,
        least(
            count(CASE WHEN hour.metric = 'disk_operations' THEN hour.total END),
            count(CASE WHEN hour.metric = 'disk_bytes' THEN hour.total END)
        ) AS hours_observed
    FROM usage.resource_hour AS hour
    INNER JOIN volumes AS volume
        ON
            hour.provider = volume.provider
            AND hour.account_id = volume.account_id
            AND hour.resource_id = volume.resource_id
            AND volume.is_provisioned_type
    WHERE
        hour.metric IN ('disk_operations', 'disk_bytes')
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($look_back_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
    GROUP BY hour.provider, hour.account_id, hour.resource_id
),

needs AS (
    SELECT
        volume.*,
        coalesce(activity.hours_observed, 0) AS hours_observed,
        activity.iops,
        activity.mibps,
        least(
            volume.provisioned_mibps,
            ceil(
                greatest(
                    volume.least_mibps,
                    activity.mibps * $peak_factor,
                    CASE volume.volume_type
                        WHEN 'hyperdisk-throughput' THEN activity.iops * $peak_factor / 4
                        WHEN 'hyperdisk-balanced' THEN volume.provisioned_iops / 256
                    END
                )
            )
        ) AS target_mibps,
        -- An IOPS brings at most 0.25 MiB/s; on Google only one of the two is changed at a time.
        CASE volume.volume_type
            WHEN 'hyperdisk-balanced' THEN volume.provisioned_mibps
            WHEN 'gp3' THEN target_mibps
            ELSE activity.mibps * $peak_factor
        END AS mibps_to_carry,
        least(
            volume.provisioned_iops, ceil(greatest(volume.least_iops, activity.iops * $peak_factor, 4 * mibps_to_carry) / 100) * 100
        ) AS target_iops
    FROM volumes AS volume
    LEFT JOIN activity
        ON
            volume.provider = activity.provider
            AND volume.account_id = activity.account_id
            AND volume.resource_id = activity.resource_id
),

shares AS (
    SELECT
        charge.provider,
        charge.account_id,
        charge.resource_id,
        charge.currency,
        charge.monthly_cost,
        charge.usage_type ILIKE '%IOPS%' AS is_iops,
        -- io2 charges its IOPS in three tiers, the first 32,000 at the highest price.
        CASE WHEN charge.usage_type LIKE '%.tier2' THEN 32000 WHEN charge.usage_type LIKE '%.tier3' THEN 64000 ELSE 0 END AS tier_from,
        CASE WHEN charge.usage_type LIKE '%.io2' THEN 32000 WHEN charge.usage_type LIKE '%.tier2' THEN 64000 ELSE 1e9 END AS tier_to,
        CASE WHEN is_iops THEN needs.provisioned_iops ELSE needs.provisioned_mibps END AS provisioned,
        CASE WHEN is_iops THEN needs.target_iops ELSE needs.target_mibps END AS target,
        CASE WHEN is_iops THEN greatest(tier_from, needs.included_iops) ELSE needs.included_mibps END AS charged_from,
        CASE
            WHEN provisioned > charged_from
                THEN 1 - greatest(0, least(target, tier_to) - charged_from) / (least(provisioned, tier_to) - charged_from)
            ELSE 0
        END AS freed_share,
        charge.monthly_cost * CAST(freed_share AS DECIMAL(18, 12)) AS freed_cost
    FROM usage.resource_charges AS charge
    INNER JOIN needs
        ON
            charge.provider = needs.provider
            AND charge.account_id = needs.account_id
            AND charge.resource_id = needs.resource_id
            AND charge.currency = needs.currency
    WHERE
        charge.usage_type LIKE 'EBS:VolumeP-%'
        OR (regexp_matches(charge.usage_type, '^Hyperdisk .* (IOPS|Throughput)') AND charge.usage_type NOT LIKE '%Capacity%')
),

charged AS (
    SELECT
        shares.provider,
        shares.account_id,
        shares.resource_id,
        shares.currency,
        sum(shares.monthly_cost) AS performance_cost,
        coalesce(sum(CASE WHEN shares.is_iops THEN shares.freed_cost END), 0) AS iops_savings,
        coalesce(sum(CASE WHEN NOT shares.is_iops THEN shares.freed_cost END), 0) AS throughput_savings
    FROM shares
    GROUP BY shares.provider, shares.account_id, shares.resource_id, shares.currency
),

verdicts AS (
    SELECT
        needs.*,
        charged.* EXCLUDE (provider, account_id, resource_id, currency),
        greatest(charged.iops_savings, charged.throughput_savings)
        + CASE WHEN needs.provider = 'AWS' THEN least(charged.iops_savings, charged.throughput_savings) ELSE 0 END AS savings,
        CASE
            WHEN needs.is_inventoried_type AND NOT needs.is_in_inventory THEN 'gone'
            WHEN NOT needs.is_in_inventory THEN 'not_in_inventory'
            WHEN needs.volume_type IS NULL THEN 'unknown_configuration'
            WHEN NOT needs.is_provisioned_type OR needs.attached_to IS NULL THEN 'other'
            WHEN coalesce(charged.performance_cost, 0) < $minimum_monthly_savings THEN 'small'
            WHEN needs.least_iops > 0 AND needs.provisioned_iops IS NULL THEN 'unknown_configuration'
            WHEN needs.least_mibps > 0 AND needs.provisioned_mibps IS NULL THEN 'unknown_configuration'
            WHEN needs.hours_observed = 0 THEN 'no_metric'
            WHEN savings < $minimum_monthly_savings THEN 'busy'
            WHEN needs.age_days < $look_back_days THEN 'too_young'
            WHEN needs.hours_observed * 100 < 24 * $look_back_days * $minimum_coverage_percent THEN 'gaps'
            ELSE 'finding'
        END AS verdict
    FROM needs
    LEFT JOIN charged
        ON
            needs.provider = charged.provider
            AND needs.account_id = charged.account_id
            AND needs.resource_id = charged.resource_id
            AND needs.currency = charged.currency
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    'medium' AS confidence,
    'Twice the load of the busiest hours fits; peaks of minutes within an hour are not seen' AS confidence_reason,
    CASE
        WHEN verdicts.verdict = 'finding'
            THEN 1 - CAST(CAST(verdicts.savings AS DOUBLE) / CAST(verdicts.monthly_cost AS DOUBLE) AS DECIMAL(18, 12))
    END AS remaining_cost_share,
    CASE
        WHEN verdicts.volume_type = 'gp3'
            THEN concat('Iops: ', CAST(verdicts.target_iops AS INTEGER), ', Throughput: ', CAST(verdicts.target_mibps AS INTEGER))
        WHEN verdicts.provider = 'AWS' THEN concat('Iops: ', CAST(verdicts.target_iops AS INTEGER))
        WHEN verdicts.iops_savings >= verdicts.throughput_savings THEN concat('provisioned-iops=', CAST(verdicts.target_iops AS INTEGER))
        ELSE concat('provisioned-throughput=', CAST(verdicts.target_mibps AS INTEGER))
    END AS target,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': 24 * CAST($look_back_days AS INTEGER),
        'hours_observed': verdicts.hours_observed,
        'iops_percentile': verdicts.iops,
        'mibps_percentile': verdicts.mibps,
        'peak_factor': CAST($peak_factor AS DOUBLE),
        'provisioned_iops': verdicts.provisioned_iops,
        'provisioned_mibps': verdicts.provisioned_mibps,
        'target_iops': verdicts.target_iops,
        'target_mibps': verdicts.target_mibps,
        'volume_type': verdicts.volume_type,
        'performance_cost': verdicts.performance_cost,
        'iops_savings': verdicts.iops_savings,
        'throughput_savings': verdicts.throughput_savings
    } AS evidence
FROM verdicts
