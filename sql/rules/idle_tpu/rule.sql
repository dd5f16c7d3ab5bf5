-- TPU slices that are ready although none of their cores worked for a week.
WITH slices AS (
    SELECT
        resource.*,
        replace(lower(resource.state), '_', '') AS plain_state,
        date_diff('day', least(CAST(resource.created_at AS DATE), resource.first_charged_on), CAST($as_of AS DATE)) AS age_days
    FROM usage.resources AS resource
    WHERE resource.resource_type = 'tpu'
),

activity AS (
    SELECT
        observed.provider,
        observed.account_id,
        observed.resource_id,
        max(observed.maximum) FILTER (WHERE observed.metric = 'gpu_percent') AS tpu_percent_max,
        sum(observed.hours_observed) FILTER (WHERE observed.metric = 'gpu_percent') AS tpu_hours,
        max(observed.maximum) FILTER (WHERE observed.metric = 'cpu_percent') AS cpu_percent_max
    FROM usage.resource_day AS observed
    WHERE
        observed.metric IN ('gpu_percent', 'cpu_percent')
        AND observed.usage_date >= CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER)
        AND observed.usage_date < CAST($as_of AS DATE)
    GROUP BY observed.provider, observed.account_id, observed.resource_id
),

measured AS (
    SELECT
        slice.*,
        activity.tpu_percent_max,
        activity.cpu_percent_max,
        coalesce(activity.tpu_hours, 0) AS tpu_hours,
        24 * CAST($look_back_days AS INTEGER) AS hours_expected
    FROM slices AS slice
    LEFT JOIN activity
        ON
            slice.provider = activity.provider
            AND slice.account_id = activity.account_id
            AND slice.resource_id = activity.resource_id
),

verdicts AS (
    SELECT
        measured.*,
        CASE
            WHEN measured.is_inventoried_type AND NOT measured.is_in_inventory THEN 'gone'
            WHEN measured.plain_state NOT IN ('ready', 'running', 'active') THEN 'stopped'
            WHEN measured.tpu_percent_max >= $tpu_percent THEN 'busy'
            WHEN measured.tpu_hours = 0 THEN 'no_metric'
            WHEN measured.age_days < $look_back_days THEN 'too_young'
            WHEN measured.tpu_hours * 100 < measured.hours_expected * $minimum_coverage_percent THEN 'gaps'
            WHEN measured.currency IS NOT NULL AND measured.monthly_cost < $minimum_monthly_savings THEN 'small'
            WHEN measured.cpu_percent_max < $quiet_cpu_percent THEN 'idle'
            ELSE 'idle_by_tpu'
        END AS verdict
    FROM measured
)

SELECT
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.currency,
    CASE WHEN verdicts.verdict IN ('idle', 'idle_by_tpu') THEN 'finding' ELSE verdicts.verdict END AS verdict,
    CASE WHEN verdicts.verdict = 'idle' THEN 'high' ELSE 'medium' END AS confidence,
    CASE
        WHEN verdicts.verdict = 'idle' THEN 'No TPU core worked and the CPUs beside them were quiet'
        ELSE 'No TPU core worked, but the CPUs beside them were not seen to be quiet'
    END AS confidence_reason,
    CAST(0 AS DECIMAL(18, 12)) AS remaining_cost_share,
    {
        'window_start': CAST($as_of AS DATE) - CAST($look_back_days AS INTEGER),
        'window_end': CAST($as_of AS DATE),
        'hours_expected': verdicts.hours_expected,
        'tpu_hours_observed': verdicts.tpu_hours,
        'tpu_percent_max': verdicts.tpu_percent_max,
        'tpu_percent_threshold': CAST($tpu_percent AS DOUBLE),
        'cpu_percent_max': verdicts.cpu_percent_max,
        'cpu_percent_threshold': CAST($quiet_cpu_percent AS DOUBLE),
        'accelerator_type': verdicts.attributes['accelerator_type'],
        'age_days': verdicts.age_days,
        'state': verdicts.state
    } AS evidence
FROM verdicts
