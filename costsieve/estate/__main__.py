"""python -m costsieve.estate FOLDER: writes a demo estate. The product's own commands are in costsieve.cli."""

import argparse
from datetime import date
from pathlib import Path

from costsieve.estate.generate import write_estate
from costsieve.estate.plan import EstatePlan


def main() -> None:
    """Write the estate that the arguments ask for."""
    defaults = EstatePlan()
    parser = argparse.ArgumentParser(prog="python -m costsieve.estate", description="Write a demo estate into a folder.")
    parser.add_argument("folder", type=Path, help="where to write it; files of an earlier estate there are overwritten")
    parser.add_argument("--seed", type=int, default=defaults.seed, help="seed of all random numbers (default: %(default)s)")
    parser.add_argument("--line-items", type=int, default=defaults.line_items, help="bill rows over both providers (default: %(default)s)")
    parser.add_argument(
        "--as-of", type=date.fromisoformat, default=defaults.as_of, help="the night it is made for, YYYY-MM-DD (default: %(default)s)"
    )
    arguments = parser.parse_args()
    write_estate(arguments.folder, EstatePlan(arguments.seed, arguments.line_items, arguments.as_of))


if __name__ == "__main__":
    main()
