"""Plain rows as text: CSV, TSV, Markdown, HTML. Rows are mappings of column -> value; None becomes an empty cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["write_rows"]


def write_rows(rows: Sequence[Mapping[str, object]], columns: Sequence[str], form: str, title: str = "") -> str:
    """Return ``rows`` as text in ``form``: csv, tsv, markdown or html; raises ValueError for another."""
    cells = [[_text(row.get(column)) for column in columns] for row in rows]
    if form in {"csv", "tsv"}:
        return _separated(columns, cells, "," if form == "csv" else "\t")
    if form == "markdown":
        return _markdown(columns, cells)
    if form == "html":
        return _html(columns, cells, title)
    raise ValueError(f"unknown form {form!r}")


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _separated(columns: Sequence[str], cells: list[list[str]], mark: str) -> str:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(cells)
    return out.getvalue()


def _markdown(columns: Sequence[str], cells: list[list[str]]) -> str:
    def line(values: Sequence[str]) -> str:
        escaped = (
            value.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ") for value in values
        )
        return "| " + " | ".join(escaped) + " |"

    return "\n".join([line(columns), "|" + " --- |" * len(columns), *map(line, cells)]) + "\n"


def _html(columns: Sequence[str], cells: list[list[str]], title: str) -> str:
    from html import escape

    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(value)}</td>" for value in row) + "</tr>" for row in cells)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        "<style>body{font-family:sans-serif}table{border-collapse:collapse}"
        "th,td{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top}</style>\n</head>\n<body>\n"
        f"<table>\n<caption>{escape(title)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</body>\n</html>\n"
    )
