"""Reports as JSON lines: one object a file, each on a line of its own, so that many can be written as they come."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .json import plain

if TYPE_CHECKING:
    from ...project.messages import Catalogue
    from ..report import Report


def render(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """Return each report on a line."""
    return "".join(json.dumps(plain(report, catalogue), ensure_ascii=False) + "\n" for report in reports)
