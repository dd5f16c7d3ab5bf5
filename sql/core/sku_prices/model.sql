-- What each GCP SKU costs, per tier of monthly usage: at list price, and at the price of the billing account's contract.
-- Where list and contract have tiers of their own, a tier begins wherever either does.
WITH ranked AS (
    SELECT
        *,
        -- Two exports on one day, or two sources of one billing account, repeat every price.
        row_number() OVER (
            PARTITION BY billing_account_id, sku_id, currency, price_kind, tier_start
            ORDER BY exported_at DESC, x_source ASC, unit_price ASC
        ) AS age_rank
    FROM raw.gcp_prices
),

rates AS (
    SELECT
        *,
        lead(tier_start) OVER (PARTITION BY billing_account_id, sku_id, currency, price_kind ORDER BY tier_start) AS tier_end
    FROM ranked
    WHERE age_rank = 1
),

tiers AS (
    SELECT
        billing_account_id,
        sku_id,
        currency,
        tier_start
    FROM rates
    GROUP BY billing_account_id, sku_id, currency, tier_start
)

SELECT
    'GCP' AS provider,
    tiers.billing_account_id,
    coalesce(list_rates.service, account_rates.service) AS service,
    tiers.sku_id,
    coalesce(list_rates.sku_description, account_rates.sku_description) AS sku_description,
    coalesce(list_rates.pricing_unit, account_rates.pricing_unit) AS pricing_unit,
    tiers.tier_start,
    list_rates.unit_price AS list_price,
    account_rates.unit_price AS contract_price,
    tiers.currency,
    coalesce(list_rates.regions, account_rates.regions) AS regions,
    coalesce(list_rates.priced_at, account_rates.priced_at) AS priced_at
FROM tiers
LEFT JOIN rates AS list_rates
    ON
        tiers.billing_account_id = list_rates.billing_account_id
        AND tiers.sku_id = list_rates.sku_id
        AND tiers.currency = list_rates.currency
        AND list_rates.price_kind = 'list'
        AND tiers.tier_start >= list_rates.tier_start
        AND (list_rates.tier_end IS NULL OR tiers.tier_start < list_rates.tier_end)
LEFT JOIN rates AS account_rates
    ON
        tiers.billing_account_id = account_rates.billing_account_id
        AND tiers.sku_id = account_rates.sku_id
        AND tiers.currency = account_rates.currency
        AND account_rates.price_kind = 'contract'
        AND tiers.tier_start >= account_rates.tier_start
        AND (account_rates.tier_end IS NULL OR tiers.tier_start < account_rates.tier_end)
