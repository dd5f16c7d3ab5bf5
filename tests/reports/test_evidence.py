"""Evidence in JSON becomes facts with names in words and values with units."""

import pytest

from costsieve.reports.evidence import Fact, read_facts, read_sentences, words


@pytest.mark.parametrize(
    ("document", "name", "value"),
    [
        ('{"cpu_percent_max": 2.1}', "CPU maximum", "2.1 %"),
        ('{"cpu_percent_p99_5": 0.31}', "CPU 99.5th percentile", "0.31 %"),
        ('{"network_bytes_per_day": 3670016}', "Network", "3.5 MiB per day"),
        ('{"network_megabytes_per_day_threshold": 5.0}', "Network threshold", "5 MB per day"),
        ('{"cpu_hours_observed": 334}', "CPU observed", "334 hours"),
        ('{"coverage": 0.994}', "Coverage", "99.4 %"),
        ('{"hourly_rate": 0.768}', "Hourly rate", "$0.768 per hour"),
        ('{"monthly_instance_cost": 1234.5}', "Monthly instance cost", "$1,234.50"),
        ('{"is_memory_measured": false}', "Memory measured", "no"),
        ('{"last_activity_at": "2026-08-01T00:00:00"}', "Last activity at", "2026-08-01"),
        ('{"thresholds": {"cpu_percent": 5}}', "Thresholds, CPU", "5 %"),
        ('{"invocations": 0}', "Invocations", "0"),
        ('{"bill": {"billed_share_of_priced_storage": 0.9859}}', "Bill, billed share of priced storage", "98.59 %"),
    ],
)
def test_a_fact_is_named_in_words_and_carries_its_unit(document: str, name: str, value: str) -> None:
    assert read_facts(document, "USD") == (Fact(name, value),)


def test_an_unknown_value_is_left_out_rather_than_shown_as_zero() -> None:
    assert read_facts('{"memory_percent_max": null}', "USD") == ()


def test_text_that_is_no_json_is_shown_as_it_is() -> None:
    assert read_facts("not json", "USD") == (Fact("Evidence", "not json"),)


def test_assumptions_are_sentences() -> None:
    assert read_sentences('["One.", "Two."]') == ("One.", "Two.")


def test_rule_names_are_readable() -> None:
    assert words("idle_gpu_vm") == "Idle GPU VM"
