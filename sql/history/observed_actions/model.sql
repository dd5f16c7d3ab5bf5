-- What was done to resources with findings between the nights registered as `compared_nights`: deleted, changed, or charged no more.
WITH concerned AS (
    SELECT DISTINCT
        night.as_of,
        night.previous_night,
        finding.provider,
        finding.account_id,
        finding.resource_id
    FROM compared_nights AS night
    INNER JOIN results.findings AS finding ON night.previous_night = finding.as_of
),

inventories AS (
    SELECT
        state.as_of,
        state.provider,
        state.account_id,
        state.resource_type
    FROM results.resource_states AS state
    WHERE state.is_inventoried_type
    GROUP BY state.as_of, state.provider, state.account_id, state.resource_type
),

accounts AS (
    SELECT
        inventories.as_of,
        inventories.provider,
        inventories.account_id
    FROM inventories
    GROUP BY inventories.as_of, inventories.provider, inventories.account_id
),

states AS (
    SELECT
        concerned.*,
        before.is_in_inventory AS was_in_inventory,
        before.configuration AS configuration_before,
        coalesce(before.last_charged_on >= before.bill_end - 2, FALSE) AS was_charged,
        coalesce(now.is_in_inventory, FALSE) AS is_in_inventory,
        now.configuration,
        now.last_charged_on,
        -- A bill's last day may lack some services yet: two days without a charge tell more.
        now.resource_id IS NULL OR coalesce(now.last_charged_on < now.bill_end - 2, FALSE) AS is_charged_no_more,
        inventories.resource_type IS NOT NULL AS is_kind_listed,
        accounts.provider IS NOT NULL AS is_account_listed
    FROM concerned
    INNER JOIN results.resource_states AS before
        ON
            concerned.previous_night = before.as_of
            AND concerned.provider = before.provider
            AND concerned.account_id IS NOT DISTINCT FROM before.account_id
            AND concerned.resource_id = before.resource_id
    LEFT JOIN results.resource_states AS now
        ON
            concerned.as_of = now.as_of
            AND concerned.provider = now.provider
            AND concerned.account_id IS NOT DISTINCT FROM now.account_id
            AND concerned.resource_id = now.resource_id
    LEFT JOIN inventories
        ON
            concerned.as_of = inventories.as_of
            AND concerned.provider = inventories.provider
            AND concerned.account_id IS NOT DISTINCT FROM inventories.account_id
            AND before.resource_type = inventories.resource_type
    LEFT JOIN accounts
        ON
            concerned.as_of = accounts.as_of
            AND concerned.provider = accounts.provider
            AND concerned.account_id IS NOT DISTINCT FROM accounts.account_id
),

settings AS (
    SELECT
        states.as_of,
        states.provider,
        states.account_id,
        states.resource_id,
        states.configuration,
        unnest(map_keys(states.configuration_before)) AS name,
        unnest(map_values(states.configuration_before)) AS content_before
    FROM states
),

differences AS (
    SELECT
        settings.as_of,
        settings.provider,
        settings.account_id,
        settings.resource_id,
        string_agg(
            concat(replace(settings.name, '_', ' '), ': ', settings.content_before, ' → ', settings.configuration[settings.name]),
            '; ' ORDER BY settings.name
        ) AS detail
    FROM settings
    WHERE settings.configuration[settings.name] <> settings.content_before
    GROUP BY settings.as_of, settings.provider, settings.account_id, settings.resource_id
),

verdicts AS (
    SELECT
        states.as_of,
        states.previous_night,
        states.provider,
        states.account_id,
        states.resource_id,
        states.last_charged_on,
        differences.detail AS difference,
        CASE
            -- Where the last one of its kind goes, no inventory lists the kind any more: then the bill has to confirm it.
            WHEN
                NOT states.is_in_inventory
                AND (
                    states.is_kind_listed
                    OR (
                        states.was_in_inventory
                        AND states.is_charged_no_more
                        AND (states.is_account_listed OR states.was_charged)
                    )
                )
                THEN 'deleted'
            WHEN differences.detail IS NOT NULL THEN 'changed'
            WHEN NOT states.was_in_inventory AND NOT states.is_in_inventory AND states.was_charged AND states.is_charged_no_more
                THEN 'not_charged'
        END AS action
    FROM states
    LEFT JOIN differences
        ON
            states.as_of = differences.as_of
            AND states.provider = differences.provider
            AND states.account_id IS NOT DISTINCT FROM differences.account_id
            AND states.resource_id = differences.resource_id
)

SELECT
    verdicts.as_of,
    verdicts.previous_night,
    verdicts.provider,
    verdicts.account_id,
    verdicts.resource_id,
    verdicts.action,
    CASE verdicts.action
        WHEN 'deleted' THEN 'the inventory lists it no more'
        WHEN 'changed' THEN verdicts.difference
        ELSE concat('no charge since ', coalesce(CAST(verdicts.last_charged_on AS VARCHAR), '30 days'))
    END AS detail
FROM verdicts
WHERE verdicts.action IS NOT NULL
