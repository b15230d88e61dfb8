"""Fill in a plan in the page: a form with the sheets, columns, help and lists of the workbook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ...graph.files import read_file
from ...project.root import files_below
from ...records.workbook.headings import example
from ...records.workbook.model import load
from ...records.workbook.template import empty
from ...records.workbook.words import LANGUAGES, said
from ..browser.package import archive
from .check import python

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ...records.workbook.columns import Column, Sheet
    from ...records.workbook.model import Model
    from ..context import Material

__all__ = ["SECTION", "files"]

SECTION = ("submit/", "Fill in", "a plan of your own through a form: a draft in your browser, workbook and Turtle out")

_FIRST = {"id", "kind"}  # the kinds of columns that stand before the fold beside those that are needed


def files(material: Material) -> Iterator[tuple[str, bytes]]:
    """Yield the page, and the form in each language of the workbook."""
    model = load(material.kg.root)
    single = _single(material)
    for language in LANGUAGES:
        told = json.dumps(_form(model, language, single), ensure_ascii=False, separators=(",", ":"))
        yield f"submit/form-{language}.json", told.encode()
    settings, missing = python(len(archive(material.kg.root)))
    settings |= {"names": {language: material.words["every"][language]["name"] for language in LANGUAGES}}
    yield material.page("submit.html", "submit/index.html", settings=settings, missing=missing)


def _single(material: Material) -> frozenset[str]:
    """Return the rules that allow one value at most."""
    most = f"{material.prefixes['sh']}maxCount"
    found = set()
    for path in files_below(material.kg.root, "shapes", (".ttl",)):
        for triple in read_file(material.kg.root, path):
            if triple.predicate.value == most and str(getattr(triple.object, "value", "")) == "1":
                found.add(str(getattr(triple.subject, "value", "")))
    return frozenset(found)


def _form(model: Model, language: str, single: Collection[str]) -> dict[str, object]:
    start = empty(model, language)
    return {
        "language": language,
        "words": {need: model.word(need, language) for need in ("required", "expected")},
        "start": {sheet: records for sheet, records in start.records.items() if records},
        "sheets": [
            {
                "name": sheet.name,
                "label": said(sheet.labels, language),
                "help": said(sheet.help, language),
                "down": sheet.down,
                "fields": [_field(column, sheet, model, language, single) for column in sheet.columns],
            }
            for sheet in model.sheets.values()
            if sheet.columns
        ],
    }


def _field(column: Column, sheet: Sheet, model: Model, language: str, single: Collection[str]) -> dict[str, object]:
    choices = []
    if column.kind == "kind":
        choices = [said(kind.labels, language) for kind in sheet.kinds]
    elif column.codes:
        choices = [said(code.labels, language) for code in model.choices(column)]
    several = sheet.down if column.kind == "kind" else not any(rule in single for rule in column.rules)
    named = column.name.endswith(("-name", "-title"))
    return {
        "name": column.name,
        "label": said(column.labels, language),
        "help": said(column.help, language),
        "example": "" if column.kind == "id" else example(column, sheet, model, language),
        "kind": column.kind,
        "need": column.needed,
        "first": bool(column.needed) or column.kind in _FIRST or named,
        "choices": choices,
        "several": several,
    }
