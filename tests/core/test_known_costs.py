from datetime import date
from typing import Any

from costsieve.core.known_costs import KnownNight, record_known_costs
from costsieve.core.roll_up import roll_up_changes
from costsieve.settings import Allocation
from tests.core.bills import GCP_ROW
from tests.core.conftest import Lake
from tests.core.history import Line, bill, keep

FIRST, SECOND, THIRD = date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3)


def history(lake: Lake) -> list[Any]:
    return lake.connection.sql(
        "SELECT x_period, ServiceName, CAST(BilledCost AS DOUBLE), charge_count, known_from, known_until FROM core.known_costs ORDER BY ALL"
    ).fetchall()


def test_a_cost_is_kept_once_for_all_nights_that_know_the_same(lake: Lake) -> None:
    lake.land(bill([Line("60"), Line("40")]), "2026-09")
    keep(lake, FIRST)
    keep(lake, SECOND)
    assert history(lake) == [("2026-09", "AmazonEC2", 100.0, 2, FIRST, None)]


def test_only_what_differs_is_closed_and_opened(lake: Lake) -> None:
    lake.land(bill([Line("100"), Line("7", product="AmazonS3")]), "2026-09")
    keep(lake, FIRST)
    lake.land(bill([Line("100"), Line("8", product="AmazonS3")]), "2026-09", "v2")
    assert keep(lake, SECOND) == KnownNight(SECOND, compared_periods=1, opened_rows=1, closed_rows=1)
    assert history(lake) == [
        ("2026-09", "AmazonEC2", 100.0, 1, FIRST, None),
        ("2026-09", "AmazonS3", 7.0, 1, FIRST, SECOND),
        ("2026-09", "AmazonS3", 8.0, 1, SECOND, None),
    ]


def test_a_night_that_is_run_again_leaves_the_same_history(lake: Lake) -> None:
    lake.land(bill([Line("100")]), "2026-09")
    keep(lake, FIRST)
    lake.land(bill([Line("101")]), "2026-09", "v2")
    first_run, before = keep(lake, SECOND), history(lake)
    assert keep(lake, SECOND) == first_run
    assert history(lake) == before


def test_a_night_that_is_run_again_after_a_new_delivery_knows_only_the_new_one(lake: Lake) -> None:
    lake.land(bill([Line("100")]), "2026-09")
    keep(lake, FIRST)
    lake.land(bill([Line("101")]), "2026-09", "v2")
    keep(lake, SECOND)
    lake.land(bill([Line("102")]), "2026-09", "v3")
    keep(lake, SECOND)
    assert history(lake) == [
        ("2026-09", "AmazonEC2", 100.0, 1, FIRST, SECOND),
        ("2026-09", "AmazonEC2", 102.0, 1, SECOND, None),
    ]


def test_a_night_that_is_run_again_after_the_delivery_was_taken_back_knows_what_the_night_before_knew(lake: Lake) -> None:
    lake.land(bill([Line("100")]), "2026-09")
    keep(lake, FIRST)
    lake.land(bill([Line("101")]), "2026-09", "v2")
    keep(lake, SECOND)
    lake.connection.execute("UPDATE meta.loads SET is_current = (version = 'v1')")
    assert keep(lake, SECOND) == KnownNight(SECOND, compared_periods=0, opened_rows=0, closed_rows=0)
    assert history(lake) == [("2026-09", "AmazonEC2", 100.0, 1, FIRST, None)]


def test_a_backfilled_night_does_not_touch_what_later_nights_knew(lake: Lake) -> None:
    lake.land(bill([Line("100")]), "2026-09")
    keep(lake, SECOND)
    lake.land(bill([Line("101")]), "2026-09", "v2")
    assert keep(lake, FIRST) is None
    assert history(lake) == [("2026-09", "AmazonEC2", 100.0, 1, SECOND, None)]


