-- Charges of bills that were not delivered as FOCUS, and which of them are about a commitment.
SELECT
    *, -- noqa: AM04
    x_pool = 'commitment_purchase' OR x_pool = 'unused_commitment' AS is_commitment_fee,
    -- An id on on-demand usage names what might have covered it, not what did.
    x_pool <> 'usage' OR CommitmentDiscountStatus IS NOT NULL AS has_commitment
FROM core.charges
WHERE NOT EXISTS (
    SELECT 1 FROM meta.loads
    WHERE
        loads.is_current AND loads.source_type = 'focus'
        AND loads.source = charges.x_source AND loads.period = charges.x_period
)
