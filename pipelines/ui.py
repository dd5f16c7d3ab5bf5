"""`python -m pipelines.ui`: the Dagster UI and daemon on loopback, on the instance that the nights are recorded in."""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from pipelines.environment import prepare_dagster_home, settings_or_defaults

_CHECKOUT = Path(__file__).parent.parent


def main() -> NoReturn:
    """Continue as the UI server until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.ui")
    parser.add_argument("--port", type=int, default=3000)
    port = parser.parse_args().port
    home = prepare_dagster_home(settings_or_defaults())
    dagster = str(Path(sys.executable).with_name("dagster"))
    os.chdir(home)
    os.environ.setdefault("PYTHONWARNINGS", "ignore::FutureWarning")  # `dagster dev` recommends its successor at every start
    workspace = str(_CHECKOUT / "workspace.yaml")
    os.execv(dagster, [dagster, "dev", "--workspace", workspace, "--host", "127.0.0.1", "--port", str(port)])  # noqa: S606 - no shell


if __name__ == "__main__":
    main()
