"""Reports as files: for people (text, html, xlsx), for tables (csv, json), for tools (sarif, junit, turtle).

A format has a module with a function of (reports, catalogue) that returns the whole text; ``turtle`` takes ``root``
besides, text and xlsx what :func:`render` says.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from ...project.messages import Catalogue

if TYPE_CHECKING:
    from ..report import Report


class _Format(NamedTuple):
    """The ending of its files, the module and function that write it, and what that needs besides."""

    ending: str
    module: str
    function: str = "render"
    needs: str = ""


FORMATS = {
    "text": _Format(".txt", "text", needs="width"),
    "html": _Format(".html", "html"),
    "json": _Format(".json", "json"),
    "jsonl": _Format(".jsonl", "json", "render_lines"),
    "csv": _Format(".csv", "tables", "render_csv"),
    "xlsx": _Format(".xlsx", "xlsx", needs="original"),
    "sarif": _Format(".sarif", "sarif"),
    "junit": _Format(".xml", "tables", "render_junit"),
    "turtle": _Format(".ttl", "turtle", needs="root"),
}


def form_of(form: str | None, output: str | None) -> str:
    """Return the format that was asked for, or the one that the output file's name means, else text."""
    ending = os.path.splitext(output or "")[1].casefold()
    return form or next((name for name, each in FORMATS.items() if each.ending == ending), "text")


def render(
    reports: Sequence[Report],
    form: str,
    root: str,
    *,
    width: int = 100,
    original: Callable[[Report], bytes | None] | None = None,
) -> bytes:
    """Return reports in one of ``FORMATS``, in the language that they were made in.

    ``width`` is for text. ``original`` gives the workbook that a report is about, for xlsx.
    """
    catalogue = Catalogue.load(root, reports[0].language if reports else "en")
    _, module, function, needs = FORMATS[form]
    options = {"width": width, "root": root, "original": original}
    more = {needs: options[needs]} if needs else {}
    made: str | bytes = getattr(import_module(f".{module}", __name__), function)(reports, catalogue, **more)
    return made if isinstance(made, bytes) else made.encode("utf-8", "replace")
