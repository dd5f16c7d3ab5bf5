"""Costsieve as a user has it: a folder with bills and costsieve.yaml, and one command. No test is here."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

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
        """Run one night and keep a copy, under a name of its own, of what is published after it."""
        done = self.run("night", "--as-of", as_of)
        copy = self.folder / f"{called}.duckdb"
        if self.published.is_file():
            shutil.copy(self.published, copy)
        return Night(done.returncode, done.stdout, done.stderr, copy)

    def report(self, as_of: str, file: str = "report.md") -> str:
        return (self.folder / ".costsieve" / "reports" / as_of / file).read_text(encoding="utf-8")
