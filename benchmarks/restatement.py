"""python -m benchmarks.restatement: what a night costs when 1 of 24 billing months changed, against making all 24 anew."""

import argparse
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.export import refresh_month, write_export
from benchmarks.phases import Timing, run_alone, time_landing_and_roll_up

_CONFIG = "home: home\ncurrency: USD\nsources:\n  - {name: org-bill, type: aws_cur, location: cur/costs}\n"
_MONTHS = tuple(date(2024 + (9 + number) // 12, (9 + number) % 12 + 1, 1) for number in range(24))
_ALLOWED_SHARE = 0.10


def main() -> None:
    """Generate 24 months, land and roll them up, deliver one of them again, do it again, print the share."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.restatement", description="Time a night that restates 1 of 24 months.")
    parser.add_argument("--line-items", type=int, default=6_000_000, help="bill rows over 24 months (default: %(default)s)")
    line_items = parser.parse_args().line_items
    with tempfile.TemporaryDirectory(prefix="costsieve-benchmark-") as folder:
        _measure(Path(folder), line_items)


def _measure(folder: Path, line_items: int) -> None:
    config, location = folder / "costsieve.yaml", folder / "cur" / "costs"
    config.write_text(_CONFIG, encoding="utf-8")
    run_alone(write_export, location, line_items, _MONTHS)
    everything = run_alone(time_landing_and_roll_up, config, "all 24 months")
    refresh_month(location, _MONTHS[-2])
    one = run_alone(time_landing_and_roll_up, config, "1 of 24 months")
    nothing = run_alone(time_landing_and_roll_up, config, "nothing new")
    for timing in (everything, one, nothing):
        _print(timing, everything)
    print(f"1 of 24 months: {one.wall_seconds / everything.wall_seconds:.1%} of the full rebuild; {_ALLOWED_SHARE:.0%} allowed")


def _print(timing: Timing, everything: Timing) -> None:
    share = timing.wall_seconds / everything.wall_seconds
    print(f"{timing.name:20} {timing.wall_seconds:9.2f} s {timing.cpu_seconds:9.2f} cpu s {timing.peak_megabytes:9,} MB {share:8.1%}")


if __name__ == "__main__":
    main()
