-- What core.charges adds up to, as meta.load_totals has it of the delivered files.
SELECT
    charges.x_source AS source,
    charges.x_period AS period,
    charges.ProviderName AS provider,
    charges.BillingAccountId AS billing_account_id,
    nullif(charges.SubAccountId, '') AS sub_account_id,
    strftime(charges.BillingPeriodStart, '%Y-%m') AS billing_month,
    charges.BillingCurrency AS currency,
    charges.x_charge_type AS charge_type,
    CAST(sum(charges.x_line_items) AS BIGINT) AS row_count,
    sum(charges.BilledCost) AS billed_cost
FROM core.charges AS charges
GROUP BY
    charges.x_source,
    charges.x_period,
    charges.ProviderName,
    charges.BillingAccountId,
    charges.SubAccountId,
    charges.BillingPeriodStart,
    charges.BillingCurrency,
    charges.x_charge_type
