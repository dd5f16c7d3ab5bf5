from collections import Counter
from decimal import Decimal

import pytest

from costsieve.contracts.loads import CHARGE_TOTALS
from costsieve.contracts.roll_ups import DAILY_COST, HOURLY_USAGE
from costsieve.contracts.table import Table
from costsieve.core.roll_up import RollUpSummary, roll_up_changes
from costsieve.settings import Allocation
from costsieve.sql_files import model_sql
from tests.core.bills import CUR_ROW, GCP_ROW
from tests.core.conftest import Lake


@pytest.fixture
def rolled(lake: Lake) -> Lake:
    """Two AWS months, with shapes that only naming brings together, and two GCP days; rolled up."""
    lake.land(CUR_ROW, "2026-08")
    lake.land(
        f"""
        SELECT * REPLACE (TIMESTAMP '2026-09-01 03:00:00' + to_hours(hour % 40) AS line_item_usage_start_date)
        FROM ({CUR_ROW}), range(100) AS hours (hour)
        UNION ALL BY NAME SELECT * REPLACE ('datasets' AS line_item_resource_id, 'AmazonS3' AS line_item_product_code,
            'TimedStorage-ByteHrs' AS line_item_usage_type) FROM ({CUR_ROW})
        UNION ALL BY NAME SELECT * REPLACE ('arn:aws:s3:::datasets' AS line_item_resource_id, 'AmazonS3' AS line_item_product_code,
            'USW2-TimedStorage-ByteHrs' AS line_item_usage_type) FROM ({CUR_ROW})
        UNION ALL BY NAME SELECT * REPLACE ('Tax' AS line_item_line_item_type, NULL::VARCHAR AS line_item_resource_id) FROM ({CUR_ROW})
        """,
        "2026-09",
    )
    for day in ("2026-09-29", "2026-09-30"):
        lake.land(GCP_ROW, day, source_type="gcp_billing", source="gcp-bill")
    lake.create_views()
    roll_up_changes(lake.connection, Allocation())
    return lake


@pytest.mark.parametrize("table", [DAILY_COST, HOURLY_USAGE, CHARGE_TOTALS], ids=lambda table: table.name)
def test_roll_up_is_the_model_over_every_single_charge(rolled: Lake, table: Table) -> None:
    columns = ", ".join(table.column_names)
    written = rolled.connection.sql(f"SELECT {columns} FROM {table.full_name}").fetchall()
    defined = rolled.connection.sql(f"SELECT {columns} FROM ({model_sql(f'core/{table.name}')})").fetchall()
    assert Counter(written) == Counter(defined)
    assert written


def test_daily_costs_add_up_to_every_charge(rolled: Lake) -> None:
    measures = "sum(BilledCost), sum(EffectiveCost), sum(ContractedCost), sum(ListCost), sum(x_net_effective_cost)"
    daily = rolled.connection.sql(f"SELECT {measures}, sum(charge_count) FROM core.daily_cost").fetchall()
    assert daily == rolled.connection.sql(f"SELECT {measures}, sum(x_line_items) FROM core.charges").fetchall()


def test_summary_names_what_was_rolled_up(lake: Lake) -> None:
    lake.land(CUR_ROW, "2026-08")
    lake.land(CUR_ROW, "2026-09")
    lake.create_views()
    assert roll_up_changes(lake.connection, Allocation()) == RollUpSummary(
        ("org-bill 2026-08", "org-bill 2026-09"), daily_rows=2, hourly_rows=2
    )


def test_unchanged_bills_are_not_read_at_all(rolled: Lake) -> None:
    """With the lake gone, any scan of it would fail."""
    for file in rolled.home.lake.rglob("*.parquet"):
        file.unlink()
    assert roll_up_changes(rolled.connection, Allocation()) == RollUpSummary((), daily_rows=0, hourly_rows=0)


def test_only_the_restated_month_is_read_and_replaced(rolled: Lake) -> None:
    rolled.land(f"SELECT * REPLACE (7::DOUBLE AS line_item_unblended_cost) FROM ({CUR_ROW})", "2026-09", "v2")
    rolled.create_views()
    plan = rolled.connection.execute(
        f"EXPLAIN ANALYZE {model_sql('core/roll_up')}", {"source": "org-bill", "periods": ["2026-09"]}
    ).fetchall()
    assert "Scanning Files: 1/2" in plan[0][1]
    assert roll_up_changes(rolled.connection, Allocation()).periods == ("org-bill 2026-09",)
    costs = rolled.connection.sql(
        "SELECT x_period, sum(BilledCost) FROM core.daily_cost WHERE x_source = 'org-bill' GROUP BY x_period ORDER BY x_period"
    )
    assert costs.fetchall() == [("2026-08", Decimal("0.1")), ("2026-09", Decimal(7))]


def test_a_withdrawn_period_loses_its_rows(rolled: Lake) -> None:
    rolled.connection.execute("UPDATE meta.loads SET is_current = false WHERE period = '2026-08'")
    roll_up_changes(rolled.connection, Allocation())
    assert rolled.connection.sql("SELECT count(*) FROM core.daily_cost WHERE x_period = '2026-08'").fetchall() == [(0,)]


def test_a_failed_transaction_leaves_the_former_roll_up(lake: Lake) -> None:
    lake.land(CUR_ROW, "2026-09")
    lake.create_views()
    roll_up_changes(lake.connection, Allocation())
    lake.land(f"SELECT * REPLACE (7::DOUBLE AS line_item_unblended_cost) FROM ({CUR_ROW})", "2026-09", "v2")
    lake.create_views()
    lake.connection.begin()
    roll_up_changes(lake.connection, Allocation())
    lake.connection.rollback()
    assert lake.connection.sql("SELECT sum(BilledCost) FROM core.daily_cost").fetchall() == [(Decimal("0.1"),)]
    assert roll_up_changes(lake.connection, Allocation()).periods == ("org-bill 2026-09",)
