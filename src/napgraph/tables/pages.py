"""A table for readers: Markdown, an HTML page that needs nothing else, and the HTML that a notebook shows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..project.language import counted, say
from ..rdf.namespaces import BASE
from ..text import visible
from .citation import short
from .kinds import is_address, text

if TYPE_CHECKING:
    from .kinds import TableData

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
    """Return a page: the table, what its columns mean, and what it was made from.

    It is in the language of the table; meanings of columns and the words of queries are in English, and marked so.
    """
    about, said = table.about, partial(say, table.about.language)
    entries = [
        (said("Question"), about.question),
        *((said("Parameter {name}", name=name), value) for name, value in about.parameters.items()),
        (said("Sources"), "; ".join(about.sources)),
        (said("Data version"), about.version),
        (said("Licence"), about.licence),
        (said("How to cite"), about.citation),
        *((said("Note"), note) for note in about.notes),
    ]
    return _rendered("page.html", table, len(table), said=said, entries=[entry for entry in entries if entry[1]])


def fragment(table: TableData) -> str:
    """Return the first rows for a notebook, with how many there are."""
    return _rendered("fragment.html", table, _MOST_ROWS, left=len(table) - _MOST_ROWS)


def _rendered(template: str, table: TableData, most: int, **given: object) -> str:
    from ..project.templates import templates

    about = table.about
    count = counted(about.language, len(table), "{count} row", "{count} rows")
    version = say(about.language, "data version {version}", version=short(about.version)) if about.version else ""
    given |= {"text": text, "is_number": _is_number, "is_address": _is_address, "base": BASE}
    given |= {"table": table, "names": table.names, "rows": table.rows[:most]}
    caption = " · ".join(filter(None, (about.title, count, version)))
    return templates(__package__).get_template(template).render(given, caption=caption)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_address(value: object) -> bool:
    return isinstance(value, str) and is_address(value)
