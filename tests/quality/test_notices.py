"""What is said before any figure."""

from datetime import date

from costsieve.quality.notices import blocking_checks, failed_sources, quarantined, warnings
from costsieve.warehouse import Connection
from tests.quality.conftest import insert

AS_OF = date(2026, 10, 1)


def test_a_source_that_failed_is_told_with_its_error_its_first_night_and_what_is_known_of_it(connection: Connection) -> None:
    failed = {"source": "org-bill", "outcome": "failed", "message": "access denied.", "latest_period": "2026-09"}
    nights = [{**failed, "as_of": date(2026, 9, 30)}, {**failed, "as_of": AS_OF}]
    insert(connection, "meta.source_reads", nights)

    (told,) = failed_sources(connection, AS_OF)

    assert told.sentence == "org-bill could not be read since the night of 2026-09-30: access denied. Its data end with 2026-09."


def test_what_is_quarantined_is_told_with_its_reason_its_end_and_what_is_used_instead(connection: Connection) -> None:
    held = {"source": "org-bill", "period": "2026-09", "state": "held", "reason": "half is missing", "until": date(2026, 10, 5)}
    left_out = {"source": "gcp-bill", "state": "left_out", "reason": "wrong account"}
    expired = {"source": "org-bill", "period": "2026-08", "state": "expired", "reason": "old"}
    insert(connection, "meta.quarantines", [{"as_of": AS_OF, **row} for row in (held, left_out, expired)])

    assert [told.sentence for told in quarantined(connection, AS_OF)] == [
        "gcp-bill as a whole is quarantined (wrong account): it is left out of every figure.",
        "org-bill, 2026-09, is quarantined until the night of 2026-10-05 (half is missing): its last published version is used.",
    ]


def test_only_critical_checks_that_failed_on_this_night_block(connection: Connection) -> None:
    seen = {"as_of": AS_OF, "table_name": "core.daily_cost", "title": "T", "observed": "2 offending rows", "is_passed": False}
    rows = [
        {**seen, "check_name": "a", "severity": "critical"},
        {**seen, "check_name": "b", "severity": "warning"},
        {**seen, "check_name": "c", "severity": "critical", "is_passed": True},
        {**seen, "check_name": "d", "severity": "critical", "as_of": date(2026, 9, 30)},
        {**seen, "check_name": "e", "severity": "critical", "table_name": "core.hourly_usage"},
    ]
    insert(connection, "quality.results", rows)

    assert [check.sentence for check in blocking_checks(connection, "core.daily_cost", AS_OF)] == ["a: 2 offending rows"]


def test_warnings_leave_out_what_is_told_in_words_of_its_own(connection: Connection) -> None:
    seen = {"as_of": AS_OF, "table_name": "meta.source_reads", "title": "T", "observed": "1 offending row", "severity": "warning"}
    names = ("sources_were_read", "nothing_is_quarantined", "deliveries_are_fresh")
    insert(connection, "quality.results", [{**seen, "check_name": name, "is_passed": False} for name in names])
    insert(connection, "quality.results", [{**seen, "check_name": "period_rows_are_kept", "is_passed": True}])

    assert [check.check_name for check in warnings(connection, AS_OF)] == ["deliveries_are_fresh"]
