from decimal import Decimal
from pathlib import Path

from costsieve.contracts.charges import CHARGES
from costsieve.sources.aws.cur_csv import convert_csv
from tests.core.bills import CUR_ROW, GCP_ROW
from tests.core.conftest import Lake

SAMPLE = Path(__file__).parents[1] / "sources" / "data" / "aws-cur2" / "anon-cur2-daily-00001.csv.gz"


def test_view_has_exactly_the_contract_columns(lake: Lake) -> None:
    lake.land(CUR_ROW, "2026-09")
    lake.land(GCP_ROW, "2026-09-30", source_type="gcp_billing", source="gcp-bill")
    lake.create_views()
    described = lake.connection.execute("DESCRIBE core.charges").fetchall()
    assert [(name, type_) for name, type_, *_ in described] == [(column.name, column.type) for column in CHARGES.columns]


def test_pools_of_a_gcp_row_add_up_to_its_cost_and_all_its_credits(lake: Lake) -> None:
    lake.land(GCP_ROW, "2026-09-30", source_type="gcp_billing")
    lake.create_views()
    pools = lake.connection.sql("SELECT x_pool, BilledCost FROM core.charges ORDER BY x_pool").fetchall()
    assert pools == [("credit", Decimal("-0.5")), ("usage", Decimal("1.11"))]


def test_real_bill_has_the_totals_that_its_publisher_states(lake: Lake, tmp_path: Path) -> None:
    """1,882 rows of a real CUR 2.0; to six decimals, as the totals are stated."""
    bill = tmp_path / "bill.parquet"
    convert_csv(SAMPLE, bill, SAMPLE.name)
    lake.land(f"FROM read_parquet('{bill}')", "2026-04")
    lake.create_views()
    totals = "SELECT x_pool, round(sum(BilledCost), 6), round(sum(ListCost), 6), count(*) FROM core.charges GROUP BY x_pool ORDER BY x_pool"
    assert lake.connection.sql(totals).fetchall() == [
        ("credit", Decimal("-47.681694"), Decimal(0), 358),
        ("tax", Decimal(0), Decimal(0), 13),
        ("usage", Decimal("47.681694"), Decimal("49.558713"), 1511),
    ]
