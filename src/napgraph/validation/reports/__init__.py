"""Reports as files: for people (text, html, xlsx), for tables (csv, json), for tools (sarif, junit, turtle).

Each module has one function ``render(reports, catalogue)`` that returns the whole text; ``turtle`` and ``xlsx`` need
more, and say what.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from ...project.messages import Catalogue
from .formats import FORMATS, form_of

if TYPE_CHECKING:
    from ..report import Report

__all__ = ["FORMATS", "form_of", "render"]


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
    module = import_module(f".{form}", __name__)
    more: dict[str, dict[str, object]] = {
        "text": {"width": width},
        "turtle": {"root": root},
        "xlsx": {"original": original},
    }
    made: str | bytes = module.render(reports, catalogue, **more.get(form, {}))
    return made if isinstance(made, bytes) else made.encode("utf-8", "replace")
