-- Accounts and services whose usage carries no value of one dimension, in the last published night; shares are of the account's service.
SELECT
    provider,
    account_id,
    account_name,
    service,
    currency,
    untagged_cost,
    usage_cost,
    round(100 * CAST(untagged_cost AS DOUBLE) / nullif(CAST(usage_cost AS DOUBLE), 0), 1) AS untagged_percent
FROM results.tag_coverage
WHERE
    as_of = (SELECT max(latest.as_of) FROM results.tag_coverage AS latest)
    AND dimension = $dimension
    AND untagged_cost <> 0
ORDER BY currency ASC, untagged_cost DESC, provider ASC, account_id ASC, service ASC
