-- Currencies in which the findings of the night before plus all changes are not the findings of the night $as_of, to the cent.
WITH nights AS (
    SELECT max(night.as_of) AS previous_night
    FROM meta.nights AS night
    WHERE night.as_of < $as_of
),

amounts AS (
    SELECT
        finding.currency,
        finding.monthly_savings AS savings_before,
        0 AS difference,
        0 AS savings_now
    FROM results.findings AS finding
    INNER JOIN nights ON finding.as_of = nights.previous_night
    UNION ALL
    SELECT
        change.currency,
        0 AS savings_before,
        change.difference,
        0 AS savings_now
    FROM results.finding_changes AS change
    WHERE change.as_of = $as_of
    UNION ALL
    SELECT
        finding.currency,
        0 AS savings_before,
        0 AS difference,
        finding.monthly_savings AS savings_now
    FROM results.findings AS finding
    INNER JOIN nights ON nights.previous_night IS NOT NULL
    WHERE finding.as_of = $as_of
)

SELECT
    amounts.currency,
    coalesce(sum(amounts.savings_before), 0) AS savings_before,
    coalesce(sum(amounts.difference), 0) AS difference,
    coalesce(sum(amounts.savings_now), 0) AS savings_now
FROM amounts
GROUP BY amounts.currency
HAVING coalesce(sum(amounts.savings_before), 0) + coalesce(sum(amounts.difference), 0) <> coalesce(sum(amounts.savings_now), 0)
ORDER BY amounts.currency
