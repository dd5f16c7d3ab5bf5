from datetime import date
from decimal import Decimal

from costsieve.core.derived import compute_instance_rates, compute_resource_costs
from costsieve.core.roll_up import roll_up_changes
from costsieve.settings import Allocation
from tests.core.bills import CUR_ROW, GCP_ROW
from tests.core.conftest import Lake

AS_OF = date(2026, 10, 1)


def test_resource_costs_are_replaced_whole_by_each_night(lake: Lake) -> None:
    roll_up_two_bills(lake)
    assert [compute_resource_costs(lake.connection, AS_OF) for _ in range(2)] == [2, 2]
    costs = lake.connection.sql(
        "SELECT ResourceId, monthly_cost, monthly_instance_hours FROM core.resource_costs ORDER BY ResourceId"
    ).fetchall()
    assert costs == [("4711", Decimal("1.11"), Decimal(1)), ("i-1", Decimal("0.1"), Decimal(1))]


def test_instance_rates_are_what_the_bill_shows_per_hour(lake: Lake) -> None:
    roll_up_two_bills(lake)
    compute_instance_rates(lake.connection, AS_OF)
    rates = lake.connection.sql(
        "SELECT ProviderName, x_instance_type, hourly_rate FROM core.instance_rates ORDER BY ProviderName"
    ).fetchall()
    assert rates == [("AWS", "m5.large", Decimal("0.1")), ("GCP", "n2-standard-8", Decimal("1.46"))]


def roll_up_two_bills(lake: Lake) -> None:
    lake.land(f"SELECT *, 'us-west-2' AS product_region_code FROM ({CUR_ROW})", "2026-09")
    lake.land(GCP_ROW, "2026-09-30", source_type="gcp_billing", source="gcp-bill")
    lake.create_views()
    roll_up_changes(lake.connection, Allocation())
