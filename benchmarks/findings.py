"""python -m benchmarks.findings: all rules on 43.2 million hourly points, rule by rule, beside a plain scan of the same files."""

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measured_estate import AS_OF, WrittenSeries, metric_files, write_measured_estate
from benchmarks.phases import THREADS, Timing, run_alone, timed
from costsieve.findings.cash import write_cash_savings
from costsieve.findings.evaluation import evaluate_rule
from costsieve.findings.rule import load_rules
from costsieve.home import Home
from costsieve.settings import Settings
from costsieve.usage.estate import describe_machines, roll_up_utilization
from costsieve.usage.lake_views import create_lake_views
from costsieve.warehouse import Connection, Warehouse

_ALLOWED_SECONDS = 20
_SCAN = (
    "SELECT count(*), max(resource_id), max(metric), max(observed_at), sum(average), max(maximum), max(p95), sum(total),"
    " sum(sample_count) FROM read_parquet($files)"
)


@dataclass(frozen=True)
class Evaluation:
    """A whole evaluation: its timing, the seconds of each step in it, and how many findings it wrote."""

    timing: Timing
    steps: tuple[tuple[str, float], ...]
    findings: int


def main() -> None:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.findings", description="Time all rules on generated metrics.")
    parser.add_argument("--rounds", type=int, default=3, help="repetitions; the fastest counts (default: %(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="costsieve-benchmark-") as folder:
        home = Path(folder) / "home"
        _print_series(run_alone(write_measured_estate, home))
        scan = min((run_alone(scan_metrics, home) for _ in range(arguments.rounds)), key=lambda timing: timing.wall_seconds)
        rounds = [run_alone(evaluate_all, home) for _ in range(arguments.rounds)]
    _print(scan, min(rounds, key=lambda evaluation: evaluation.timing.wall_seconds))


def scan_metrics(home: Path) -> Timing:
    """Read every column of every point once."""
    files = metric_files(home)

    def scan() -> None:
        with Warehouse(Home(home / "scan")).connect() as connection:
            connection.execute(f"SET threads = {THREADS}")
            connection.execute(_SCAN, {"files": files}).fetchall()

    return timed("raw scan", scan)


def evaluate_all(home: Path) -> Evaluation:
    """Roll the hours up to days, run every rule, and work out what the findings save in cash, as a night does it."""
    warehouse, settings, steps = Warehouse(Home(home)), Settings(), list[tuple[str, float]]()

    def evaluate() -> None:
        with warehouse.transaction() as connection:
            connection.execute(f"SET threads = {THREADS}")
            _run_steps(connection, warehouse.home, settings, steps)

    timing = timed("all rules", evaluate)
    with warehouse.connect() as connection:
        [(findings,)] = connection.execute("SELECT count(*) FROM results.findings").fetchall()
    return Evaluation(timing, tuple(steps), findings)


def _run_steps(connection: Connection, home: Home, settings: Settings, steps: list[tuple[str, float]]) -> None:
    started = time.perf_counter()
    create_lake_views(connection, home)
    roll_up_utilization(connection, AS_OF)
    describe_machines(connection)
    steps.append(("usage.resource_day", time.perf_counter() - started))
    for rule in load_rules():
        started = time.perf_counter()
        evaluate_rule(connection, rule, AS_OF, settings)
        steps.append((rule.id, time.perf_counter() - started))
    started = time.perf_counter()
    write_cash_savings(connection, AS_OF)
    steps.append(("cash savings", time.perf_counter() - started))


def _print_series(written: WrittenSeries) -> None:
    print(
        f"{written.points:,} points of {written.resources:,} resources, {written.byte_count / written.points:.1f} bytes a point in Parquet"
    )


def _print(scan: Timing, evaluation: Evaluation) -> None:
    print(f"{'step':42} {'seconds':>9} {'x scan':>9}")
    for name, seconds in sorted(evaluation.steps, key=lambda step: -step[1]):
        print(f"{name:42} {seconds:9.2f} {seconds / scan.wall_seconds:9.2f}")
    whole = evaluation.timing
    print(f"raw scan: {scan.wall_seconds:.2f} s, {scan.peak_megabytes:,} MB")
    print(
        f"all rules: {whole.wall_seconds:.1f} s of {_ALLOWED_SECONDS} s, {whole.wall_seconds / scan.wall_seconds:.1f} x the scan,"
        f" {whole.cpu_seconds:.1f} CPU s, peak {whole.peak_megabytes:,} MB, {evaluation.findings:,} findings"
    )


if __name__ == "__main__":
    main()
