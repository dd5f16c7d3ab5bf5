"""Put the report of a night where readers look for it: all files or none, and `latest` beside them. What they say is decided elsewhere."""

import shutil
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from costsieve.home import Home
from costsieve.reports import summary
from costsieve.reports.render_html import render_html
from costsieve.reports.render_markdown import render_markdown
from costsieve.reports.write_tables import (
    allocation_csv,
    changes_csv,
    evaluations_csv,
    findings_csv,
    realized_csv,
    reconciliation_csv,
    report_json,
    savings_csv,
    untagged_csv,
)
from costsieve.warehouse import Connection


@dataclass(frozen=True)
class ReportFiles:
    """The files of one night's report."""

    folder: Path

    @property
    def html(self) -> Path:
        """The page."""
        return self.folder / "report.html"

    @property
    def markdown(self) -> Path:
        """The same as Markdown."""
        return self.folder / "report.md"

    @property
    def json(self) -> Path:
        """The same for programs."""
        return self.folder / "report.json"

    @property
    def savings(self) -> Path:
        """Every step of the plan."""
        return self.folder / "savings.csv"

    @property
    def findings(self) -> Path:
        """Every finding."""
        return self.folder / "findings.csv"

    @property
    def changes(self) -> Path:
        """What changed of the findings since the last night."""
        return self.folder / "changes.csv"

    @property
    def realized(self) -> Path:
        """What was saved so far."""
        return self.folder / "realized.csv"

    @property
    def evaluations(self) -> Path:
        """The ledger."""
        return self.folder / "evaluations.csv"

    @property
    def allocation(self) -> Path:
        """Whose cost everything is."""
        return self.folder / "allocation.csv"

    @property
    def untagged(self) -> Path:
        """Usage that has no value of an allocation dimension."""
        return self.folder / "untagged.csv"

    @property
    def reconciliation(self) -> Path:
        """What was compared with the delivered bills."""
        return self.folder / "reconciliation.csv"


@dataclass(frozen=True)
class Saving:
    """One step of the plan in a line; ``amount`` is net and a month."""

    title: str
    amount: Decimal
    currency: str
    finding_id: str | None


def write_reports(connection: Connection, home: Home, as_of: date, leading_currency: str = summary.DEFAULT_CURRENCY) -> ReportFiles:
    """Write the report of a night to ``reports/<as_of>/`` and point ``reports/latest`` at the newest night there.

    The files are written aside and renamed into place, so a reader sees the old report or the new one. The same tables give the same bytes.
    """
    report = replace(summary.read_report(connection, as_of, leading_currency), data_docs=_link_to_data_docs(home, as_of))
    folder = home.reports / as_of.isoformat()
    aside = home.reports / f".{folder.name}.writing"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    files = ReportFiles(aside)
    contents = {
        files.html: render_html(report),
        files.markdown: render_markdown(report),
        files.json: report_json(report),
        files.savings: savings_csv(report),
        files.findings: findings_csv(connection, as_of),
        files.changes: changes_csv(connection, as_of),
        files.realized: realized_csv(connection, as_of),
        files.evaluations: evaluations_csv(connection, as_of),
        files.allocation: allocation_csv(connection, as_of),
        files.untagged: untagged_csv(connection, as_of),
        files.reconciliation: reconciliation_csv(connection),
    }
    for path, content in contents.items():
        path.write_text(content, encoding="utf-8", newline="\n")
    _replace_folder(aside, folder)
    _point_latest(home.reports)
    return ReportFiles(folder)


def top_savings(
    connection: Connection, as_of: date, count: int = 5, leading_currency: str = summary.DEFAULT_CURRENCY
) -> tuple[Saving, ...]:
    """Return the steps with the largest net savings, in the currency that leads the report, for the command line."""
    steps = summary.largest_steps(connection, as_of, count, leading_currency)
    return tuple(Saving(step.title, step.net_savings, step.currency, step.finding_id) for step in steps)


def _link_to_data_docs(home: Home, as_of: date) -> str | None:
    """Relative to the folder of the report, so that it holds wherever the home folder is moved or mounted."""
    index = home.data_docs / as_of.isoformat() / "index.html"
    return index.relative_to(home.reports / as_of.isoformat(), walk_up=True).as_posix() if index.is_file() else None


def _replace_folder(new: Path, folder: Path) -> None:
    """A folder that holds files cannot be renamed over, so the old one steps aside first."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _point_latest(reports: Path) -> None:
    """The newest night counts, so that a backfill of an older one does not take `latest` back in time."""
    newest = max(path.name for path in reports.iterdir() if path.is_dir() and not path.is_symlink() and not path.name.startswith("."))
    link = reports / ".latest.new"
    link.unlink(missing_ok=True)
    link.symlink_to(newest, target_is_directory=True)
    link.replace(reports / "latest")
