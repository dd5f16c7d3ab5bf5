-- Accounts and services whose usage lacks a value of one dimension, the largest first.
SELECT
    currency,
    provider,
    coalesce(account_name, account_id, 'no account') AS account,
    service,
    usage_cost,
    untagged_cost
FROM results.tag_coverage
WHERE
    as_of = $as_of
    AND dimension = $dimension
    AND untagged_cost <> 0
ORDER BY currency ASC, untagged_cost DESC, provider ASC, account ASC, service ASC
