"""Google's own commitment cases, read by the file source: what its tool states of credits and fees is what the cost basis says.

Rows are of before September 2020: a credit has a name and no type, numbers are text, and one object takes several lines.
Google's tool takes credits and fees away from the rows that carry them and hands them out anew: to the projects that a list of commitments
names first, by their usage. The bill itself knows no such list, so single rows cannot agree. What must agree is what the tool leaves as it
is: commitment credits, sustained use credits, usage before credits, and fees, over all projects. Its floats drift in the 14th digit.
"""

import json
import shutil
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costsieve.core.charges import create_charges_view
from costsieve.core.gcp_commitments import attribute_commitments
from costsieve.core.raw_views import create_raw_views
from costsieve.core.roll_up import roll_up_changes
from costsieve.home import Home
from costsieve.settings import Allocation
from costsieve.source_settings import GcpBillingSource
from costsieve.sources.gcp.billing import gcp_billing
from costsieve.sources.landing import load_source
from costsieve.warehouse import Warehouse

CASES = Path(__file__).parent / "data" / "gcp-cud"
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
_NINE_DECIMALS = Decimal("1e-9")


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Every case as a source of its own, named after it, landed and rolled up."""
    folder = tmp_path_factory.mktemp("gcp-cud")
    warehouse = Warehouse(Home(folder / "home"))
    for case in NAMES:
        (folder / case / "date=2019-01-21").mkdir(parents=True)
        shutil.copy(CASES / case / "export.json", folder / case / "date=2019-01-21")
        source = gcp_billing(GcpBillingSource(name=case.replace("_", "-"), type="gcp_billing", location=str(folder / case)))
        load_source(warehouse, source, date(2019, 2, 1), datetime(2019, 2, 1, tzinfo=UTC))
    with warehouse.transaction() as connection:
        create_raw_views(connection, warehouse.home, Allocation())
        create_charges_view(connection)
        roll_up_changes(connection, Allocation())
        attribute_commitments(connection)
    return warehouse


def rows(bills: Warehouse, case: str, sql: str) -> list[dict[str, Any]]:
    return bills.query(sql, {"source": case.replace("_", "-")}).to_dicts()


def stated(case: str) -> dict[str, Decimal]:
    """Totals of Google's expected output: it lists fees and their re-attribution as SKUs of their own."""
    delivered: list[dict[str, Any]] = json.loads((CASES / case / "expected.json").read_text(encoding="utf-8"))
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in delivered:
        is_fee = row["sku_description"].lower().startswith("commitment") or "_COST_" in row["sku_description"]
        totals["fees" if is_fee else "usage"] += Decimal(row["cost"])
        for credit in row["credits"]:
            totals[credit["name"]] += Decimal(credit["amount"])
    return {name: total.quantize(_NINE_DECIMALS) for name, total in totals.items()}


def test_there_are_the_thirteen_cases_that_google_publishes() -> None:
    assert len(NAMES) == 13


@pytest.mark.parametrize("case", NAMES)
def test_credits_usage_and_fees_are_those_of_googles_expected_output(bills: Warehouse, case: str) -> None:
    found = rows(
        bills,
        case,
        "SELECT sum(cost) FILTER (NOT sku_description ILIKE 'commitment%') AS usage,"
        " coalesce(sum(cost) FILTER (sku_description ILIKE 'commitment%'), 0) AS fees, sum(commitment_credits) AS committed,"
        " sum(sustained_use_credits) AS sustained FROM raw.gcp_billing WHERE x_source = $source",
    )
    expected = stated(case)

    assert found == [
        {
            "usage": expected["usage"],
            "fees": expected["fees"],
            "committed": expected.get("Committed Usage Discount: RAM", Decimal(0)),
            "sustained": expected.get("Sustained Usage Discount", Decimal(0)),
        }
    ]


@pytest.mark.parametrize("case", NAMES)
def test_net_cost_and_fee_pool_are_those_of_googles_expected_output(bills: Warehouse, case: str) -> None:
    found = rows(
        bills,
        case,
        "SELECT sum(BilledCost) AS net_cost, coalesce(sum(BilledCost) FILTER (x_pool = 'commitment_purchase'), 0) AS fees"
        " FROM core.charges WHERE x_source = $source",
    )
    expected = stated(case)

    assert found == [{"net_cost": sum(expected.values()), "fees": expected["fees"]}]


@pytest.mark.parametrize("case", NAMES)
def test_attribution_hands_out_exactly_the_fee(bills: Warehouse, case: str) -> None:
    sql = "SELECT coalesce(sum(attributed_cost), 0) AS fees FROM core.commitment_attribution WHERE x_source = $source"

    assert rows(bills, case, sql) == [{"fees": stated(case)["fees"]}]


@pytest.mark.parametrize(
    ("case", "attributed"),
    [
        # Credits of 50 and 50 are all of the 100 gibibyte hours that the commitment is for.
        ("test_1_2", {("project-2", "Used"): 50, ("project-3", "Used"): 50}),
        # Credits of 10 and 20 pay for 30 of them: the rest of the fee bought nothing.
        ("test_5_1", {("project-2", "Used"): 10, ("project-3", "Used"): 20, ("project-1", "Unused"): 70}),
        # Covered rows of this case state a usage of 0, so how much of the commitment they used is not known.
        ("test_9_1", {("project-2", "Used"): 100}),
        # The fee of this case is 0.
        ("test_3_2", {}),
    ],
)
def test_fees_follow_the_credits_as_the_bill_gave_them(bills: Warehouse, case: str, attributed: dict[tuple[str, str], int]) -> None:
    found = rows(
        bills,
        case,
        "SELECT SubAccountId, CommitmentDiscountStatus, sum(attributed_cost) AS cost FROM core.commitment_attribution"
        " WHERE x_source = $source GROUP BY ALL",
    )

    assert {(row["SubAccountId"], row["CommitmentDiscountStatus"]): row["cost"] for row in found} == attributed
