"""python -m benchmarks.night: generates a bill, times what a night does with it and prints the ratios. Phases are in benchmarks.phases."""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.export import WrittenExport, write_export
from benchmarks.phases import (
    Timing,
    run_alone,
    time_landing,
    time_night,
    time_plain_roll_up,
    time_product_roll_up,
    time_raw_scan,
    time_unchanged_roll_up,
)

_CONFIG = "home: home\ncurrency: USD\nsources:\n  - {name: org-bill, type: aws_cur, location: cur/costs}\n"


def main() -> None:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.night", description="Time the roll-up and the night on a generated bill.")
    parser.add_argument("--line-items", type=int, default=10_000_000, help="bill rows over three months (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="repetitions of each roll-up; the fastest counts (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="where to write the bill and the lake; kept afterwards (default: a temporary folder)")
    arguments = parser.parse_args()
    if arguments.folder is not None:
        arguments.folder.mkdir(parents=True)
        _measure(arguments.folder.resolve(), arguments.line_items, arguments.rounds)
        return
    with tempfile.TemporaryDirectory(prefix="costsieve-benchmark-") as folder:
        _measure(Path(folder), arguments.line_items, arguments.rounds)


def _measure(folder: Path, line_items: int, rounds: int) -> None:
    config = folder / "costsieve.yaml"
    config.write_text(_CONFIG, encoding="utf-8")
    _print_bill(run_alone(write_export, folder / "cur" / "costs", line_items))
    _print_timing(run_alone(time_landing, config), None)
    _fastest(time_raw_scan, config, rounds, None)
    plain = _fastest(time_plain_roll_up, config, rounds, None)
    _fastest(time_product_roll_up, config, rounds, plain)
    _print_timing(run_alone(time_unchanged_roll_up, config), plain)
    _print_night(run_alone(time_night, config), plain)


def _fastest(phase: Callable[[Path], Timing], config: Path, rounds: int, plain: Timing | None) -> Timing:
    fastest = min((run_alone(phase, config) for _ in range(rounds)), key=lambda timing: timing.wall_seconds)
    _print_timing(fastest, plain)
    return fastest


def _print_bill(export: WrittenExport) -> None:
    print(f"{export.row_count:,} line items in Parquet, {export.byte_count / export.row_count:.0f} bytes a row")
    print(f"{'phase':30} {'seconds':>9} {'cpu s':>9} {'peak MB':>9} {'x plain':>9}")


def _print_timing(timing: Timing, plain: Timing | None) -> None:
    ratio = f"{timing.wall_seconds / plain.wall_seconds:9.2f}" if plain else ""
    figures = f"{timing.wall_seconds:9.2f} {timing.cpu_seconds:9.2f} {timing.peak_megabytes:9,}"
    print(f"{timing.name:30} {figures} {ratio}".rstrip(), flush=True)


def _print_night(night: Timing, plain: Timing) -> None:
    _print_timing(night, plain)
    allowed = 1.5 * plain.wall_seconds + 20
    print(f"whole night: {night.wall_seconds:.1f} s of {allowed:.1f} s (1.5 x plain_roll_up + 20 s)")


if __name__ == "__main__":
    main()
