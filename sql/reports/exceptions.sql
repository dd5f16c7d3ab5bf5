-- Resources that an exception hides from one rule or more; one row each, with the largest saving hidden, so that amounts add up; null where
-- no rule knows what is hidden.
SELECT
    currency,
    provider,
    account_id,
    resource_id,
    max(resource_name) AS resource_name,
    max(service) AS service,
    max(monthly_cost) AS monthly_cost,
    max(excepted_savings) AS hidden_savings,
    list_sort(list(DISTINCT rule_id)) AS rules,
    string_agg(DISTINCT reason, '; ' ORDER BY reason) AS reason
FROM results.evaluations
WHERE
    as_of = $as_of
    AND outcome = 'excepted'
GROUP BY currency, provider, account_id, resource_id
ORDER BY currency ASC, monthly_cost DESC, provider ASC, account_id ASC, resource_id ASC
