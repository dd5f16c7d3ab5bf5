-- Groups that keep machines running of which none does anything. What the machines cost stands on the machines.
WITH activity AS (
    SELECT
        day.provider,
        day.account_id,
        day.resource_id,
        max(day.maximum) FILTER (WHERE day.metric = 'cpu_percent') AS cpu_percent_max,
        sum(day.hours_observed) FILTER (WHERE day.metric = 'cpu_percent') AS cpu_hours,
        max(day.total) FILTER (WHERE day.metric = 'network_bytes') / 1e6 AS network_megabytes_per_day_max,
        sum(day.hours_observed) FILTER (WHERE day.metric = 'network_bytes') AS network_hours
    FROM usage.resource_day AS day
    WHERE
        day.metric IN ('cpu_percent', 'network_bytes')
        AND day.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND day.usage_date < CAST($as_of AS DATE)
    GROUP BY day.provider, day.account_id, day.resource_id
),

members AS (
    SELECT
        machine.*,
        activity.cpu_percent_max,
        activity.network_megabytes_per_day_max,
        least(coalesce(activity.cpu_hours, 0), coalesce(activity.network_hours, 0)) AS hours_observed
    FROM usage.machines AS machine
    LEFT JOIN activity
        ON
            machine.provider = activity.provider
            AND machine.account_id = activity.account_id
            AND machine.resource_id = activity.resource_id
    WHERE machine.auto_scaling_group IS NOT NULL AND machine.is_in_inventory AND machine.state = 'running'
),

member_groups AS (
    -- Members name their group by its name (AWS) or by the end of its path (GCP), which is one within account and region.
    SELECT
        member.provider,
        member.account_id,
        member.region,
        regexp_extract(member.auto_scaling_group, '[^/]+$', 0) AS group_name,
        count(DISTINCT member.resource_id) AS members,
        bool_or(member.has_gpu) AS has_gpu,
        max(member.cpu_percent_max) AS cpu_percent_max,
        max(member.network_megabytes_per_day_max) AS network_megabytes_per_day_max,
        min(member.hours_observed) AS hours_observed_of_least,
        max(member.alive_since) AS newest_member_since,
        sum(member.monthly_cost) AS members_monthly_cost
    FROM members AS member
    GROUP BY member.provider, member.account_id, member.region, group_name
),

measured AS (
    SELECT
        resource.*,
        TRY_CAST(resource.attributes['minimum_capacity'] AS INTEGER) AS minimum_capacity,
        member_groups.* EXCLUDE (provider, account_id, region, group_name),
        24 * CAST($look_back_days AS INTEGER) AS hours_expected,
        date_diff('day', member_groups.newest_member_since, CAST($as_of AS DATE)) AS newest_member_age_days
    FROM usage.resources AS resource
    LEFT JOIN member_groups
        ON
            resource.provider = member_groups.provider
            AND resource.account_id = member_groups.account_id
            AND resource.region = member_groups.region
            AND resource.resource_name = member_groups.group_name
    WHERE resource.resource_type = 'auto_scaling_group'
),

verdicts AS (
    SELECT
        measured.*,
        CASE
            WHEN measured.is_inventoried_type AND NOT measured.is_in_inventory THEN 'gone'
            WHEN coalesce(measured.members, 0) = 0 THEN 'empty'
            WHEN measured.cpu_percent_max >= $cpu_percent THEN 'busy'
            WHEN measured.network_megabytes_per_day_max >= $network_megabytes_per_day THEN 'busy'
            -- A CPU can idle while its GPU works.
            WHEN measured.has_gpu THEN 'other'
            WHEN measured.minimum_capacity = 0 THEN 'scales_in'
            WHEN measured.minimum_capacity IS NULL THEN 'unknown_configuration'
            WHEN measured.hours_observed_of_least = 0 THEN 'no_metric'
            -- What a member did that was replaced lately is not known.
            WHEN measured.newest_member_age_days < $look_back_days THEN 'too_young'
            WHEN measured.hours_observed_of_least * 100 < measured.hours_expected * $minimum_coverage_percent THEN 'gaps'
            WHEN measured.members_monthly_cost < $minimum_monthly_cost THEN 'small'
            ELSE 'finding'
        END AS verdict
    FROM measured
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    'high' AS confidence,
    'CPU and network of every member were idle in all observed hours' AS confidence_reason,
    -- The group itself costs nothing. The savings are those of the findings on its members, and are counted there, once.
    CAST(NULL AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'members': verdicts.members,
        'minimum_capacity': verdicts.minimum_capacity,
        'members_monthly_cost': verdicts.members_monthly_cost,
        'hours_expected_of_each': verdicts.hours_expected,
        'hours_observed_of_least': verdicts.hours_observed_of_least,
        'cpu_percent_max': verdicts.cpu_percent_max,
        'cpu_percent_threshold': CAST($cpu_percent AS DOUBLE),
        'network_megabytes_per_day_max': verdicts.network_megabytes_per_day_max,
        'network_megabytes_per_day_threshold': CAST($network_megabytes_per_day AS DOUBLE),
        'newest_member_age_days': verdicts.newest_member_age_days
    } AS evidence
FROM verdicts
