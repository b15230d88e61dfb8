"""Check what a file states against the shapes: what is wrong or missing, where, and how to fix it."""

import os
from collections.abc import Mapping

from ..project.root import resolve_root
from ..records.limits import Limits
from ..records.source import Source, files_of
from .report import Finding, Report
from .validator import Checker

__all__ = ["Finding", "Report", "check"]


def check(
    *sources: Source,
    profile: str | None = None,
    lang: str = "en",
    engine: str = "compiled",
    jobs: int = 1,
    limits: Mapping[str, str | float] | None = None,
    root: str | os.PathLike[str] | None = None,
) -> list[Report]:
    """Check each source (a path, a folder of files, ``-``, an open file or bytes); with none, the bundled data as one.

    Every document is judged by the profile that it declares, or by ``profile`` (thin, summary or full-submission).
    Sentences are in ``lang``: en, fr or es. Each source is read in a process of its own, ``jobs`` at a time, within
    ``limits`` such as ``{"bytes": "50 MB"}``; one that cannot be read gets a report whose ``error`` says why. Raises
    UnknownNameError for a profile, language, engine or limit that does not exist.
    """
    checker = Checker(resolve_root(root), profile, engine, lang, Limits.of(limits or {}))
    return list(checker.each(files_of(*sources), jobs))
