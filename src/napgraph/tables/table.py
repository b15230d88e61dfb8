"""A table of plain values that says what its columns mean and what it was made from, in the formats that people use.

csv, tsv and markdown hold the table alone (beside a CSV file lies its description by the W3C's CSV on the Web); json,
html, xlsx and parquet hold also what the columns mean and what the table was made from; dta holds labels.
"""

from __future__ import annotations

import json
import math
import os
import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ..errors import OutputError
from ..files import output_errors, write_whole
from ..project.language import counted, say
from ..rdf.namespaces import BASE
from ..text import visible
from .columns import Column, TableData, Value, each_once, is_address, stored, text
from .origins import short

if TYPE_CHECKING:
    import pandas
    import polars

ENDING = "-metadata.json"
"""What the name of the description of a CSV file ends in, after that of the file."""
_ANY_DATE = r"\d{4}(-\d\d(-\d\d)?)?"
_MOST_ROWS = 20
_MARKS = re.compile(r'[",;\t\r\n]|^\s|\s$')
_MISTAKEN = re.compile(
    r"#?n/?a|<na>|#n/a n/a|na[nt]|-nan|null|none|nil|true|false|\.|"
    r"[-+]?(inf(inity)?|\d[\d_]*\.?\d*(e[-+]?\d+)?|\.\d+(e[-+]?\d+)?|1\.#(ind|qnan)|0x[\da-f]+)",
    re.IGNORECASE,
)
FORMS = ("csv", "tsv", "json", "markdown", "html", "xlsx", "dta", "parquet")
BINARY = frozenset({"xlsx", "dta", "parquet"})
ENDINGS = {".md": "markdown"} | {f".{form}": form for form in FORMS if form != "markdown"}
"""The form that the ending of a file's name means."""


class Table(TableData):
    """Rows of plain values under described columns, to be used as a data frame, saved, or shown in a notebook."""

    def to_pandas(self) -> pandas.DataFrame:
        """Return a DataFrame with the nullable types Int64, Float64, boolean and string; None is ``pandas.NA``.

        Dates of differing precision stay text; title, data version and the meaning of each column are in its
        ``attrs``. Raises MissingPackageError where pandas is not installed.
        """
        from . import frames

        return frames.in_pandas(self)

    def to_polars(self) -> polars.DataFrame:
        """Return a DataFrame of polars with Int64, Float64, Boolean and String; raises MissingPackageError."""
        from . import frames

        return frames.in_polars(self)

    def save(self, path: str | os.PathLike[str], form: str | None = None) -> None:
        """Write the table to a file whole, in ``form`` or the format that its ending means, such as .csv or .xlsx.

        Beside a CSV file goes its CSVW description; a device or pipe has no neighbours. Raises OutputError for an
        ending that means none and for a place that cannot be written, MissingPackageError as :func:`written`.
        """
        path = os.fspath(path)
        ending = os.path.splitext(path)[1].lower()
        if form is None and ending not in ENDINGS:
            raise OutputError(f"{path}: {ending or 'no ending'} means no format of a table. Use {', '.join(ENDINGS)}.")
        form = form or ENDINGS[ending]
        files = {path: written(self, form)}
        if form == "csv" and (os.path.isfile(path) or not os.path.exists(path)):
            from urllib.parse import quote

            files[path + ENDING] = metadata(self, quote(os.path.basename(path), safe=""))
        for name, content in files.items():
            with output_errors(name):
                write_whole(name, content)

    def _repr_html_(self) -> str:
        return _rendered("fragment.html", self, _MOST_ROWS, left=len(self) - _MOST_ROWS)


