"""Landed utilization, inventory and objects -> the tables that rules read."""

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from costsieve.contracts import usage
from costsieve.contracts.loads import LOADS
from costsieve.home import Home
from costsieve.usage.estate import load_instance_types, load_inventory, match_estate, roll_up_utilization
from costsieve.usage.lake_views import create_lake_views
from costsieve.warehouse import Connection, Warehouse, query, replace_frame

NIGHT = date(2026, 10, 1)
OBSERVED_AT = datetime(2026, 9, 30, 23)  # noqa: DTZ001 - warehouse timestamps are UTC without zone


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(Home(tmp_path))


def land(connection: Connection, home: Home, source_type: str, period: str, frame: pl.DataFrame) -> None:
    folder = home.lake / source_type / "source=files" / f"period={period}" / "version=1"
    folder.mkdir(parents=True)
    frame.write_parquet(folder / "part.parquet")
    load = {
        "source": "files",
        "source_type": source_type,
        "period": period,
        "version": "1",
        "files": [str((folder / "part.parquet").relative_to(home.root))],
        "row_count": frame.height,
        "byte_count": 1,
        "loaded_at": OBSERVED_AT,
        "is_current": True,
    }
    replace_frame(connection, LOADS, pl.DataFrame([load], schema=LOADS.polars_schema()), {"source_type": source_type})


def utilization(*hours: int) -> pl.DataFrame:
    rows = [
        {
            "provider": "AWS",
            "account_id": "1",
            "resource_id": "i-1",
            "metric": "cpu_percent",
            "observed_at": datetime(2026, 9, 30, hour),  # noqa: DTZ001 - as above
            "average": 2.0,
            "maximum": 3.0,
            "total": None,
            "sample_count": 12,
        }
        for hour in hours
    ]
    return pl.DataFrame(rows, schema=usage.UTILIZATION.polars_schema())


def test_without_any_source_the_tables_are_empty_and_nothing_fails(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        create_lake_views(connection, warehouse.home)

        assert (load_inventory(connection, NIGHT), roll_up_utilization(connection, NIGHT), match_estate(connection)) == (0, 0, 0)


def test_utilization_is_read_from_the_lake_and_rolled_up_by_day(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        land(connection, warehouse.home, "utilization", "2026-09-30", utilization(0, 1, 2))
        create_lake_views(connection, warehouse.home)
        roll_up_utilization(connection, NIGHT)

        assert query(connection, "SELECT usage_date, hours_observed, maximum FROM usage.resource_day").rows() == [
            (date(2026, 9, 30), 3, 3.0)
        ]


def test_utilization_of_the_night_itself_is_not_counted(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        land(connection, warehouse.home, "utilization", "2026-09-30", utilization(0))
        create_lake_views(connection, warehouse.home)

        assert roll_up_utilization(connection, date(2026, 9, 30)) == 0


def test_the_catalogue_knows_machines_of_both_providers(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        load_instance_types(connection)
        known = query(
            connection,
            "SELECT instance_type, vcpus, memory_gib, gpus FROM inventory.instance_types"
            " WHERE instance_type IN ('m5.large', 'g4dn.xlarge', 'n2-standard-8', 'a2-highgpu-2g') ORDER BY instance_type",
        ).rows()

    assert known == [("a2-highgpu-2g", 24, 170.0, 2), ("g4dn.xlarge", 4, 16.0, 1), ("m5.large", 2, 8.0, 0), ("n2-standard-8", 8, 32.0, 0)]
