"""Text, code and tables in Markdown that stay what they are, whatever they contain. Knows nothing of reports."""

import re
from collections.abc import Sequence

from costsieve.reports.limits import TEXT_SHOWN
from costsieve.reports.visible_text import shortened, visible

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$])")
_BLOCK_START = re.compile(r"^(\s*\d*)([#+.)=-])")
_LINKED = re.compile(r"(?i):(?=//)|(?<=www)\.|@")
_BACKTICKS = re.compile(r"`+")


def text(value: object) -> str:
    """Escape one line of text: no markup, HTML, link or table column can come out of it, and no bare address turns into a link.

    What is longer than any reader would read is cut.
    """
    escaped = _BLOCK_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", visible(shortened(str(value), TEXT_SHOWN))))
    return _LINKED.sub(lambda found: f"&#{ord(found[0])};", escaped)


def code(value: object) -> str:
    """Write a code span; the fence is longer than any run of backticks inside, and pipes cannot end a table cell."""
    shown = visible(str(value)).replace("|", "\\|")
    fence = "`" * (_longest_run(shown) + 1)
    padding = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def code_block(value: str) -> list[str]:
    """Write a fenced block, line by line."""
    lines = [visible(line) for line in value.splitlines()]
    fence = "`" * max(3, max((_longest_run(line) for line in lines), default=0) + 1)
    return [fence, *lines, fence]


def table(header: Sequence[str], lines: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> list[str]:
    """Write a table of cells that are escaped already; columns in ``numbers`` are flush right."""
    rule = ["---:" if index in numbers else "---" for index in range(len(header))]
    return [_line(header), _line(rule), *(_line(cells) for cells in lines), ""]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _longest_run(value: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(value)), default=0)
