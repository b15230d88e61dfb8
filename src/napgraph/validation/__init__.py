"""Check what a file states against the shapes: what is wrong or missing, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from .report import Finding, Report

if TYPE_CHECKING:
    import os

    from ..records.source import Source

__all__ = ["Finding", "Report", "check", "check_each"]


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
    return list(check_each(*sources, profile=profile, lang=lang, engine=engine, jobs=jobs, limits=limits, root=root))


def check_each(
    *sources: Source,
    profile: str | None = None,
    lang: str = "en",
    engine: str = "compiled",
    jobs: int = 1,
    limits: Mapping[str, str | float] | None = None,
    root: str | os.PathLike[str] | None = None,
) -> Iterator[Report]:
    """Yield what :func:`check` returns, one report at a time, in the order of ``sources``."""
    from ..project.root import resolve_root
    from ..records.limits import Limits
    from ..records.source import files_of
    from .validator import Checker

    checker = Checker(resolve_root(root), profile, engine, lang, Limits.of(limits or {}))
    return checker.each(files_of(*sources), jobs) if sources else iter([checker.check_bundle()])
