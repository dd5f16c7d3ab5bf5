"""The frame around a page of Data Docs: one self-contained file, light and dark. Its content is made in costsieve.quality.data_docs."""

from html import escape

_STYLE = """
:root { color-scheme: light dark; --line: #8885; --good: #18794e; --bad: #c62a2f; --warn: #ad5700; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin: 0; } h5, h6 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; }
.table-responsive, .show-scrollbars { overflow-x: auto; }
.badge { background: #8882; border-radius: .25rem; padding: 0 .3rem; font-family: ui-monospace, monospace; font-size: .85em; }
.fa-check-circle::before { content: "\\2713"; color: var(--good); } .fa-times::before { content: "\\2717"; color: var(--bad); }
.text-danger { color: var(--bad); } section { border-left: 4px solid; margin: 1rem 0; padding: .3rem 1rem; }
.critical { border-color: var(--bad); } .warning { border-color: var(--warn); }
@media (prefers-color-scheme: dark) { :root { --good: #4cc38a; --bad: #ff6369; --warn: #f1a10d; } }
"""


def page(title: str, body: str, home: str) -> str:
    """Return one page; ``body`` is markup, ``title`` is text, ``home`` links back to the index where there is one."""
    back = f'<p><a href="{home}">All tables</a></p>' if home else ""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
    content = f"<body>{back}<h1>{escape(title)}</h1>{body}</body>"
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}<style>{_STYLE}</style></head>{content}</html>\n'