class Picture(NamedTuple):
    """A table as a figure: its title, the lines of its caption, the table, and the SVG of each part."""

    title: str
    caption: list[str]
    table: Table
    parts: list[bytes]

    def _repr_mimebundle_(self, *_: object, **__: object) -> dict[str, str]:
        return {"image/svg+xml": self.parts[0].decode(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"<Picture {self.title!r}>"


def written(table: TableData, form: str) -> bytes:
    """Return the table in ``form``; raises ValueError for one that is not in FORMS.

    Raises MissingPackageError where a form needs a package that is not installed (dta: pandas, parquet: polars).
    """
    if form not in FORMS:
        raise ValueError(f"unknown form {form!r}")
    if form in BINARY:
        from . import frames, xlsx

        return {"xlsx": xlsx.workbook, "dta": frames.stata, "parquet": frames.parquet}[form](table)
    if form in {"csv", "tsv"}:
        return _separated(table, "," if form == "csv" else "\t").encode()
    return {"json": _json, "markdown": _markdown, "html": _page}[form](table).encode()


def _json(table: TableData) -> str:
    def number(value: Value) -> Value:  # what is no finite number is text in JSON
        return text(value) if isinstance(value, float) and not math.isfinite(value) else value

    rows = [{name: number(row.get(name)) for name in table.names} for row in table.rows]
    return json.dumps({**table.facts(), "rows": rows}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _separated(table: TableData, mark: str) -> str:
    """Return the table with ``mark`` between the cells, a line of names first; nothing is nothing between two marks.

    A text is in quotes where its marks ask for it, and where a reader could take it for something else: an empty text,
    a number, a truth value, or a sign for a missing value such as ``NA``.
    """

    def cell(value: Value, mistaken: re.Pattern[str] | None) -> str:
        if not isinstance(value, str):
            return text(value)
        in_quotes = not value or _MARKS.search(value) or (mistaken and mistaken.fullmatch(value))
        return '"' + value.replace('"', '""') + '"' if in_quotes else value

    rows = [[cell(name, None) for name in table.names]]
    rows += [[cell(row.get(name), _MISTAKEN).replace("\x00", "\u2400") for name in table.names] for row in table.rows]
    # A line with nothing in it is passed over by many readers, and none takes the control character.
    return "".join((mark.join(row) or ('""' if len(row) == 1 else "")) + "\n" for row in rows)


def metadata(table: TableData, url: str) -> bytes:
    """Return the CSVW description of ``table``, written as CSV at ``url``, which is relative to the description."""
    about = table.about
    made: dict[str, object] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "quoteChar": '"', "doubleQuote": True},
        "dc:title": about.title,
        "dc:description": about.question,
        "dc:source": list(about.sources),
        "dc:license": {"@id": about.licence} if is_address(about.licence) else about.licence,
        "dc:bibliographicCitation": about.citation,
        "schema:version": about.version,
        "schema:isBasedOn": [
            {"schema:name": name, "schema:text": told, "schema:encodingFormat": "application/sparql-query"}
            for name, told in about.queries.items()
        ],
        "schema:variableMeasured": [
            {"schema:name": key, "schema:value": given} for key, given in about.parameters.items()
        ],
        "notes": [{"schema:text": note} for note in about.notes],
        "tableSchema": {"columns": _columns(table)},
    }
    kept = {key: value for key, value in made.items() if value}
    return (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()


def _columns(table: TableData) -> list[dict[str, object]]:
    # The standard wants letters, digits and _, not starting with _, each name once.
    plain = (re.sub(r"[^A-Za-z0-9_]", "_", name).lstrip("_") or "column" for name in table.names)
    columns = []
    for column, name in zip(table.columns, each_once(plain), strict=True):
        codes = [{"schema:identifier": code, "schema:name": words} for code, words in column.codes.items()]
        entry = {"name": name, "titles": column.name, "datatype": _datatype(table, column)}
        entry |= {"dc:description": column.words, "propertyUrl": column.term, "schema:valueReference": codes}
        columns.append({key: value for key, value in entry.items() if value})
    return columns


def _datatype(table: TableData, column: Column) -> object:
    values = table.values(column.name)
    kind = stored(column, values)
    if kind != "text":
        return "number" if kind == "decimal" else kind
    if column.kind == "iri":
        return "anyURI"
    dates = column.kind == "date" and all(re.fullmatch(_ANY_DATE, text(each)) for each in values if each is not None)
    return {"base": "string", "format": _ANY_DATE} if dates else "string"


def _markdown(table: TableData) -> str:
    """Return the table alone, in the Markdown of GitHub and pandoc."""
    marks = str.maketrans({"\\": "\\\\", "|": "\\|", "<": "&lt;"})

    def line(values: list[str]) -> str:
        return "| " + " | ".join(visible(" ".join(value.translate(marks).splitlines())) for value in values) + " |"

    rows = [line([text(row.get(name)) for name in table.names]) for row in table.rows]
    return "\n".join([line(table.names), "|" + " --- |" * len(table.names), *rows]) + "\n"


def _page(table: TableData) -> str:
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


def _rendered(template: str, table: TableData, most: int, **given: object) -> str:
    from ..project.templates import templates

    about = table.about
    count = counted(about.language, len(table), "{count} row", "{count} rows")
    version = say(about.language, "data version {version}", version=short(about.version)) if about.version else ""
    values = [[row.get(name) for name in table.names] for row in table.rows[:most]]
    rows = [[(text(value), type(value) in {int, float}, is_address(value)) for value in row] for row in values]
    given |= {"is_address": is_address, "base": BASE, "table": table, "rows": rows}
    caption = " · ".join(filter(None, (about.title, count, version)))
    return templates(__package__).get_template(template).render(given, caption=caption)
