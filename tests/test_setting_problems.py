"""Mistakes in the configuration, in words that say what to write instead."""

import pytest
import yaml
from pydantic import ValidationError

from costsieve.setting_problems import problems
from costsieve.settings import Settings


def told(text: str) -> str:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate(yaml.safe_load(text))
    return problems(caught.value, Settings)


def of_source(fields: str) -> str:
    return told(f"sources: [{{name: a, {fields}}}]")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("home: 12", "home: must be the name of a file or folder"),
        ("allocation: {team: {tags: []}}", "allocation, team, tags: must have at least 1 entry"),
        ("memory_limit: 1200", "memory_limit: 1200 must be a size, as in 1200MB or 2GB"),
        ("schedule: {hour: 25}", "schedule, hour: must be at most 23"),
        ("schedule: {hour: noon}", "schedule, hour: must be a whole number"),
        ("12: x", "12: the name of a setting must be text"),
        ("rules: {idle_vm: {cpu_percent: [1]}}", "rules, idle_vm, cpu_percent: must be a whole number"),
        ("checks: {usage_is_tagged: {share: [1]}}", "checks, usage_is_tagged, share: must be a whole number"),
        (
            "allocation: {shared: [{pool: tax, by: shares, shares: {team: {a: x}}}]}",
            "allocation, shared, entry 1, shares, team, a: must be a number",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_what_it_must_be(text: str, complaint: str) -> None:
    assert told(text) == complaint


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("curency: USD", "curency: there is no such setting; did you mean currency?"),
        ("schedule: {our: 3}", "schedule, our: there is no such setting; did you mean hour?"),
        ("allocation: {shared: [{pol: tax}]}", "allocation, shared, entry 1, pol: there is no such setting; did you mean pool?"),
        (
            "sources: [{name: a, type: aws_cur, location: x, locaton: y}]",
            "sources, entry 1, locaton: there is no such setting; did you mean location?",
        ),
        ("preset: carefull", "preset: 'carefull' is none of careful, balanced, max_savings; did you mean careful?"),
        ("zzz: 1", "zzz: there is no such setting"),
    ],
)
def test_a_misspelt_setting_is_told_the_nearest(text: str, complaint: str) -> None:
    assert told(text) == complaint


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ("type: cloudwatch, regions: []", "regions: [] must be AWS regions, as in [us-east-1, eu-central-1]"),
        ("type: aws_inventory, regions: [Frankfurt]", "regions, entry 1: 'Frankfurt' must be AWS regions"),
        ("type: cloudwatch, regions: [us-east-1], roles: [reader]", "roles, entry 1: 'reader' must be ARNs of roles"),
        ("type: gcp_inventory, folders: [ml]", "folders, entry 1: 'ml' must be numbers of folders"),
        ("type: gcp_billing, table: nodots", "table: 'nodots' must be project.dataset.table"),
        ("type: gcp_billing, table: billing.export", "table: 'billing.export' must be project.dataset.table"),
        ("type: gcp_billing, table: project.data`set.table", "table: 'project.data`set.table' must be project.dataset.table"),
        ("type: gcp_pricing, table: p.d.t; DROP TABLE x", "table: 'p.d.t; DROP TABLE x' must be project.dataset.table"),
        ("type: gcp_billing, table: p.d.t, maximum_bytes_billed: 10GB", "maximum_bytes_billed: '10GB' must be a whole number of bytes"),
        ("type: aws_cur, location: 'gs://bills/cur'", "location: gs://bills/cur cannot be read: give s3://bucket/prefix or a local folder"),
        ("type: aws_cur, location: 's3://'", "location: s3:// names no bucket: write it as in s3://my-billing-bucket/cur/costs"),
        ("type: aws_cur, location: ''", "location: must not be empty"),
    ],
)
def test_a_place_that_cannot_be_is_refused_before_a_night(fields: str, complaint: str) -> None:
    assert complaint in of_source(fields)


@pytest.mark.parametrize("setting", ["home", "exceptions", "invoices"])
def test_what_must_be_local_is_no_address(setting: str) -> None:
    assert f"{setting}: s3://b/x is no local path" in told(f"{setting}: s3://b/x")


@pytest.mark.parametrize("period", ["2026-13", "'2026-02-30'", "2026-00"])
def test_a_quarantine_of_a_period_that_is_in_no_calendar_is_refused(period: str) -> None:
    source = "sources: [{name: org-bill, type: aws_cur, location: x}]"

    assert "in the calendar" in told(f"{source}\nquarantine: [{{source: org-bill, period: {period}, reason: late}}]")
