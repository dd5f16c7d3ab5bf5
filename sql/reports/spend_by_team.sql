-- Usage spend by team and project; null means that the charge carries no such tag.
SELECT
    BillingCurrency AS currency,
    x_team AS team,
    x_project AS project,
    sum(x_net_effective_cost) AS cost
FROM core.daily_cost
WHERE
    x_pool = 'usage'
    AND usage_date >= $window_start
    AND usage_date < $window_end
GROUP BY BillingCurrency, x_team, x_project
ORDER BY currency, team NULLS LAST, project NULLS LAST
