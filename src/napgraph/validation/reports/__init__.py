"""Reports as files: for people (text, html, xlsx), for tables (csv, json), for tools (sarif, junit, turtle)."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

from ...project.messages import Catalogue
from ..report import Report

FORMATS = {
    "json": (".json", "application/json", "data", "render_json"),
    "html": (".html", "text/html", "text", "render_html"),
    "turtle": (".ttl", "text/turtle", "data", "render_turtle"),
    "csv": (".csv", "text/csv", "data", "render_csv"),
    "text": (".txt", "text/plain", "text", "render"),
    "sarif": (".sarif", "application/sarif+json", "data", "render_sarif"),
    "junit": (".xml", "application/xml", "data", "render_junit"),
    "jsonl": (".jsonl", "", "data", "render_lines"),
    "xlsx": (".xlsx", "", "xlsx", "render"),
}
"""Per format the ending of its files, the media type in which a server sends it (empty: not; the first where none is
asked for), and the module and function of (reports, catalogue) that return the text.

``turtle`` takes ``root`` besides, text and xlsx what :func:`render` says.
"""


def form_of(form: str | None, output: str | None) -> str:
    """Return the format that was asked for, or the one that the output file's name means, else text."""
    ending = os.path.splitext(output or "")[1].casefold()
    return form or next((name for name, each in FORMATS.items() if each[0] == ending), "text")


def own_workbook(report: Report) -> bytes | None:
    """Return the workbook that a report is about, if it is one that lies in a file."""
    if report.format == "xlsx":
        with suppress(OSError), open(report.source, "rb") as file:
            return file.read()
    return None


def render(
    reports: Sequence[Report],
    form: str,
    root: str,
    *,
    width: int = 100,
    original: Callable[[Report], bytes | None] | None = None,
) -> bytes:
    """Return reports in one of ``FORMATS``; ``width`` is for text, ``original`` gives a report's workbook for xlsx."""
    catalogue = Catalogue.load(root, reports[0].language if reports else "en")
    _, _, module, function = FORMATS[form]
    needed: dict[str, Any] = {"text": {"width": width}, "turtle": {"root": root}, "xlsx": {"original": original}}
    render_as = getattr(import_module(f".{module}", __name__), function)
    made: str | bytes = render_as(reports, catalogue, **needed.get(form, {}))
    return made if isinstance(made, bytes) else made.encode("utf-8", "replace")
