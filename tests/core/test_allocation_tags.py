"""Which delivered tag a dimension is read from: one bill row each, with the tags as the provider delivers them."""

import duckdb
import pytest

from costsieve.allocation_settings import Dimension
from costsieve.core.allocation_tags import DIMENSIONS, aws_tag, gcp_lists, gcp_tag, map_tag, spellings
from costsieve.core.charges import create_charges_view
from costsieve.core.delivered import Delivered
from costsieve.core.raw_views import create_raw_views
from costsieve.core.roll_up import roll_up_changes
from costsieve.settings import Allocation
from tests.core.bills import CUR_ROW, GCP_ROW
from tests.core.conftest import Lake

FOCUS_ROW = """
SELECT 'b' AS BillingAccountId, 'USD' AS BillingCurrency, TIMESTAMP '2026-09-01' AS BillingPeriodStart, 'Usage' AS ChargeCategory,
    TIMESTAMP '2026-09-01' AS ChargePeriodStart, 'Azure' AS ProviderName, 'VM' AS ServiceName, 1.0 AS BilledCost, 1.0 AS EffectiveCost
"""


def read(row: str, *keys: str, source_type: str = "aws_cur") -> str | None:
    """Read the tag of one delivered row with the SQL that the raw views are made of."""
    with duckdb.connect() as connection:
        delivered = described(connection, row)
        if source_type == "gcp_billing":
            lists = ", ".join(f"{sql} AS {name}" for name, sql in gcp_lists(delivered).items())
            row = f"SELECT *, {lists} FROM ({row})"
        delivered, dimension = described(connection, row), Dimension(tags=keys)
        tags = {"aws_cur": aws_tag(delivered, dimension), "gcp_billing": gcp_tag(delivered, dimension), "focus": map_tag("Tags", dimension)}
        found = connection.sql(f"SELECT {tags[source_type]} FROM ({row})").fetchall()[0][0]
        assert found is None or isinstance(found, str)
        return found


def described(connection: duckdb.DuckDBPyConnection, row: str) -> Delivered:
    relation = connection.sql(row)
    return Delivered(dict(zip(relation.columns, relation.types, strict=True)))


def team(lake: Lake, row: str, *keys: str, source_type: str = "aws_cur") -> str | None:
    """Read the tag through the lake, the raw view and core.charges."""
    lake.land(row, "2026-09", source_type=source_type, source=source_type.replace("_", "-"))
    create_raw_views(lake.connection, lake.home, Allocation(team=Dimension(tags=keys)))
    create_charges_view(lake.connection)
    ((found,),) = lake.connection.sql("SELECT DISTINCT x_team FROM core.charges").fetchall()
    assert found is None or isinstance(found, str)
    return found


def cur(columns: str) -> str:
    return f"SELECT *, {columns} FROM ({CUR_ROW})"


@pytest.mark.parametrize(
    ("tags", "keys", "found"),
    [
        ("MAP {'user_cost_center': '7'} AS resource_tags", ["cost_center"], "7"),
        ("MAP {'user_cost_center': '7'} AS resource_tags", ["CostCenter"], "7"),
        ("MAP {'user_costcenter': '7'} AS resource_tags", ["cost-center"], "7"),
        ("MAP {'aws_created_by': 'ada'} AS resource_tags", ["aws:createdBy"], "ada"),
        ("MAP {'resourceTags/user:CostCenter': '7'} AS tags", ["cost_center"], "7"),
        ("MAP {'resourceTags/user:COST.center': '7'} AS tags", ["cost_center"], "7"),
        ("MAP {'resourceTags/user:Team': ''} AS tags", ["team"], None),
        ("MAP {'accountTag/Team': 'research'} AS tags", ["team"], "research"),
        ("MAP {'accountTag/Team': 'research', 'resourceTags/user:TEAM': 'vision'} AS tags", ["team"], "vision"),
        ("'vision' AS resource_tags_user_team", ["Team"], "vision"),
        ("MAP {'Business Unit': 'ml'} AS cost_category", ["cost_category:Business Unit"], "ml"),
        ("MAP {'business_unit': 'ml'} AS cost_category", ["cost_category:BusinessUnit"], "ml"),
        ("'ml' AS cost_category_business_unit", ["cost_category:Business Unit"], "ml"),
        ("MAP {'user_squad': 'b', 'user_team': 'a'} AS resource_tags", ["squad", "team"], "b"),
        ("MAP {'user_team': 'a'} AS resource_tags, MAP {'BU': 'ml'} AS cost_category", ["cost_category:BU", "team"], "ml"),
        ("MAP {'user_team': 'a'} AS resource_tags, MAP {'Other': 'ml'} AS cost_category", ["cost_category:BU", "team"], "a"),
    ],
)
def test_aws_tags_are_found_in_every_form_and_by_precedence(tags: str, keys: list[str], found: str | None) -> None:
    assert read(cur(tags), *keys) == found


def test_tags_in_json_text_are_tags(lake: Lake) -> None:
    tags = "'{\"resourceTags/user:Team\": \"vision\"}' AS tags, '{}' AS resource_tags"
    assert team(lake, cur(tags), "team") == "vision"


