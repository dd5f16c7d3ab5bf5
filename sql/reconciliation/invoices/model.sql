-- The invoices that the user gave, beside what the bills add up to: all delivered rows but those that another source delivers too.
WITH delivered AS (
    SELECT
        totals.source,
        totals.billing_account_id,
        totals.billing_month,
        totals.currency,
        totals.invoice_id,
        totals.billed_cost
    FROM meta.load_totals AS totals
    INNER JOIN meta.loads AS loads
        ON totals.source = loads.source AND totals.period = loads.period AND totals.version = loads.version
    LEFT JOIN meta.duplicate_charges AS left_out
        ON
            totals.source = left_out.source
            AND totals.period = left_out.period
            AND coalesce(totals.billing_account_id, '') = coalesce(left_out.billing_account_id, '')
            AND coalesce(totals.sub_account_id, '') = coalesce(left_out.sub_account_id, '')
            AND totals.billing_month = left_out.billing_month
            AND totals.currency = left_out.currency
    WHERE loads.is_current AND left_out.kept_source IS NULL
),

providers AS (
    SELECT DISTINCT
        charge_totals.source,
        charge_totals.billing_account_id,
        lower(charge_totals.provider) AS provider
    FROM meta.charge_totals
),

billed AS (
    SELECT
        invoices.file_line,
        sum(delivered.billed_cost) AS billed_cost
    FROM meta.invoices
    INNER JOIN delivered
        ON
            invoices.billing_account_id = delivered.billing_account_id
            AND invoices.billing_month = delivered.billing_month
            AND invoices.currency = delivered.currency
            AND coalesce(invoices.source, delivered.source) = delivered.source
            AND (invoices.invoice_id IS NULL OR invoices.invoice_id = delivered.invoice_id)
    LEFT JOIN providers
        ON
            delivered.source = providers.source
            AND delivered.billing_account_id = providers.billing_account_id
            AND lower(invoices.provider) = providers.provider
    WHERE invoices.provider IS NULL OR providers.provider IS NOT NULL
    GROUP BY invoices.file_line
)

SELECT
    invoices.file_line,
    invoices.source,
    invoices.provider,
    invoices.billing_account_id,
    invoices.billing_month,
    invoices.currency,
    invoices.invoice_id,
    invoices.amount AS invoice_cost,
    invoices.smallest_unit,
    billed.billed_cost,
    -- A bill that lies half-way between two amounts agrees with either: some round up, some to even.
    CASE
        WHEN 2 * abs(billed.billed_cost - invoices.amount) <= invoices.smallest_unit THEN 0
        ELSE billed.billed_cost - invoices.amount
    END AS difference
FROM meta.invoices
LEFT JOIN billed ON invoices.file_line = billed.file_line
ORDER BY invoices.file_line
