"""Costsieve as a user has it: a folder with bills and costsieve.yaml, and its commands. No test is here."""

import io
import os
import shutil
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from warnings import catch_warnings

import duckdb
import pytest

from pipelines.night import main

COSTSIEVE = Path(sys.executable).with_name("costsieve")


@dataclass(frozen=True)
class Night:
    """What one night said, and a copy of the file that was published after it."""

    exit_code: int
    output: str
    errors: str
    published: Path

    def rows(self, sql: str) -> list[Any]:
        with duckdb.connect(str(self.published), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def value(self, sql: str) -> Any:  # noqa: ANN401 - a cell may hold any type
        [(value,)] = self.rows(sql)
        return value


@dataclass(frozen=True)
class Installation:
    folder: Path

    @property
    def published(self) -> Path:
        return self.folder / ".costsieve" / "published" / "warehouse.duckdb"

    def configure(self, text: str) -> None:
        (self.folder / "costsieve.yaml").write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command of costsieve, as on a terminal that is not one."""
        return subprocess.run(self.command(*arguments), capture_output=True, text=True, check=False)

    def command(self, *arguments: str) -> list[str]:
        return [str(COSTSIEVE), *arguments, "--config", str(self.folder / "costsieve.yaml")]

    def night(self, as_of: str, called: str) -> Night:
        """Run one night as a user does, and keep a copy, under a name of its own, of what is published after it."""
        done = self.run("night", "--as-of", as_of)
        return Night(done.returncode, done.stdout, done.stderr, self._copy_published(called))

    def quick_night(self, as_of: str, called: str) -> Night:
        """The same in this process, whose imports take a third of a small night: the job, its home and its words are the same."""
        output, errors = io.StringIO(), io.StringIO()
        # Outside tests, a framework's warning fails nothing.
        with pytest.MonkeyPatch.context() as patch, catch_warnings(action="ignore"), redirect_stdout(output), redirect_stderr(errors):
            patch.setenv("COSTSIEVE_CONFIG", str(self.folder / "costsieve.yaml"))
            for set_by_the_night in ("DAGSTER_HOME", "COSTSIEVE_PROGRESS"):
                patch.setenv(set_by_the_night, "")
            patch.setattr("sys.argv", ["night", "--as-of", as_of])
            exit_code = main()
        return Night(exit_code, output.getvalue(), errors.getvalue(), self._copy_published(called))

    def killed_night(self, as_of: str) -> None:
        """Run a night and kill it when the bills are landed and not yet rolled up."""
        with subprocess.Popen(self.command("night", "--as-of", as_of), stderr=subprocess.PIPE, start_new_session=True) as running:
            assert running.stderr is not None
            for line in running.stderr:
                if b"core/charges" in line:
                    break
            os.killpg(running.pid, signal.SIGKILL)
        assert running.returncode == -signal.SIGKILL

    def _copy_published(self, called: str) -> Path:
        copy = self.folder / f"{called}.duckdb"
        if self.published.is_file():
            shutil.copy(self.published, copy)
        return copy

    def report(self, as_of: str, file: str = "report.md") -> str:
        return (self.folder / ".costsieve" / "reports" / as_of / file).read_text(encoding="utf-8")
