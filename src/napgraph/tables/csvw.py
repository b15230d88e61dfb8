"""The description that lies beside a CSV file: ``x.csv-metadata.json``, by the W3C's CSV on the Web.

It says what each column means and holds, and where the table comes from, so that a program that follows the standard
reads the file with the right types and without asking.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from .kinds import is_address, stored, text

if TYPE_CHECKING:
    from .kinds import Column, TableData

ENDING = "-metadata.json"
_TYPES = {"integer": "integer", "decimal": "number", "boolean": "boolean"}
_ANY_DATE = r"\d{4}(-\d\d(-\d\d)?)?"


def metadata(table: TableData, url: str) -> bytes:
    """Return the description of ``table``, written as CSV at ``url``, which is relative to the description."""
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
            {"schema:name": name, "schema:value": value} for name, value in about.parameters.items()
        ],
        "notes": [{"schema:text": note} for note in about.notes],
        "tableSchema": {"columns": _columns(table)},
    }
    kept = {key: value for key, value in made.items() if value}
    return (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()


def _columns(table: TableData) -> list[dict[str, object]]:
    taken: set[str] = set()
    columns = []
    for column in table.columns:
        name = _name(column.name, taken)
        entry: dict[str, object] = {"name": name, "titles": column.name, "datatype": _datatype(table, column)}
        if column.words:
            entry["dc:description"] = column.words
        if column.term:
            entry["propertyUrl"] = column.term
        if column.codes:
            entry["schema:valueReference"] = [
                {"schema:identifier": code, "schema:name": words} for code, words in column.codes.items()
            ]
        columns.append(entry)
    return columns


def _name(name: str, taken: set[str]) -> str:
    """Return a name as the standard wants it: letters, digits and ``_``, not starting with ``_``, each once."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name).lstrip("_") or "column"
    made, number = plain, 1
    while made in taken:
        number += 1
        made = f"{plain}_{number}"
    taken.add(made)
    return made


def _datatype(table: TableData, column: Column) -> object:
    values = table.values(column.name)
    kind = stored(column, values)
    if kind in _TYPES:
        return _TYPES[kind]
    if column.kind == "iri":
        return "anyURI"
    dates = column.kind == "date" and all(re.fullmatch(_ANY_DATE, text(each)) for each in values if each is not None)
    return {"base": "string", "format": _ANY_DATE} if dates else "string"
