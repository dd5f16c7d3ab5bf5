"""What costsieve.yaml may say about checks, and what it is told when it is wrong."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costsieve.errors import ConfigurationError
from costsieve.gate_settings import Accepted
from costsieve.quality.configured_checks import ConfiguredCheck, configured_checks, require_known_checks
from costsieve.settings import Settings, load_settings
from costsieve.source_settings import AwsCurSource

AS_OF = date(2026, 10, 1)
BILL = AwsCurSource(name="org-bill", type="aws_cur", location="exports")


def check(settings: Settings, check_name: str, table_name: str = "core.daily_cost") -> ConfiguredCheck:
    return next(each for each in configured_checks(table_name, AS_OF, settings) if each.check.check_name == check_name)


def test_without_configuration_a_check_has_its_own_severity_and_thresholds() -> None:
    fresh = check(Settings(), "usage_is_fresh")

    assert (fresh.severity, fresh.parameters, fresh.accepted) == ("warning", {"as_of": AS_OF, "max_days": 3}, ())


def test_severity_and_thresholds_come_from_the_configuration() -> None:
    fresh = check(Settings(checks={"usage_is_fresh": {"severity": "critical", "max_days": 5}}), "usage_is_fresh")

    assert (fresh.severity, fresh.parameters["max_days"]) == ("critical", 5)


def test_a_check_that_is_switched_off_does_not_run(tmp_path: Path) -> None:
    """YAML 1.1 reads a bare `off` as false."""
    path = tmp_path / "costsieve.yaml"
    path.write_text("checks: {usage_is_fresh: {severity: off}}", encoding="utf-8")

    names = [each.check.check_name for each in configured_checks("core.daily_cost", AS_OF, load_settings(path))]

    assert "usage_is_fresh" not in names
    assert "usage_is_tagged" in names


def test_the_currency_of_the_report_is_given_to_the_checks_that_ask_for_it() -> None:
    assert check(Settings(currency="EUR"), "report_currency_is_billed").parameters["report_currency"] == "EUR"


def test_a_number_in_quotes_is_a_number() -> None:
    tagged = check(Settings(checks={"usage_is_tagged": {"min_share": "0.8"}}), "usage_is_tagged")

    assert tagged.parameters["min_share"] == Decimal("0.8")


@pytest.mark.parametrize(
    ("checks", "complaint"),
    [
        ({"usage_is_frsh": {}}, "checks.usage_is_frsh: there is no such check. Is it usage_is_fresh"),
        ({"zzz": {}}, "there is no such check. There are: "),
        (
            {"usage_is_fresh": {"days": 4}},
            "checks.usage_is_fresh.days: the check has no such parameter. It has: max_days",
        ),
        ({"usage_is_fresh": {"max_days": "four"}}, "checks.usage_is_fresh.max_days: 'four' is not a number (days)."),
        ({"usage_is_fresh": {"max_days": "NaN"}}, "checks.usage_is_fresh.max_days: 'NaN' is not a number (days)."),
        ({"usage_is_fresh": {"severity": "fatal"}}, "checks.usage_is_fresh.severity: fatal is none of critical, warning"),
    ],
)
def test_a_mistake_is_named(checks: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        require_known_checks(Settings(checks=checks))

    assert complaint in str(raised.value)


def accepting(check_name: str, period: str | None = None, until: date | None = None) -> Settings:
    accepted = Accepted(check=check_name, source="org-bill", reason="refunded", period=period, until=until)
    return Settings(sources=(BILL,), accepted=(accepted,))


def test_what_is_accepted_holds_until_its_last_night() -> None:
    on_its_last_night = accepting("period_total_is_not_halved", until=AS_OF)
    after_it = accepting("period_total_is_not_halved", until=date(2026, 9, 30))

    assert len(check(on_its_last_night, "period_total_is_not_halved", "meta.source_reads").accepted) == 1
    assert check(after_it, "period_total_is_not_halved", "meta.source_reads").accepted == ()


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (accepting("period_total"), "accepted: period_total: there is no such check. Is it period_total_is_kept"),
        (accepting("savings_do_not_exceed_cost"), "the rows of this check name no source, so they cannot be accepted by it."),
        (accepting("usage_is_fresh", period="2026-09"), "the rows of this check name no period, so they cannot be accepted by it."),
    ],
)
def test_what_cannot_be_accepted_is_refused(settings: Settings, complaint: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        require_known_checks(settings)

    assert complaint in str(raised.value)
