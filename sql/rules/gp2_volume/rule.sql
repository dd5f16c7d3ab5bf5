-- Volumes of type gp2 that cost less as gp3 with the IOPS and throughput that they need.
WITH volumes AS (
    SELECT
        resource.*,
        -- gp2 gives 3 IOPS per GiB, at least 100 and, in bursts, 3,000; from 334 GiB on 250 MiB/s, which smaller ones reach in bursts.
        least(greatest(3 * resource.size_gib, 3000), 16000) AS gp2_iops,
        CASE WHEN resource.size_gib > 170 THEN 250 ELSE 125 END AS gp2_mibps
    FROM usage.resources AS resource
    WHERE resource.provider = 'AWS' AND resource.resource_type = 'block_volume'
),

activity AS (
    SELECT
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
            AND volume.volume_type = 'gp2'
    WHERE
        hour.metric IN ('disk_operations', 'disk_bytes')
        AND hour.observed_at >= CAST($as_of AS TIMESTAMP) - to_days(CAST($look_back_days AS INTEGER))
        AND hour.observed_at < CAST($as_of AS TIMESTAMP)
    GROUP BY hour.account_id, hour.resource_id
),

prices AS (
    SELECT
        price.region,
        price.currency,
        min(CASE WHEN price.usage_type = 'EBS:VolumeUsage.gp2' THEN price.price END) AS gp2_price,
        max(CASE WHEN price.usage_type = 'EBS:VolumeUsage.gp3' THEN price.price END) AS gp3_price,
        max(CASE WHEN price.usage_type = 'EBS:VolumeP-IOPS.gp3' THEN price.price END) AS iops_price,
        max(CASE WHEN price.usage_type = 'EBS:VolumeP-Throughput.gp3' AND price.unit ILIKE 'GiBps%' THEN price.price / 1024 END)
            AS mibps_price
    FROM usage.unit_prices AS price
    WHERE price.provider = 'AWS' AND price.usage_type LIKE 'EBS:Volume%'
    GROUP BY price.region, price.currency
),

charges AS (
    SELECT
        charge.account_id,
        charge.resource_id,
        charge.currency,
        sum(charge.monthly_cost) AS storage_cost
    FROM usage.resource_charges AS charge
    WHERE charge.provider = 'AWS' AND charge.usage_type = 'EBS:VolumeUsage.gp2'
    GROUP BY charge.account_id, charge.resource_id, charge.currency
),

needs AS (
    SELECT
        volume.*,
        coalesce(activity.hours_observed, 0) AS hours_observed,
        activity.hours_observed * 100 >= 24 * $look_back_days * $minimum_coverage_percent AS is_measured,
        activity.iops,
        activity.mibps,
        -- What was measured, with room for peaks within the hour; all that gp2 gives where it was not.
        CASE WHEN is_measured THEN least(volume.gp2_iops, activity.iops * $peak_factor) ELSE volume.gp2_iops END AS iops_needed,
        CASE WHEN is_measured THEN least(volume.gp2_mibps, activity.mibps * $peak_factor) ELSE volume.gp2_mibps END AS mibps_needed,
        CAST(greatest(3000, ceil(iops_needed / 100) * 100) AS INTEGER) AS target_iops,
        CAST(greatest(125, ceil(mibps_needed)) AS INTEGER) AS target_mibps
    FROM volumes AS volume
    LEFT JOIN activity ON volume.account_id = activity.account_id AND volume.resource_id = activity.resource_id
),

priced AS (
    SELECT
        needs.*,
        charges.storage_cost,
        prices.gp2_price,
        prices.gp3_price,
        prices.iops_price,
        prices.mibps_price,
        CASE WHEN needs.target_iops > 3000 THEN (needs.target_iops - 3000) * CAST(prices.iops_price AS DOUBLE) ELSE 0 END
        + CASE WHEN needs.target_mibps > 125 THEN (needs.target_mibps - 125) * CAST(prices.mibps_price AS DOUBLE) ELSE 0 END
            AS extra_price,
        charges.storage_cost
        * CAST((CAST(prices.gp3_price AS DOUBLE) + extra_price / needs.size_gib) / CAST(prices.gp2_price AS DOUBLE) AS DECIMAL(18, 12))
            AS target_cost
    FROM needs
    LEFT JOIN charges
        ON
            needs.account_id = charges.account_id
            AND needs.resource_id = charges.resource_id
            AND needs.currency = charges.currency
    LEFT JOIN prices ON needs.region = prices.region AND needs.currency = prices.currency
),

verdicts AS (
    SELECT
        priced.*,
        CASE
            WHEN priced.is_inventoried_type AND NOT priced.is_in_inventory THEN 'gone'
            WHEN NOT priced.is_in_inventory THEN 'not_in_inventory'
            WHEN priced.volume_type <> 'gp2' THEN 'other'
            WHEN priced.volume_type IS NULL OR priced.size_gib IS NULL THEN 'unknown_configuration'
            WHEN priced.currency IS NULL THEN 'uncharged'
            WHEN priced.target_cost IS NULL THEN 'no_price'
            WHEN priced.storage_cost - priced.target_cost < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM priced
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    'high' AS confidence,
    CASE
        WHEN verdicts.is_measured THEN 'gp3 gives at least what was measured, with room for peaks, and the change needs no downtime'
        ELSE 'gp3 is priced with all the performance that gp2 gives, and the change needs no downtime'
    END AS confidence_reason,
    CASE
        WHEN verdicts.verdict = 'finding'
            THEN
                1 - CAST(
                    CAST(verdicts.storage_cost - verdicts.target_cost AS DOUBLE) / CAST(verdicts.monthly_cost AS DOUBLE) AS DECIMAL(18, 12)
                )
    END AS remaining_cost_share,
    concat('Iops: ', verdicts.target_iops, ', Throughput: ', verdicts.target_mibps) AS target,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': 24 * CAST($look_back_days AS INTEGER),
        'hours_observed': verdicts.hours_observed,
        'is_measured': verdicts.is_measured IS TRUE,
        'iops_percentile': verdicts.iops,
        'mibps_percentile': verdicts.mibps,
        'peak_factor': CAST($peak_factor AS DOUBLE),
        'gp2_iops': verdicts.gp2_iops,
        'gp2_mibps': verdicts.gp2_mibps,
        'target_iops': verdicts.target_iops,
        'target_mibps': verdicts.target_mibps,
        'size_gib': verdicts.size_gib,
        'storage_cost': verdicts.storage_cost,
        'storage_cost_on_target': verdicts.target_cost,
        'gp2_price': verdicts.gp2_price,
        'gp3_price': verdicts.gp3_price,
        'iops_price': verdicts.iops_price,
        'mibps_price': verdicts.mibps_price,
        'price_source': 'bill of the last 90 days before ' || CAST(CAST($as_of AS DATE) AS VARCHAR)
    } AS evidence
FROM verdicts
