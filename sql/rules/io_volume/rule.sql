-- Volumes of types io1 and io2 whose measured load gp3 carries for less.
WITH volumes AS (
    SELECT
        resource.*,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
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
            AND volume.volume_type IN ('io1', 'io2')
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
        min(CASE WHEN price.usage_type = 'EBS:VolumeUsage.piops' THEN price.price END) AS io1_price,
        min(CASE WHEN price.usage_type = 'EBS:VolumeUsage.io2' THEN price.price END) AS io2_price,
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
        sum(CASE WHEN charge.usage_type LIKE 'EBS:VolumeUsage.%' THEN charge.monthly_cost END) AS storage_cost,
        sum(charge.monthly_cost) AS volume_cost
    FROM usage.resource_charges AS charge
    WHERE charge.provider = 'AWS' AND regexp_matches(charge.usage_type, '^EBS:Volume(Usage|P-IOPS)\.(piops|io2)')
    GROUP BY charge.account_id, charge.resource_id, charge.currency
),

needs AS (
    SELECT
        volume.*,
        coalesce(activity.hours_observed, 0) AS hours_observed,
        activity.iops,
        activity.mibps,
        CAST(greatest(125, ceil(activity.mibps * $peak_factor)) AS INTEGER) AS target_mibps,
        -- gp3 takes at most 0.25 MiB/s for every IOPS.
        CAST(greatest(3000, ceil(activity.iops * $peak_factor / 100) * 100, 4 * target_mibps) AS INTEGER) AS target_iops
    FROM volumes AS volume
    LEFT JOIN activity ON volume.account_id = activity.account_id AND volume.resource_id = activity.resource_id
),

priced AS (
    SELECT
        needs.*,
        charges.volume_cost,
        CASE needs.volume_type WHEN 'io1' THEN prices.io1_price ELSE prices.io2_price END AS own_price,
        prices.gp3_price,
        prices.iops_price,
        prices.mibps_price,
        CASE WHEN needs.target_iops > 3000 THEN (needs.target_iops - 3000) * CAST(prices.iops_price AS DOUBLE) ELSE 0 END
        + CASE WHEN needs.target_mibps > 125 THEN (needs.target_mibps - 125) * CAST(prices.mibps_price AS DOUBLE) ELSE 0 END
            AS extra_price,
        charges.storage_cost
        * CAST((CAST(prices.gp3_price AS DOUBLE) + extra_price / needs.size_gib) / CAST(own_price AS DOUBLE) AS DECIMAL(18, 12))
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
            WHEN priced.volume_type NOT IN ('io1', 'io2') THEN 'other'
            WHEN priced.volume_type IS NULL OR priced.size_gib IS NULL THEN 'unknown_configuration'
            WHEN priced.attached_to IS NULL OR priced.size_gib > 16384 THEN 'other'
            WHEN priced.target_iops > least($maximum_iops, 500 * priced.size_gib) OR priced.target_mibps > $maximum_mibps THEN 'busy'
            WHEN priced.hours_observed = 0 THEN 'no_metric'
            WHEN priced.age_days < $look_back_days THEN 'too_young'
            WHEN priced.hours_observed * 100 < 24 * $look_back_days * $minimum_coverage_percent THEN 'gaps'
            WHEN priced.currency IS NULL THEN 'uncharged'
            WHEN priced.target_cost IS NULL THEN 'no_price'
            WHEN priced.volume_cost - priced.target_cost < $minimum_monthly_savings THEN 'small'
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
    'medium' AS confidence,
    'gp3 carries the measured load; the lower latency and higher durability of provisioned IOPS may be wanted' AS confidence_reason,
    CASE
        WHEN verdicts.verdict = 'finding'
            THEN
                1 - CAST(
                    CAST(verdicts.volume_cost - verdicts.target_cost AS DOUBLE) / CAST(verdicts.monthly_cost AS DOUBLE) AS DECIMAL(18, 12)
                )
    END AS remaining_cost_share,
    concat('Iops: ', verdicts.target_iops, ', Throughput: ', verdicts.target_mibps) AS target,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': 24 * CAST($look_back_days AS INTEGER),
        'hours_observed': verdicts.hours_observed,
        'iops_percentile': verdicts.iops,
        'mibps_percentile': verdicts.mibps,
        'peak_factor': CAST($peak_factor AS DOUBLE),
        'provisioned_iops': verdicts.attributes['provisioned_iops'],
        'target_iops': verdicts.target_iops,
        'target_mibps': verdicts.target_mibps,
        'volume_type': verdicts.volume_type,
        'size_gib': verdicts.size_gib,
        'volume_cost': verdicts.volume_cost,
        'volume_cost_on_target': verdicts.target_cost,
        'own_price': verdicts.own_price,
        'gp3_price': verdicts.gp3_price,
        'iops_price': verdicts.iops_price,
        'mibps_price': verdicts.mibps_price,
        'price_source': 'bill of the last 90 days before ' || CAST(CAST($as_of AS DATE) AS VARCHAR),
        'age_days': verdicts.age_days
    } AS evidence
FROM verdicts
