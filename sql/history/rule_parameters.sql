-- The rows registered as `incoming_parameters`, for the night $as_of.
SELECT
    CAST($as_of AS DATE) AS as_of,
    incoming.rule_id,
    incoming.provider,
    incoming.account_id,
    incoming.resource_id,
    map(incoming.names, incoming.contents) AS parameters,
    incoming.definition
FROM incoming_parameters AS incoming
