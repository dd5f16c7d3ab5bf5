"""What delivered values and accounts stand for, from the settings to the daily roll-up."""

from decimal import Decimal

import pytest

from costsieve.allocation_settings import Dimension
from costsieve.core.allocation_values import meaning_of
from costsieve.core.roll_up import roll_up_changes
from costsieve.settings import Allocation
from tests.core.bills import CUR_ROW
from tests.core.conftest import Lake

ML = Dimension(tags=("team",), values={"ml": ("machine-learning", "ML Platform", "/ml-.*/"), "bi": ("/.*-reporting/", "/ml-bi/")})


@pytest.mark.parametrize(
    ("delivered", "name"),
    [
        ("machine-learning", "ml"),
        ("  Machine-Learning\t", "ml"),
        ("ML PLATFORM", "ml"),
        ("ML", "ml"),
        ("ml-vision", "ml"),
        ("xml-vision", None),
        ("sales-reporting", "bi"),
        ("ml-reporting", "ml"),
        ("vision", None),
    ],
)
def test_spellings_are_compared_without_case_and_outer_spaces_then_patterns_in_order(delivered: str, name: str | None) -> None:
    assert meaning_of(ML)(delivered) == name


def bill(*teams: str | None) -> str:
    rows = (f"SELECT *, MAP {{'user_team': {quoted(team)}}} AS resource_tags FROM ({CUR_ROW})" for team in teams)
    return " UNION ALL ".join(rows)


def quoted(text: str | None) -> str:
    return "''" if text is None else "'" + text.replace("'", "''") + "'"


def costs(lake: Lake, allocation: Allocation) -> dict[str | None, Decimal]:
    lake.create_views()
    roll_up_changes(lake.connection, allocation)
    rows = "SELECT x_team, sum(BilledCost) FROM {} GROUP BY x_team"
    daily = lake.connection.sql(rows.format("core.daily_cost")).fetchall()
    assert sorted(daily, key=str) == sorted(lake.connection.sql(rows.format("core.charges")).fetchall(), key=str)
    return dict(daily)


def test_mapped_values_become_one_and_the_others_stay_as_delivered(lake: Lake) -> None:
    lake.land(bill("ML Platform", "ml", "ml-vision", "Vision ", None), "2026-09")
    assert costs(lake, Allocation(team=ML)) == {"ml": Decimal("0.3"), "Vision ": Decimal("0.1"), None: Decimal("0.1")}


@pytest.mark.parametrize("account", ["444455556666", "Sandbox"])
def test_an_account_speaks_for_its_untagged_charges_by_id_or_name(lake: Lake, account: str) -> None:
    named = f"SELECT *, 'Sandbox' AS line_item_usage_account_name FROM ({bill('vision', None)})"
    lake.land(named, "2026-09")
    allocation = Allocation(team=Dimension(tags=("team",), accounts={account: "research"}))
    assert costs(lake, allocation) == {"vision": Decimal("0.1"), "research": Decimal("0.1")}


def test_other_settings_roll_every_period_up_again_and_take_effect(lake: Lake) -> None:
    lake.land(bill("ML Platform"), "2026-08")
    lake.land(bill("ML Platform"), "2026-09")
    assert costs(lake, Allocation(team=ML)) == {"ml": Decimal("0.2")}
    renamed = Dimension(tags=("team",), values={"platform": ("ml platform",)})
    assert costs(lake, Allocation(team=renamed)) == {"platform": Decimal("0.2")}
    assert costs(lake, Allocation()) == {"ML Platform": Decimal("0.2")}


def test_how_pools_are_split_needs_no_new_roll_up(lake: Lake) -> None:
    lake.land(bill("vision"), "2026-09")
    costs(lake, Allocation())
    assert roll_up_changes(lake.connection, Allocation(shared=())).periods == ()


def test_fifty_thousand_values_are_kept_one_by_one(lake: Lake) -> None:
    lake.land(f"SELECT *, MAP {{'user_team': 'team ' || n}} AS resource_tags FROM ({CUR_ROW}), range(50000) AS numbers (n)", "2026-09")
    found = costs(lake, Allocation(team=Dimension(tags=("team",), values={"seven": ("TEAM 7",)})))
    assert len(found) == 50_000
    assert found["seven"] == Decimal("0.1")
