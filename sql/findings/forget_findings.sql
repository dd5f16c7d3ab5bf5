-- Rows of the night $as_of that come from none of the rules $rule_ids.
DELETE FROM results.findings
WHERE as_of = $as_of AND NOT list_contains($rule_ids, rule_id)
