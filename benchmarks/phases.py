"""The timed phases, each run in a process of its own so that its peak memory is its own. What is printed is in benchmarks.night."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from benchmarks.export import AS_OF
from costsieve.core.charges import create_charges_view
from costsieve.core.raw_views import create_raw_views
from costsieve.core.roll_up import roll_up_changes
from costsieve.home import Home
from costsieve.settings import Allocation, load_settings
from costsieve.sources.configured import sources_of
from costsieve.sources.landing import load_source
from costsieve.warehouse import Connection, Warehouse

THREADS = 2


@dataclass(frozen=True)
class Timing:
    """One phase: wall clock and processor seconds, and the peak memory of its process."""

    name: str
    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: int


def run_alone[**P, T](phase: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Run one phase in a fresh process."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(phase, *arguments, **named).result()


def time_landing(config: Path) -> Timing:
    """Bring the export into the lake and write its control totals."""
    warehouse = _warehouse(config)

    def land() -> None:
        for source in sources_of(load_settings(config)):
            load_source(warehouse, source, AS_OF, datetime.now(UTC))

    return timed("landing", land)


def time_raw_scan(config: Path) -> Timing:
    """Read every column that the roll-up needs: benchmarks/raw_scan.sql."""
    return _time_statement(config, "raw_scan", "")


def time_plain_roll_up(config: Path) -> Timing:
    """Sum the same columns by resource and day into a table, in one statement: benchmarks/plain_roll_up.sql."""
    return _time_statement(config, "plain_roll_up", "CREATE OR REPLACE TABLE plain_roll_up AS ")


def time_product_roll_up(config: Path) -> Timing:
    """Roll up every period into core.daily_cost and core.hourly_usage, as the first night does."""
    warehouse = _without_roll_ups(config)
    with warehouse.transaction() as connection:
        create_raw_views(connection, warehouse.home, Allocation())
        create_charges_view(connection)
    return timed("roll_up_changes", lambda: _roll_up(warehouse))


def time_unchanged_roll_up(config: Path) -> Timing:
    """Do the same again: nothing has changed, so no bill file is read."""
    warehouse = _warehouse(config)
    return timed("roll_up_changes, nothing new", lambda: _roll_up(warehouse))


def time_landing_and_roll_up(config: Path, name: str) -> Timing:
    """Bring what changed into the lake and into the tables that are made of bills."""
    warehouse, settings = _warehouse(config), load_settings(config)

    def refresh() -> None:
        for source in sources_of(settings, "aws_cur"):
            load_source(warehouse, source, AS_OF, datetime.now(UTC))
        with warehouse.transaction() as connection:
            create_raw_views(connection, warehouse.home, settings.allocation)
            create_charges_view(connection)
        _roll_up(warehouse)

    return timed(name, refresh)


def time_night(config: Path) -> Timing:
    """Run the first whole night through the command line, from landed Parquet to published results."""
    _without_roll_ups(config)
    command = [sys.executable, "-m", "costsieve.cli", "night", "--config", str(config), "--as-of", AS_OF.isoformat()]
    return timed("whole night", lambda: subprocess.run(command, check=True, capture_output=True), resource.RUSAGE_CHILDREN)


def landed_files(config: Path) -> list[str]:
    """Return the Parquet files in the lake."""
    return sorted(str(file) for file in Home(load_settings(config).home).lake.glob("aws_cur/*/*/*/*.parquet"))


def _time_statement(config: Path, name: str, prefix: str) -> Timing:
    select = Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
    settings = load_settings(config)
    # A file database under the product's own limits, beside the product's.
    warehouse = Warehouse(Home(settings.home / "benchmark"), settings.memory_limit)
    files = landed_files(config)

    def run() -> None:
        with warehouse.transaction() as connection:
            _use_threads(connection)
            connection.execute(prefix + select, {"files": files}).fetchall()

    return timed(name, run)


def _warehouse(config: Path) -> Warehouse:
    settings = load_settings(config)
    return Warehouse(Home(settings.home), settings.memory_limit)


def _without_roll_ups(config: Path) -> Warehouse:
    warehouse = _warehouse(config)
    with warehouse.transaction() as connection:
        for table in ("core.daily_cost", "core.hourly_usage", "meta.roll_ups"):
            connection.execute(f"TRUNCATE {table}")
    return warehouse


def _roll_up(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        _use_threads(connection)
        roll_up_changes(connection, Allocation())


def _use_threads(connection: Connection) -> None:
    connection.execute(f"SET threads = {THREADS}")
    connection.execute("SET enable_progress_bar = false")


def timed(name: str, run: Callable[[], object], who: int = resource.RUSAGE_SELF) -> Timing:
    """Run one phase and measure this process, or with ``who`` the processes that it waited for."""
    before, started = resource.getrusage(who), time.perf_counter()
    run()
    seconds, after = time.perf_counter() - started, resource.getrusage(who)
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timing(name, seconds, cpu_seconds, _own_peak() if who == resource.RUSAGE_SELF else after.ru_maxrss // 1024)


def _own_peak() -> int:
    """Read the peak from /proc where there is one: a child's ru_maxrss starts at the size of its parent."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    (peak,) = (line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) // 1024
