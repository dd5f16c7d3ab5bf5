"""What a night says on the terminal that started it: why it stopped, what it went on without, what it found. Runs nothing."""

import sys
from collections.abc import Sequence
from datetime import date
from textwrap import fill

import dagster as dg

from costsieve.cli.invocation import command
from costsieve.errors import CostsieveError
from costsieve.home import Home
from costsieve.quality.notices import failed_sources, quarantined, warnings
from costsieve.reports.limits import NOTICE_SHOWN, TEXT_SHOWN
from costsieve.reports.visible_text import shortened, visible
from costsieve.reports.write import top_savings
from costsieve.settings import Settings
from costsieve.warehouse import open_published

_WIDTH = 110
_QUESTION = '"SELECT * FROM results.plan ORDER BY as_of DESC, step"'


def tell_blocking(checks: Sequence[dg.AssetCheckEvaluation], as_of: date) -> None:
    """Say which checks blocked the night, which rows are against them, and what to do."""
    counted = "1 critical check" if len(checks) == 1 else f"{len(checks)} critical checks"
    sys.stderr.write(f"\ncostsieve: the night of {as_of} is blocked by {counted}:\n")
    for check in checks:
        title, seen, remedy = (str(check.metadata[name].value) for name in ("title", "observed", "remedy"))
        sys.stderr.write(f"\n  Failed: {visible(title)} ({check.asset_key.to_user_string()}, {check.check_name})\n")
        for part in seen.split(" | "):
            sys.stderr.write(_indented(part))
        sys.stderr.write(_indented(f"What to do: {remedy}"))


def tell_interrupted(as_of: date, *, is_published: bool) -> None:
    """Say whether the night had ended all the same."""
    ended = f"the night of {as_of} was published before" if is_published else "nothing was published"
    sys.stderr.write(f"\ncostsieve: interrupted; {ended}.\n")
    sys.stdout.flush()
    sys.stderr.flush()


def tell_nothing_published(home: Home, checked: date | None) -> None:
    """Say what stands instead of the night, and where to look at its checks; None when it never came to them."""
    sys.stderr.write(f"\ncostsieve: nothing was published{_what_stands(home)}.\n")
    docs = home.data_docs / checked.isoformat() / "index.html" if checked else None
    if docs and docs.is_file():
        sys.stderr.write(f"What every check saw: {docs}\n")


def tell_summary(settings: Settings, as_of: date) -> None:
    """Say where the report is, what must be known before its figures, and the largest savings."""
    home = Home(settings.home)
    sys.stdout.write(f"\nReport of {as_of}: {home.reports / as_of.isoformat() / 'report.html'}\n")
    with open_published(home.published_warehouse) as connection:
        notices = [source.sentence for source in failed_sources(connection, as_of)]
        notices += [held.sentence for held in quarantined(connection, as_of)]
        warned = [check.title for check in warnings(connection, as_of)]
        savings = top_savings(connection, as_of, 5, settings.currency)
    for notice in notices:
        sys.stdout.write(f"\n{fill(visible(shortened(f'Note: {notice}', TEXT_SHOWN)), _WIDTH, break_long_words=False)}\n")
    if warned:
        sys.stdout.write("\nFailed as warnings, see Data checks in the report:\n" + "".join(f"  {title}\n" for title in warned))
    sys.stdout.write("\nThe largest savings a month:\n")
    for saving in savings:
        sys.stdout.write(f"  {saving.amount:>14,.2f} {saving.currency}  {visible(shortened(saving.title, NOTICE_SHOWN))}\n")
    if not savings:
        sys.stdout.write("  none found; the report says how much of the spend could be evaluated.\n")
    sys.stdout.write(f"\nAsk in SQL: {command('sql')} {_QUESTION}\n")
    sys.stdout.write(f"See the lineage: {command('ui')}\n")


def _indented(text: str) -> str:
    return fill(visible(text), _WIDTH, initial_indent="    ", subsequent_indent="      ", break_long_words=False) + "\n"


def _what_stands(home: Home) -> str:
    if not home.published_warehouse.is_file():
        return "; no night has published yet"
    try:
        with open_published(home.published_warehouse) as connection:
            [(night,)] = connection.execute("SELECT max(as_of) FROM meta.nights").fetchall()
    except CostsieveError:  # it is damaged, as the night has told
        return ""
    return f"; the last good result, of the night of {night}, stands"
