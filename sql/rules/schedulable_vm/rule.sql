-- Machines that run around the clock and idle in the same hours of every week, by the 168 hours of the week in the local time zone.
WITH touched AS (
    -- Where the offset is no whole hour, an hour of UTC lies in two local ones and counts for both.
    SELECT
        hours.observed_at,
        (hours.observed_at + to_minutes(minutes.minute)) AT TIME ZONE 'UTC' AT TIME ZONE $time_zone AS local_time
    FROM range($as_of - to_days(CAST($look_back_days AS INTEGER)), CAST($as_of AS TIMESTAMP), INTERVAL 1 HOUR) AS hours (observed_at)
    CROSS JOIN (VALUES (0), (59)) AS minutes (minute)
),

expected AS (
    -- In a week in which the clock changes, a local hour is missing or comes twice.
    SELECT
        touched.observed_at,
        24 * (isodow(touched.local_time) - 1) + date_part('hour', touched.local_time) AS slot,
        count(*) OVER (PARTITION BY slot) AS slot_hours,
        count(*) OVER () / (24 * $look_back_days) AS slots_per_hour
    FROM touched
    GROUP BY touched.observed_at, slot
),

machines AS MATERIALIZED (
    SELECT
        machine.*,
        row_number() OVER () AS machine_number
    FROM usage.machines AS machine
    WHERE NOT machine.has_gpu
),

activity AS (
    SELECT
        machine.machine_number,
        expected.slot,
        any_value(expected.slots_per_hour) AS slots_per_hour,
        count(*) FILTER (WHERE hour.metric = 'cpu_percent') AS cpu_hours,
        count(*) - cpu_hours AS network_hours,
        coalesce(
            max(hour.maximum) FILTER (WHERE hour.metric = 'cpu_percent') < $cpu_percent
            AND max(hour.total) FILTER (WHERE hour.metric = 'network_bytes') < $network_megabytes_per_hour * 1e6
            -- One hour may have been lost.
            AND least(cpu_hours, network_hours) >= any_value(expected.slot_hours) - 1,
            FALSE
        ) AS is_idle
    FROM machines AS machine
    INNER JOIN usage.resource_hour AS hour
        ON
            machine.provider = hour.provider
            AND machine.account_id = hour.account_id
            AND machine.resource_id = hour.resource_id
    INNER JOIN expected ON hour.observed_at = expected.observed_at
    WHERE hour.metric IN ('cpu_percent', 'network_bytes')
    GROUP BY machine.machine_number, expected.slot
),

weeks AS (
    SELECT
        activity.machine_number,
        CAST(sum(least(activity.cpu_hours, activity.network_hours) / activity.slots_per_hour) AS INTEGER) AS hours_observed,
        count(*) FILTER (WHERE activity.is_idle) AS idle_slots
    FROM activity
    GROUP BY activity.machine_number
),

slots AS (
    -- An idle hour belongs to the last busy one before it; those before the first busy one of the week go on from the week's end.
    SELECT
        weeks.machine_number,
        coalesce(activity.is_idle, FALSE) AS is_idle,
        coalesce(
            max(CASE WHEN NOT coalesce(activity.is_idle, FALSE) THEN slot.number END) OVER up_to_here,
            max(CASE WHEN NOT coalesce(activity.is_idle, FALSE) THEN slot.number END) OVER whole_week
        ) AS busy_slot
    FROM weeks
    CROSS JOIN range(168) AS slot (number)
    LEFT JOIN activity ON weeks.machine_number = activity.machine_number AND slot.number = activity.slot
    WHERE weeks.idle_slots BETWEEN $minimum_block_hours AND 167
    WINDOW
        whole_week AS (PARTITION BY weeks.machine_number),
        up_to_here AS (PARTITION BY weeks.machine_number ORDER BY slot.number)
),

blocks AS (
    -- The machine is started before its work begins.
    SELECT
        slots.machine_number,
        (slots.busy_slot + 1) % 168 AS stop_slot,
        count(*) - CAST($lead_hours AS INTEGER) AS off_hours,
        (stop_slot + off_hours) % 168 AS start_slot
    FROM slots
    WHERE slots.is_idle
    GROUP BY slots.machine_number, slots.busy_slot
    HAVING count(*) >= greatest($minimum_block_hours, $lead_hours + 1)
),

