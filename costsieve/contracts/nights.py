"""The nights themselves: which ran, how their sources were read, and what they knew. No costs are here."""

from costsieve.contracts.table import Column, Table

NIGHTS = Table(
    "meta",
    "nights",
    "Every night that published.",
    "night",
    (
        Column("as_of", "DATE", "The night; everything it knows lies before this day", nullable=False),
        Column("published_at", "TIMESTAMP", "When its results became readable, UTC", nullable=False),
        Column("costsieve_version", "VARCHAR", "Version of the software", nullable=False),
        Column("loads_changed", "BIGINT", "Units of loading that were new or restated", "loads", nullable=False),
        Column("checks_passed", "BIGINT", "Quality checks that passed", "checks", nullable=False),
        Column("checks_warned", "BIGINT", "Quality checks that warned", "checks", nullable=False),
    ),
    key=("as_of",),
)

SOURCE_READS = Table(
    "meta",
    "source_reads",
    "How the reading of every configured source ended, night by night. What it delivered is in meta.loads.",
    "night and source",
    (
        Column("as_of", "DATE", "The night", nullable=False),
        Column("source", "VARCHAR", "Name of the source in costsieve.yaml", nullable=False),
        Column(
            "source_type", "VARCHAR", "Folder of its files in the lake; the kind of source where it could not be reached", nullable=False
        ),
        Column(
            "outcome",
            "VARCHAR",
            "read, failed (the night went on with what was landed before) or quarantined (all or part of it is held by the configuration)",
            nullable=False,
            allowed=("read", "failed", "quarantined"),
        ),
        Column("message", "VARCHAR", "Why it could not be read, what is held and why, or which months it delivers no more; else null"),
        Column("latest_period", "VARCHAR", "Newest period that the tables are made of; null where there is none"),
    ),
    key=("as_of", "source"),
)

QUARANTINES = Table(
    "meta",
    "quarantines",
    "What `quarantine` in costsieve.yaml meant for each night: a held period keeps the version of the last published night.",
    "night and entry of the configuration",
    (
        Column("as_of", "DATE", "The night", nullable=False),
        Column("source", "VARCHAR", "Name of the source", nullable=False),
        Column("period", "VARCHAR", "Period that is held; null where the whole source is"),
        Column("reason", "VARCHAR", "As given in the configuration", nullable=False),
        Column("until", "DATE", "Last night on which it holds; null where it has no end"),
        Column(
            "state",
            "VARCHAR",
            "held (at the published version), left_out (no version was ever published) or expired",
            nullable=False,
            allowed=("held", "left_out", "expired"),
        ),
    ),
    key=("as_of", "source", "period"),
)

KNOWN_PERIODS = Table(
    "meta",
    "known_periods",
    "Which roll-up of each bill period the nights knew; core.known_costs has its costs. A period without an open row is not read any more.",
    "source, period and span of nights that knew the same",
    (
        Column("source", "VARCHAR", "Name of the source", nullable=False),
        Column("period", "VARCHAR", "Period of the load", nullable=False),
        Column("version", "VARCHAR", "Version that was rolled up", nullable=False),
        Column("definition", "VARCHAR", "How it was rolled up, as in meta.roll_ups", nullable=False),
        Column("known_from", "DATE", "First night that knew it", nullable=False),
        Column("known_until", "DATE", "First night that knew otherwise; null = still known"),
    ),
    key=("source", "period", "known_from"),
)

KNOWN_NIGHTS = Table(
    "meta",
    "known_nights",
    "Every night that core.known_costs remembers. Nothing is known of what other nights knew.",
    "night",
    (
        Column("as_of", "DATE", "The night", nullable=False),
        Column(
            "compared_periods",
            "BIGINT",
            "Bill periods that had been rolled up anew or withdrawn since the night before",
            "periods",
            nullable=False,
        ),
        Column("opened_rows", "BIGINT", "Rows of core.known_costs that begin with this night", "rows", nullable=False),
        Column("closed_rows", "BIGINT", "Rows of core.known_costs that end with this night", "rows", nullable=False),
    ),
    key=("as_of",),
)

TABLES = (NIGHTS, SOURCE_READS, QUARANTINES, KNOWN_PERIODS, KNOWN_NIGHTS)
