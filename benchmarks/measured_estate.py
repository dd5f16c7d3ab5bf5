"""An estate for benchmarks.findings: 60,000 hourly series of 30 days in the lake, and their bill and inventory. Nothing is timed."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from costsieve.core.derived import compute_instance_rates, compute_resource_costs
from costsieve.home import Home
from costsieve.usage import estate as usage
from costsieve.warehouse import Connection, Warehouse

AS_OF = date(2026, 10, 1)
DAYS = 30


@dataclass(frozen=True)
class WrittenSeries:
    """What was written: resources, hourly points and bytes of Parquet."""

    resources: int
    points: int
    byte_count: int


def write_measured_estate(root: Path) -> WrittenSeries:
    """Write the lake and the warehouse of a home, as they are when the rules of a night begin, days not yet rolled up."""
    warehouse = Warehouse(Home(root))
    with warehouse.transaction() as connection:
        connection.execute(f"CREATE TEMP TABLE series AS {_select('measured_series')}")
        sizes = [_write_day(connection, warehouse.home, AS_OF - timedelta(days=number)) for number in range(DAYS, 0, -1)]
        connection.execute(f"INSERT INTO inventory.resources BY NAME {_select('measured_inventory')}")
        connection.execute(f"INSERT INTO core.daily_cost BY NAME {_select('measured_bill')}")
        _prepare(connection)
        [(resources,)] = connection.execute("SELECT count(DISTINCT resource_id) FROM series").fetchall()
        [(points,)] = connection.execute("SELECT sum(row_count) FROM meta.loads").fetchall()
    return WrittenSeries(resources, points, sum(sizes))


def metric_files(root: Path) -> list[str]:
    """Return the Parquet files of all series."""
    return sorted(str(file) for file in Home(root).lake.glob("utilization/*/*/*/*.parquet"))


def _write_day(connection: Connection, home: Home, day: date) -> int:
    file = home.lake / "utilization" / "source=metrics" / f"period={day}" / "version=v1" / "part-1.parquet"
    file.parent.mkdir(parents=True)
    connection.sql(_select("measured_points"), params={"day": day}).write_parquet(str(file))
    load = (
        "INSERT INTO meta.loads"
        " SELECT 'metrics', 'utilization', ?, 'v1', [?], count(*), ?, TIMESTAMP '2026-10-01', true FROM read_parquet(?)"
    )
    size = file.stat().st_size
    connection.execute(load, [str(day), str(file.relative_to(home.root)), size, str(file)])
    return size


def _select(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


def _prepare(connection: Connection) -> None:
    """Fill what a night has ready before its rules: costs, rates, the matched estate and its prices."""
    compute_resource_costs(connection, AS_OF)
    compute_instance_rates(connection, AS_OF)
    usage.load_instance_types(connection)
    usage.match_estate(connection)
    usage.itemise_charges(connection, AS_OF)
    usage.read_unit_prices(connection, AS_OF)
    usage.price_instances(connection)
