"""`python -m pipelines.ui`: the Dagster UI and daemon on loopback, on the instance that the nights are recorded in."""

import argparse
import subprocess
import sys
from pathlib import Path

from pipelines.environment import prepare_dagster_home, settings_or_defaults


def main() -> int:
    """Serve the UI until interrupted; returns the server's exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.ui")
    parser.add_argument("--port", type=int, default=3000)
    port = parser.parse_args().port
    prepare_dagster_home(settings_or_defaults())
    dagster = Path(sys.executable).with_name("dagster")
    command = [str(dagster), "dev", "--workspace", "workspace.yaml", "--host", "127.0.0.1", "--port", str(port)]
    return subprocess.run(command, check=False, cwd=Path(__file__).parent.parent).returncode  # noqa: S603 - our own command


if __name__ == "__main__":
    sys.exit(main())
