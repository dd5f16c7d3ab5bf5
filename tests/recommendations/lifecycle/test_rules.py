"""Lifecycle rules: what S3 accepts and hands back, and what is refused before it gets there."""

import shlex
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import boto3
import pytest

from costsieve.recommendations.lifecycle.cost_model import Transition
from costsieve.recommendations.lifecycle.rules import Rule, command, lifecycle_configuration

COLDER = (Transition("STANDARD_IA", 30), Transition("GLACIER_IR", 90))
RULES = [Rule("datasets/", 131072, COLDER), Rule("checkpoints/", 1048576, (Transition("GLACIER_IR", 15),))]


def without_size(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The emulator takes size filters and forgets them; the real client has checked their names and types before sending."""
    both = rule["Filter"].get("And")
    return {**rule, "Filter": {"And": {"Prefix": both["Prefix"]}} if both else rule["Filter"]}


def test_s3_accepts_the_configuration_and_reads_it_back_equal(moto_endpoint: str) -> None:
    configuration = lifecycle_configuration(RULES)
    s3 = boto3.client("s3", endpoint_url=moto_endpoint)
    s3.create_bucket(Bucket="ml-datasets")
    put: Any = s3.put_bucket_lifecycle_configuration
    put(Bucket="ml-datasets", LifecycleConfiguration=configuration)
    kept = s3.get_bucket_lifecycle_configuration(Bucket="ml-datasets")["Rules"]
    assert [without_size(rule) for rule in kept] == [without_size(rule) for rule in configuration["Rules"]]


def test_a_size_filter_is_strict_so_128_kib_is_one_byte_less() -> None:
    rules = lifecycle_configuration(RULES)["Rules"]
    assert rules[1]["Filter"] == {"And": {"Prefix": "datasets/", "ObjectSizeGreaterThan": 131071}}


def test_forgotten_uploads_end_after_a_week_in_the_whole_bucket() -> None:
    last = lifecycle_configuration(RULES)["Rules"][-1]
    assert (last["Filter"], last["AbortIncompleteMultipartUpload"]) == ({"Prefix": ""}, {"DaysAfterInitiation": 7})


def test_rule_ids_are_unique_and_short_enough() -> None:
    ids = [rule["ID"] for rule in lifecycle_configuration([*RULES, Rule("x" * 900 + "/", 0, COLDER)])["Rules"]]
    assert len(set(ids)) == len(ids)
    assert max(map(len, ids)) <= 255


def test_no_prefix_contains_another() -> None:
    prefixes = [rule["Filter"]["And"]["Prefix"] for rule in lifecycle_configuration(RULES)["Rules"][:-1]]
    assert not any(longer.startswith(shorter) for shorter, longer in pairwise(sorted(prefixes)))


def test_overlapping_prefixes_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        lifecycle_configuration([Rule("logs/", 0, COLDER), Rule("logs/old/", 0, COLDER)])


def test_a_prefix_that_would_match_other_folders_is_refused() -> None:
    with pytest.raises(ValueError, match="does not end"):
        lifecycle_configuration([Rule("logs", 0, COLDER)])


def test_infrequent_access_before_day_30_is_refused() -> None:
    with pytest.raises(ValueError, match="30 days at the earliest"):
        lifecycle_configuration([Rule("logs/", 0, (Transition("STANDARD_IA", 29),))])


def test_more_rules_than_a_bucket_takes_are_refused() -> None:
    with pytest.raises(ValueError, match="limit of 1000"):
        lifecycle_configuration([Rule(f"{number:04}/", 0, COLDER) for number in range(1000)])


def test_a_hostile_folder_name_stays_one_argument_of_the_command() -> None:
    configuration = lifecycle_configuration([Rule("it's $(rm -rf x)/", 0, COLDER)])
    words = shlex.split(command("ml-datasets", configuration))
    assert words[:5] == ["aws", "s3api", "put-bucket-lifecycle-configuration", "--bucket", "ml-datasets"]
    assert len(words) == 7
