"""What the allocation part of costsieve.yaml refuses, in words that say what to write instead."""

from pathlib import Path

import pytest

from costsieve.allocation_settings import DEFAULT_SHARED_COSTS
from costsieve.errors import ConfigurationError
from costsieve.settings import Allocation, load_settings


def allocation(tmp_path: Path, text: str) -> Allocation:
    config = tmp_path / "costsieve.yaml"
    config.write_text(f"allocation:\n  {text}\n", encoding="utf-8")
    return load_settings(config).allocation


def test_unused_commitments_support_and_tax_are_split_unless_the_configuration_lists_other_pools(tmp_path: Path) -> None:
    assert allocation(tmp_path, "team: {tags: [squad]}").shared == DEFAULT_SHARED_COSTS
    listed = allocation(tmp_path, "shared: [{service: AmazonEC2, usage_type: NatGateway}, {idle_cluster: true, by: equal}]").shared
    assert [(entry.title, entry.by) for entry in listed] == [("AmazonEC2 NatGateway", "cost"), ("idle_cluster", "equal")]
    assert allocation(tmp_path, "shared: []").shared == ()


def test_an_account_id_without_quotes_is_its_text(tmp_path: Path) -> None:
    assert allocation(tmp_path, "team: {tags: [team], accounts: {100000000001: research}}").team.accounts == {"100000000001": "research"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "team: {tags: [team], accounts: {000000000012: research}}",
            'ids in quotes, as in "000000000012": without them YAML reads one as the number 10',
        ),
        ("team: {tags: [team], values: {ml: [ai], bi: [AI]}}", "'AI' stands for ml and for bi"),
        ("team: {tags: [team], values: {ml: ['/ml-(/']}}", "/ml-(/ is not a regular expression"),
        ("shared: [{by: cost}]", "give one of `pool` (such as tax), `service` (such as AmazonEC2) and `idle_cluster: true`"),
        ("shared: [{pool: tax, service: AmazonS3}]", "give one of `pool`"),
        ("shared: [{pool: tax, usage_type: NatGateway}]", "`usage_type` needs the `service` that it belongs to"),
        ("shared: [{pool: tax, by: shares}]", "`by: shares` and `shares`, as in {team: {vision: 60, speech: 40}}, go together"),
        ("shared: [{pool: tax, by: shares, shares: {squad: {a: 1}}}]", "there is no dimension squad"),
        ("shared: [{pool: tax}, {pool: tax, by: equal}]", "tax is there twice; give one of them another `name`"),
        ("shared: [{pool: tax, by: shares, shares: {team: {vision: -1}}}]", "must be at least 0"),
        ("shared: [{pool: tax, by: shares, shares: {team: {vision: 0}}}]", "must add up to more than 0"),
    ],
)
def test_a_mistake_is_named_with_what_to_write(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        allocation(tmp_path, text)
    assert complaint in str(refused.value)
