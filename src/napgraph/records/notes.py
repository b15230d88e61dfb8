"""Every kind of note that intake makes, with the values that its sentence can use. The sentences are the report's."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """How grave a note is where nothing else is said, the names of its values, and what it means."""

    severity: str
    values: tuple[str, ...]
    meaning: str


KEYS = {
    "wrong-name": Kind("Warning", ("claimed", "found"), "The name claims one format, the content is in another."),
    "named-graphs": Kind(
        "Warning", ("graphs", "number"), "The statements stand in named graphs; they were taken as one graph."
    ),
    "ill-typed": Kind(
        "Violation",
        ("value", "datatype", "reason", "example"),
        "A value is not written as its datatype asks; reason is one of lexical.Fault.",
    ),
    "damaged-text": Kind(
        "Warning",
        ("value", "character"),
        "A text holds a character that stands for others that were lost, or a control character.",
    ),
    "decomposed-text": Kind(
        "Warning", ("value",), "A text is not in Unicode's normal form C, so that it may not be found or compared."
    ),
    "not-to-be-taken": Kind("Violation", ("value",), "A statement is not the sender's to make, whatever it says."),
    "recorded-otherwise": Kind(
        "Violation", ("value", "resource", "count"), "Something else is recorded of this resource already."
    ),
    "dropped-key": Kind("Violation", ("key", "near"), "No context maps this key, so nothing below it was read."),
    "dropped-iri": Kind("Violation", ("value", "near"), "This is no full IRI where one is needed, so it was not read."),
    "dropped-value": Kind("Violation", ("key",), "This value says nothing as it stands, so it was not read."),
    "rewritten-number": Kind(
        "Warning", ("written", "read"), "JSON-LD does not keep a number like this as it is written."
    ),
    "prefix-as-property": Kind("Violation", ("key", "near"), "This is a prefix by itself and no property."),
    "unknown-sheet": Kind("Violation", ("sheet", "nearest"), "No sheet of the workbook is called so; it was not read."),
    "no-headings": Kind("Violation", ("sheet", "headings"), "A sheet has no line of headings; it was not read."),
    "unknown-column": Kind(
        "Violation", ("column", "count", "nearest", "sheet"), "No column is called so; its cells were not read."
    ),
    "no-heading": Kind("Violation", ("column", "count", "nearest", "sheet"), "Cells stand below no heading."),
    "example-changed": Kind(
        "Violation", ("value",), "The example, which is not read, holds something of the sender's."
    ),
    "hidden-sheet": Kind("Info", ("sheet",), "A sheet that is hidden was read."),
    "hidden-rows": Kind("Info", ("rows",), "Rows that are hidden were read."),
    "hidden-columns": Kind("Info", ("columns",), "Columns that are hidden were read."),
    "merged-cells": Kind("Info", ("range", "value"), "Merged cells count for each row that they span."),
    "formula-without-value": Kind("Violation", ("formula",), "A formula was saved without the value that it gives."),
    "error-cell": Kind("Violation", ("value",), "A cell holds an error of the spreadsheet in place of a value."),
    "cut-text": Kind("Violation", ("length",), "A text is as long as a cell can be, so its end may be lost."),
    "year-in-date": Kind("Info", ("value", "year"), "A year stands in a cell for dates, as the day of that number."),
    "serial-date": Kind("Info", ("value", "date"), "A number stands where a date should, and was read as its day."),
    "percent-read": Kind("Info", ("text", "value"), "A percentage was read as its number."),
    "number-read": Kind("Info", ("text", "value"), "A number with signs of the thousands or a comma was read."),
    "unknown-language": Kind("Violation", ("value", "used", "nearest"), "The workbook's language is no language tag."),
    "read-as-language": Kind("Warning", ("value", "text", "nearest"), "Letters in brackets were read as a language."),
    "language-in-brackets": Kind("Warning", ("value", "nearest"), "A language in brackets that is no tag stays text."),
    "code-in-brackets": Kind("Warning", ("value", "nearest"), "A code in brackets stays text where it is not listed."),
    "id-twice": Kind("Violation", ("value", "other"), "Two rows of a sheet have the same id."),
    "unknown-kind": Kind("Violation", ("value", "nearest"), "A row is of a kind that its sheet does not have."),
    "which-place": Kind("Violation", ("value",), "The cell of evidence names no place that can be found."),
    "unknown-row": Kind("Violation", ("value", "nearest"), "A cell refers to a row that there is not."),
    "ambiguous-row": Kind("Violation", ("value", "count"), "A cell refers to what several rows are called."),
    "several-documents": Kind("Violation", ("document",), "A row does not say which of several documents is meant."),
    "no-name": Kind("Violation", ("value",), "A cell for the name of a body says that there is none."),
    "several-bodies": Kind("Warning", ("value", "names"), "A cell seems to name several bodies in one."),
    "e-mail-in-text": Kind("Warning", ("value",), "A text holds an e-mail address, which may be a person's."),
    "telephone-in-text": Kind("Warning", ("value",), "A text holds a telephone number, which may be a person's."),
    "address-in-text": Kind("Warning", ("value",), "A text holds a postal address, which may be a person's."),
    "near-name": Kind("Warning", ("value", "nearest"), "A new body is called almost like another."),
    "subtotal-row": Kind("Info", ("value",), "A row is a subtotal; it was not read."),
    "other-version": Kind("Info", ("version", "current"), "The template is of another version."),
    "unread-statement": Kind("Violation", ("value",), "A row of the sheet of other statements is no statement."),
    "csv-encoding": Kind("Info", ("encoding",), "A CSV sheet is in another encoding than UTF-8."),
    "macros": Kind("Info", (), "The workbook holds macros, which are not run."),
}