def test_what_a_backfilled_night_has_loaded_is_known_by_the_next_night(lake: Lake) -> None:
    lake.land(bill([Line("100")]), "2026-09")
    keep(lake, SECOND)
    lake.land(bill([Line("101")]), "2026-09", "v2")
    keep(lake, FIRST)
    keep(lake, THIRD)
    assert history(lake) == [
        ("2026-09", "AmazonEC2", 100.0, 1, SECOND, THIRD),
        ("2026-09", "AmazonEC2", 101.0, 1, THIRD, None),
    ]


def test_a_withdrawn_period_closes_its_rows(lake: Lake) -> None:
    lake.land(bill([Line("100")]), "2026-09")
    lake.land(bill([Line("90", day="2026-08-31")]), "2026-08")
    keep(lake, FIRST)
    lake.connection.execute("UPDATE meta.loads SET is_current = false WHERE period = '2026-08'")
    assert keep(lake, SECOND) == KnownNight(SECOND, compared_periods=1, opened_rows=0, closed_rows=1)
    assert history(lake) == [
        ("2026-08", "AmazonEC2", 90.0, 1, FIRST, SECOND),
        ("2026-09", "AmazonEC2", 100.0, 1, FIRST, None),
    ]


def test_what_a_blocked_night_rolled_up_is_known_by_the_night_that_passes(lake: Lake) -> None:
    lake.land(bill([Line("100")]), "2026-09")
    keep(lake, FIRST)
    lake.land(bill([Line("101")]), "2026-09", "v2")
    lake.create_views()
    roll_up_changes(lake.connection, Allocation())
    keep(lake, THIRD)
    assert history(lake) == [
        ("2026-09", "AmazonEC2", 100.0, 1, FIRST, THIRD),
        ("2026-09", "AmazonEC2", 101.0, 1, THIRD, None),
    ]


def test_periods_that_did_not_change_are_not_read(lake: Lake) -> None:
    """Their roll-up could be gone, and nothing would be closed."""
    lake.land(bill([Line("90", day="2026-08-31")]), "2026-08")
    keep(lake, FIRST)
    lake.land(bill([Line("100")]), "2026-09")
    lake.create_views()
    roll_up_changes(lake.connection, Allocation())
    lake.connection.execute("DELETE FROM core.daily_cost WHERE x_period = '2026-08'")
    record_known_costs(lake.connection, SECOND)
    assert history(lake) == [
        ("2026-08", "AmazonEC2", 90.0, 1, FIRST, None),
        ("2026-09", "AmazonEC2", 100.0, 1, SECOND, None),
    ]


def test_open_rows_are_the_daily_costs(lake: Lake) -> None:
    lake.land(bill([Line("100"), Line("8", "Tax"), Line("12", currency="EUR")]), "2026-09")
    lake.land(GCP_ROW, "2026-09-30", source_type="gcp_billing", source="gcp-bill")
    keep(lake, FIRST)
    totals = "BillingCurrency, x_pool, sum(BilledCost), sum(EffectiveCost), sum(x_net_effective_cost), sum(charge_count)"
    kept = lake.connection.sql(f"SELECT {totals} FROM core.known_costs WHERE known_until IS NULL GROUP BY ALL ORDER BY ALL").fetchall()
    assert kept == lake.connection.sql(f"SELECT {totals} FROM core.daily_cost GROUP BY ALL ORDER BY ALL").fetchall()
    assert len(kept) == 4


def test_billing_month_is_the_bills_own_and_on_gcp_the_invoices(lake: Lake) -> None:
    lake.land(bill([Line("100")]), "2026-09")
    lake.land(
        f"SELECT * REPLACE ({{'month': '202610'}} AS invoice) FROM ({GCP_ROW})", "2026-09-30", source_type="gcp_billing", source="gcp"
    )
    keep(lake, FIRST)
    months = lake.connection.sql("SELECT DISTINCT x_source, billing_month, is_invoiced FROM core.known_costs ORDER BY ALL").fetchall()
    assert months == [("gcp", "2026-10", None), ("org-bill", "2026-09", False)]
