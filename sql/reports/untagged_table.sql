-- The night's tag coverage, for untagged.csv: rows without untagged usage are left out.
SELECT
    as_of,
    dimension,
    provider,
    account_id,
    account_name,
    service,
    currency,
    usage_cost,
    untagged_cost
FROM results.tag_coverage
WHERE
    as_of = $as_of
    AND untagged_cost <> 0
ORDER BY currency ASC, dimension ASC, untagged_cost DESC, provider ASC, account_id ASC, service ASC
