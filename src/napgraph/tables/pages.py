"""A table for readers: Markdown, an HTML page that needs nothing else, and the HTML that a notebook shows."""

from __future__ import annotations

from functools import partial
from html import escape as escape_marks
from typing import TYPE_CHECKING

from ..project.language import counted, say
from ..rdf.namespaces import BASE
from ..text import visible
from .citation import short
from .kinds import is_address, text

if TYPE_CHECKING:
    from .kinds import About, TableData, Value

__all__ = ["fragment", "markdown", "page"]

_STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; color: #111; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
caption { text-align: left; font-weight: bold; padding: .4em 0; }
th, td { border: 1px solid #999; padding: .2em .5em; text-align: left; vertical-align: top; }
th { background: #eee; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { white-space: pre-wrap; background: #f4f4f4; padding: .5em; }
@media print { body { margin: 0; max-width: none; } thead { display: table-header-group; } }"""
_MOST_ROWS = 20


def markdown(table: TableData) -> str:
    """Return the table alone, in the Markdown of GitHub and pandoc."""

    def line(values: list[str]) -> str:
        return "| " + " | ".join(map(_marked, values)) + " |"

    rows = [line([text(row.get(name)) for name in table.names]) for row in table.rows]
    return "\n".join([line(table.names), "|" + " --- |" * len(table.names), *rows]) + "\n"


def _marked(value: str) -> str:
    for mark, instead in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;")):
        value = value.replace(mark, instead)
    return visible(" ".join(value.splitlines()))


def page(table: TableData) -> str:
    """Return a whole page: the table, what its columns mean, and what it was made from.

    It is in the language of the table; meanings of columns and the words of queries are in English, and marked so.
    """
    title, language = escape(table.about.title), table.about.language
    english = "" if language == "en" else ' lang="en"'
    words = [(column.name, escape(column.words)) for column in table.columns if column.words]
    meaning = "".join(f"<dt>{escape(name)}</dt><dd>{told}</dd>" for name, told in words)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n"
        f'<div class="wide">\n{_table(table, len(table))}\n</div>\n'
        + (f"<h2>{say(language, 'Columns')}</h2>\n<dl{english}>{meaning}</dl>\n" if meaning else "")
        + _about(table.about)
        + "</body>\n</html>\n"
    )


def fragment(table: TableData) -> str:
    """Return the first rows for a notebook, with how many there are."""
    left = len(table) - _MOST_ROWS
    more = f"<p>{_MOST_ROWS} of {len(table)} rows; .rows, .to_pandas() or .to_polars() give them all.</p>"
    return f"<div>\n{_table(table, _MOST_ROWS)}\n{more if left > 0 else ''}</div>"


def escape(text: str) -> str:
    """Return a text as HTML, what cannot be seen in it as signs."""
    return escape_marks(visible(text))


def _table(table: TableData, most: int) -> str:
    heads = "".join(
        f'<th scope="col" title="{escape(column.words)}">{escape(column.name)}</th>' for column in table.columns
    )
    body = "\n".join(
        "<tr>" + "".join(_cell(row.get(name)) for name in table.names) + "</tr>" for row in table.rows[:most]
    )
    return (
        f"<table>\n<caption>{escape(_caption(table))}</caption>\n"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    )


def _caption(table: TableData) -> str:
    about = table.about
    count = counted(about.language, len(table), "{count} row", "{count} rows")
    version = say(about.language, "data version {version}", version=short(about.version)) if about.version else ""
    return " · ".join(filter(None, (about.title, count, version)))


def _cell(value: Value) -> str:
    if isinstance(value, str) and is_address(value):
        return f'<td><a href="{escape(value)}">{escape(value.removeprefix(BASE))}</a></td>'
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    start = '<td class="number">' if number else '<td dir="auto">' if not text(value).isascii() else "<td>"
    return f"{start}{escape(text(value))}</td>"


def _about(about: About) -> str:
    said = partial(say, about.language)
    entries = [
        (said("Question"), about.question),
        *((said("Parameter {name}", name=name), value) for name, value in about.parameters.items()),
        (said("Sources"), "; ".join(about.sources)),
        (said("Data version"), about.version),
        (said("Licence"), about.licence),
        (said("How to cite"), about.citation),
        *((said("Note"), note) for note in about.notes),
    ]
    parts = [f"<dt>{escape(name)}</dt><dd>{_told(value)}</dd>" for name, value in entries if value]
    queries = [f"<h3>{escape(name)}</h3>\n<pre>{escape(told)}</pre>\n" for name, told in about.queries.items()]
    made = f"<h2>{said('About')}</h2>\n<dl>{''.join(parts)}</dl>\n" if parts else ""
    return made + (f"<h2>{said('Query')}</h2>\n" + "".join(queries) if queries else "")


def _told(value: str) -> str:
    return f'<a href="{escape(value)}">{escape(value)}</a>' if is_address(value) else escape(value)
