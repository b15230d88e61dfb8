"""Check a file in the page: the Python that does it, and an empty workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...records.workbook.words import LANGUAGES
from ..browser.package import archive
from ..browser.vendored import MISSING, vendored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..context import Material

__all__ = ["SECTION", "files", "python"]

SECTION = ("check/", "Check", "a workbook or RDF file of your own, in your browser, with nothing sent")

_ENGINE = ("oxigraph/web_bg.wasm", "pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip", "pyodide/pyodide-lock.json")
_ARCHIVE = "check/python.zip"


def files(material: Material) -> Iterator[tuple[str, bytes]]:
    """Yield the page, the archive of its Python, and the workbook."""
    from ...records.workbook.model import load
    from ...records.workbook.template import empty, workbook

    packed = archive(material.kg.root)
    yield _ARCHIVE, packed
    model = load(material.kg.root)
    yield "check/template.xlsx", workbook(model, empty(model, "en"), "en", examples=True)
    settings, missing = python(len(packed))
    spoken = [(each, material.words["every"][each]["name"]) for each in LANGUAGES]
    yield material.page("check.html", "check/index.html", settings=settings, missing=missing, spoken=spoken)


def python(packed: int) -> tuple[dict[str, object], str | None]:
    """Return what a page with Python needs to know, given the size of its archive, or why it cannot have it."""
    engine = vendored(*_ENGINE)
    loaded = (engine or 0) + packed
    settings = {"archive": _ARCHIVE, "bytes": loaded, "megabytes": round(loaded / 1e6, 1), "language": "en"}
    return settings, MISSING if engine is None else None
