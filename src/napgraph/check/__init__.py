"""Check what a file states against the shapes: what is wrong or missing, where, and how to mend it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .report import Finding, Report

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Finding", "Report", "check"]


def check(
    *paths: str | os.PathLike[str], profile: str | None = None, root: str | os.PathLike[str] | None = None
) -> list[Report]:
    """Check each file (Turtle); with none, the bundled data as one.

    Every document is judged by the profile that it declares, or by ``profile`` (thin, summary or full-submission).
    Raises SourceFileError for a file that cannot be read, UnknownNameError for a profile that does not exist.
    """
    from ..resources import resolve_root
    from .validate import Checker

    checker = Checker(resolve_root(root), profile)
    names: Sequence[str] = [os.fspath(path) for path in paths]
    return [checker.check_file(name) for name in names] if names else [checker.check_bundle()]
