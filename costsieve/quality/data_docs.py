"""Data Docs: what Great Expectations renders of a night's validations, on pages that need no network. What is validated: see validation.

The framework's own page loads styles and scripts from other hosts and does not escape values; only its sections are used here.
Importing this module imports great_expectations, which takes seconds: import it where it is used.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.render.renderer import ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaSectionView

from costsieve.quality.checks import CheckOutcome
from costsieve.quality.data_docs_page import page
from costsieve.warehouse import Connection

_KEPT_NIGHTS = 30
_LINK_TO_SUITE = re.compile(r'<a href="\.\./[^>]*>(.*?)</a>')
"""The framework links a page of the suite, which says nothing that the results do not say."""


@dataclass(frozen=True)
class DocumentedTable:
    """The outcomes of one table's checks, and the framework's results that they were made of."""

    table_name: str
    outcomes: Sequence[CheckOutcome]
    validated: Sequence[ExpectationSuiteValidationResult]


def write_data_docs(connection: Connection, folder: Path, table: DocumentedTable, as_of: date) -> Path:
    """Write the page of one table into the night's ``folder`` and its index over all tables checked so far; returns the page.

    Folders beside it are other nights: the newest thirty are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table.table_name}.html"
    body = "".join([*_failures(table.outcomes), *_sections(table)])
    path.write_text(page(f"{table.table_name}, night of {as_of}", body, home="index.html"), encoding="utf-8")
    (folder / "index.html").write_text(_index(connection, folder, as_of), encoding="utf-8")
    for old in sorted(each for each in folder.parent.iterdir() if each.is_dir())[:-_KEPT_NIGHTS]:
        shutil.rmtree(old)
    return path


def _failures(outcomes: Sequence[CheckOutcome]) -> Iterator[str]:
    """Say what failed and what to do: the framework shows how many rows a query found, and none of them."""
    for outcome in outcomes:
        if not outcome.is_passed:
            name, told = outcome.name, (outcome.seen, outcome.name.remedy)
            yield f'<section class="{name.severity}"><h2>{name.severity}: {escape(name.title)}</h2>'
            yield "".join(f"<p>{escape(text)}</p>" for text in told) + "</section>"


def _sections(table: DocumentedTable) -> Iterator[str]:
    results = [result for suite in table.validated for result in suite.results]
    held = sum(bool(result.success) for result in results)
    merged = ExpectationSuiteValidationResult(
        success=held == len(results),
        results=[_escaped(result) for result in results],
        suite_name=table.table_name,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": held,
            "unsuccessful_expectations": len(results) - held,
            "success_percent": 100 * held / len(results),
        },
        meta=table.validated[0].meta,
    )
    document = ValidationResultsPageRenderer(run_info_at_end=True).render(merged)
    view = DefaultJinjaSectionView()
    for position, section in enumerate(document.sections, start=1):
        shown = {"section": section.to_json_dict(), "section_loop": {"index": position}}
        rendered = view.render(shown)  # type: ignore[no-untyped-call]  # the framework leaves its views untyped
        yield _LINK_TO_SUITE.sub(r"\1", rendered)


def _escaped(result: ExpectationValidationResult) -> ExpectationValidationResult:
    """Escape every text that may come from outside."""
    return ExpectationValidationResult(
        success=result.success, expectation_config=result.expectation_config, result=_markup_free(result.result), meta=result.meta
    )


def _markup_free(value: Any) -> Any:  # noqa: ANN401 - the framework's results are nested and of any type
    if isinstance(value, dict):
        return {_markup_free(name): _markup_free(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_markup_free(each) for each in value]
    return escape(value) if isinstance(value, str) else value


def _index(connection: Connection, folder: Path, as_of: date) -> str:
    """List the tables of the night with what failed; a page that is not there yet is not linked."""
    counts = connection.execute(
        "SELECT table_name, count(*), count(*) FILTER (NOT is_passed AND severity = 'critical'),"
        " count(*) FILTER (NOT is_passed AND severity = 'warning') FROM quality.results WHERE as_of = $as_of"
        " GROUP BY table_name ORDER BY table_name",
        {"as_of": as_of},
    ).fetchall()
    rows = "".join(
        f'<tr><td><a href="{name}.html">{name}</a></td><td>{checks}</td><td>{critical or ""}</td><td>{warned or ""}</td></tr>'
        for name, checks, critical, warned in counts
        if (folder / f"{name}.html").is_file()
    )
    head = "<tr><th>Table</th><th>Checks</th><th>Failed, critical</th><th>Failed, warning</th></tr>"
    return page(f"Data checks of the night of {as_of}", f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>", home="")