schedules AS (
    SELECT
        blocks.machine_number,
        sum(blocks.off_hours) AS off_hours,
        -- The first of January 2024 was a Monday.
        string_agg(
            concat(
                strftime(DATE '2024-01-01' + to_hours(CAST(blocks.stop_slot AS INTEGER)), '%a %H:%M-'),
                strftime(DATE '2024-01-01' + to_hours(CAST(blocks.start_slot AS INTEGER)), '%a %H:%M')
            ),
            ', ' ORDER BY blocks.stop_slot ASC
        ) AS schedule
    FROM blocks
    GROUP BY blocks.machine_number
),

measured AS (
    SELECT
        machine.*,
        coalesce(weeks.hours_observed, 0) AS hours_observed,
        weeks.idle_slots,
        coalesce(schedules.off_hours, 0) AS off_hours,
        schedules.schedule,
        24 * CAST($look_back_days AS INTEGER) AS hours_expected,
        date_diff('day', machine.alive_since, CAST($as_of AS DATE)) AS age_days,
        machine.monthly_instance_cost * coalesce(schedules.off_hours, 0) / 168 AS monthly_savings
    FROM machines AS machine
    LEFT JOIN weeks ON machine.machine_number = weeks.machine_number
    LEFT JOIN schedules ON machine.machine_number = schedules.machine_number
),

verdicts AS (
    SELECT
        measured.*,
        CASE
            WHEN measured.is_inventoried_type AND NOT measured.is_in_inventory THEN 'gone'
            WHEN measured.state <> 'running' THEN 'stopped'
            WHEN measured.is_spot THEN 'spot'
            WHEN measured.hours_observed = 0 THEN 'no_metric'
            WHEN measured.age_days < $look_back_days THEN 'too_young'
            -- What is off for a part of the time already has no points then, and no charges.
            WHEN measured.monthly_instance_hours * 100 < 720 * $minimum_coverage_percent THEN 'part_time'
            WHEN measured.hours_observed * 100 < measured.hours_expected * $minimum_coverage_percent THEN 'gaps'
            WHEN measured.idle_slots = 168 THEN 'idle'
            WHEN measured.off_hours < $minimum_weekly_hours THEN 'busy'
            WHEN measured.monthly_savings < $minimum_monthly_savings THEN 'small'
            ELSE 'finding'
        END AS verdict,
        coalesce(measured.auto_scaling_group, measured.cluster) IS NOT NULL AS is_member,
        measured.hours_observed >= measured.hours_expected AS is_complete
    FROM measured
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    verdicts.verdict,
    CASE
        WHEN verdicts.is_member OR verdicts.has_local_disks THEN 'low'
        WHEN verdicts.is_complete THEN 'high'
        ELSE 'medium'
    END AS confidence,
    CASE
        WHEN verdicts.is_member THEN 'The hours idled in every week, but the schedule must be set on the group or cluster of the machine'
        WHEN verdicts.has_local_disks THEN 'The hours idled in every week, but a stop destroys what is on its local disks'
        WHEN verdicts.is_complete THEN 'Every hour of the window was observed, and the hours idled in every week'
        ELSE 'The hours idled in every week that was observed'
    END AS confidence_reason,
    CASE
        WHEN verdicts.verdict = 'finding' THEN CAST(1 - verdicts.monthly_savings / nullif(verdicts.monthly_cost, 0) AS DECIMAL(18, 12))
    END AS remaining_cost_share,
    CASE WHEN verdicts.verdict = 'finding' THEN verdicts.schedule END AS target,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'time_zone': $time_zone,
        'hours_expected': verdicts.hours_expected,
        'hours_observed': verdicts.hours_observed,
        'cpu_percent_threshold': CAST($cpu_percent AS DOUBLE),
        'network_megabytes_per_hour_threshold': CAST($network_megabytes_per_hour AS DOUBLE),
        'idle_hours_of_168': verdicts.idle_slots,
        'off_hours_of_168': verdicts.off_hours,
        'schedule': verdicts.schedule,
        'monthly_instance_hours': verdicts.monthly_instance_hours,
        'monthly_instance_cost': verdicts.monthly_instance_cost,
        'instance_type': verdicts.instance_type,
        'auto_scaling_group': verdicts.auto_scaling_group
    } AS evidence
FROM verdicts