@pytest.mark.parametrize(
    ("keys", "found"), [(["TEAM"], "2"), (["team"], "3"), (["Team"], "1"), (["tEaM"], "2")], ids=["upper", "lower", "title", "none exact"]
)
def test_of_keys_that_differ_by_case_the_configured_spelling_wins(keys: list[str], found: str) -> None:
    """A spelling that is neither delivered nor common leaves the first in the alphabet: capitals come before small letters."""
    tags = "MAP {'resourceTags/user:Team': '1', 'resourceTags/user:TEAM': '2', 'resourceTags/user:team': '3'} AS tags"
    assert read(cur(tags), *keys) == found


def test_of_uncommon_spellings_the_first_in_the_alphabet_with_a_value_counts() -> None:
    tags = "MAP {'resourceTags/user:teaM': '1', 'resourceTags/user:tEam': '2', 'resourceTags/user:TEam': ''} AS tags"
    assert read(cur(tags), "team") == "2"


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ("[{'key': 'team', 'value': 'vision'}] AS labels", "vision"),
        ("[{'key': 'other', 'value': 'x'}, {'key': 'team', 'value': ''}] AS labels", None),
        ("[]::STRUCT(key VARCHAR, value VARCHAR)[] AS labels", None),
        (
            "[{'key': 'other', 'value': 'x'}] AS labels, {'id': 'p', 'labels': [{'key': 'team', 'value': 'nlp'}]} AS project",
            "nlp",
        ),
        ("[{'key': 'x', 'value': 'x'}] AS labels, [{'key': 'Team', 'value': 'core', 'inherited': true, 'namespace': '1'}] AS tags", "core"),
        (
            "[{'key': 'team', 'value': 'vision'}] AS labels, {'id': 'p', 'labels': [{'key': 'team', 'value': 'nlp'}]} AS project",
            "vision",
        ),
    ],
)
def test_gcp_labels_come_before_project_labels_and_tags(columns: str, found: str | None) -> None:
    row = f"SELECT * EXCLUDE (labels, project), {columns} FROM ({GCP_ROW})"
    row = row if " AS project" in columns else f"SELECT *, {{'id': 'ml-prod', 'name': 'ML'}} AS project FROM ({row})"
    assert read(row, "team", source_type="gcp_billing") == found


@pytest.mark.parametrize(("key", "found"), [("Team", "a"), ("team", "b")])
def test_of_google_tags_that_differ_by_case_the_configured_spelling_wins_and_none_is_lost(lake: Lake, key: str, found: str) -> None:
    both = "[{'key': 'Team', 'value': 'a'}, {'key': 'team', 'value': 'b'}]"
    assert team(lake, f"SELECT * REPLACE ({both} AS labels) FROM ({GCP_ROW})", key, source_type="gcp_billing") == found
    assert lake.connection.sql("SELECT labels FROM raw.gcp_billing").fetchall() == [({"Team": "a", "team": "b"},)]


@pytest.mark.parametrize("key", ["cost_center", "CostCenter", "cost-center", "Cost Center", "user:costcenter"])
def test_focus_tags_are_found_however_the_provider_spells_them(key: str) -> None:
    row = f"SELECT *, MAP {{'{key}': '7', 'else': 'x'}} AS Tags FROM ({FOCUS_ROW})"
    assert read(row, "cost_center", source_type="focus") == "7"


HOSTILE = (
    "x" * 10_240,
    'O\'Brien "and" `sons`; DROP TABLE core.charges --',
    "<script>alert('x')</script>&amp;",
    "a\x01b\tc\nd\x7f\u202e",
    "🚀 команда",
)


def test_values_are_kept_exactly_whatever_is_in_them(lake: Lake) -> None:
    """Ten kilobytes, quotes, markup, control characters: in every form that tags are delivered in, down to the daily roll-up."""
    texts = [f"'{value.replace("'", "''")}'" for value in HOSTILE]
    forms = {
        "aws_cur": [
            cur(f"MAP {{'resourceTags/user:tEam': {text}}} AS tags, MAP {{'user_team': {text}}} AS resource_tags") for text in texts
        ],
        "gcp_billing": [f"SELECT * REPLACE ([{{'key': 'team', 'value': {text}}}] AS labels) FROM ({GCP_ROW})" for text in texts],
        "focus": [f"SELECT *, MAP {{'Team': {text}}} AS Tags FROM ({FOCUS_ROW})" for text in texts],
    }
    for source_type, rows in forms.items():
        lake.land(" UNION ALL ".join(rows), "2026-09", source_type=source_type, source=source_type.replace("_", "-"))
    lake.create_views()
    roll_up_changes(lake.connection, Allocation())
    found = lake.connection.sql("SELECT ProviderName, x_team FROM core.daily_cost GROUP BY ALL").fetchall()
    assert set(found) == {(provider, value) for provider in ("AWS", "GCP", "Azure") for value in HOSTILE}


@pytest.mark.parametrize("key", ["it's", 'quo"ted', "<b>", "スクワッド", "a:b:c", "x" * 300])
def test_any_key_can_be_configured(key: str) -> None:
    quoted = key.replace("'", "''")
    assert read(cur(f"MAP {{'resourceTags/user:{quoted}': 'vision'}} AS tags"), key) == "vision"


def test_common_spellings_follow_the_configured_one() -> None:
    assert spellings("CostCenter")[:4] == ("CostCenter", "cost_center", "cost-center", "costCenter")


def test_dimensions_are_those_of_the_settings() -> None:
    assert tuple(Allocation().dimensions) == DIMENSIONS
