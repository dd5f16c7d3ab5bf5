"""The house's import rules, as import-linter reads them from pyproject.toml."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_imports_follow_the_data_from_sources_to_reports() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")

    verdict = subprocess.run([lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert verdict.returncode == 0, verdict.stdout
