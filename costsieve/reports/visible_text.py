"""Make text from tags, names and bills safe to show: nothing in it may hide, reorder or break a line.

Long text is cut for display, and says so. Each format's own escaping (HTML, Markdown, CSV) comes after this, in its renderer.
"""

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that a reader cannot see: control, format (among them right-to-left overrides), separators of lines."""


def visible(text: str) -> str:
    r"""Return ``text`` on one line with every invisible character written out, for example ``\u202e``."""
    return "".join(_written_out(character) for character in text)


def shortened(text: str, limit: int) -> str:
    """Return the beginning of a text that is longer than ``limit`` characters, and how long it is; any other as it is."""
    return text if len(text) <= limit else f"{text[:limit].rstrip()}\u2026 ({len(text):,} characters)"


def _written_out(character: str) -> str:
    if character in "\n\r\t":
        return " "
    if unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
