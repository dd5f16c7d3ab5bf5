"""How fast, and in how much memory, a legacy report in csv.gz lands. Run: `python -m benchmarks.land_legacy_csv --line-items 2000000`.

It writes one month of line items in several files and prints, from one run: one-thread zcat over all files, the landing (conversion,
checks and control totals, in a process of its own), their ratio, and the peak memory of the landing.
"""

import argparse
import json
import shutil
import subprocess
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from benchmarks.phases import Timing, run_alone, timed
from costsieve.home import Home
from costsieve.source_settings import AwsCurSource
from costsieve.sources.aws.cur import AwsCur
from costsieve.sources.landing import load_source
from costsieve.warehouse import Warehouse

_MONTH = date(2026, 9, 1)
_RANGE = "20260901-20261001"
_HOURS = 720


def main() -> None:
    """Write the report, time, print."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        report = Path(folder) / "costs"
        files = write_report(report, arguments.line_items, arguments.files)
        packed = sum(file.stat().st_size for file in files) / 2**20
        print(f"{arguments.line_items:,} line items in {len(files)} files, {packed:,.0f} MiB of gz")
        for _ in range(arguments.rounds):
            reading = _time_zcat(files)
            shutil.rmtree(Path(folder) / "home", ignore_errors=True)
            landing = run_alone(_land, report, Path(folder) / "home")
            wall, cpu = landing.wall_seconds, landing.cpu_seconds
            ratio = f"{wall / reading:.2f} x zcat, {cpu:.2f} CPU seconds"
            print(f"zcat {reading:.2f} s; landing {wall:.2f} s = {ratio}, peak {landing.peak_megabytes:,} MB")


def write_report(report: Path, line_items: int, files: int) -> list[Path]:
    """Write one month under ``report`` in overwrite mode and return its data files; the same numbers give the same rows."""
    folder = report / _RANGE
    folder.mkdir(parents=True)
    here = Path(__file__)
    line_items_sql = here.with_name("line_items.sql").read_text(encoding="utf-8")
    legacy_sql = here.with_name("legacy_line_items.sql").read_text(encoding="utf-8")
    written = []
    with duckdb.connect(config={"preserve_insertion_order": "false"}) as connection:
        connection.execute("SET enable_progress_bar = false")
        for part in range(files):
            bound = {"things": line_items // _HOURS, "rows": line_items, "part": part, "parts": files, "month": _MONTH}
            connection.execute(f"CREATE OR REPLACE TEMP TABLE line_items AS {line_items_sql}", bound)
            path = folder / f"costs-{part + 1:05d}.csv.gz"
            connection.sql(legacy_sql).write_csv(str(path), header=True, compression="gzip")
            written.append(path)
    keys = [f"cur/costs/{_RANGE}/{path.name}" for path in written]
    (folder / "costs-Manifest.json").write_text(json.dumps({"assemblyId": "benchmark", "reportKeys": keys}), encoding="utf-8")
    return written


def _land(report: Path, home: Path) -> Timing:
    warehouse = Warehouse(Home(home))
    source = AwsCur(AwsCurSource(name="org-bill", type="aws_cur", location=str(report)))
    return timed("landing", lambda: load_source(warehouse, source, date(2026, 10, 1), datetime.now(UTC)))


def _time_zcat(files: list[Path]) -> float:
    zcat = shutil.which("zcat")
    assert zcat, "zcat is needed to compare with"
    started = time.perf_counter()
    subprocess.run([zcat, *map(str, files)], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--line-items", type=int, default=10_000_000)
    parser.add_argument("--files", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=None, help="where to write; the system's temporary folder if absent")
    return parser.parse_args()


if __name__ == "__main__":
    main()
