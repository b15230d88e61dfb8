"""Pictures of tables, drawn by Vega-Lite: each carries its caption and its table, and is made only when asked for.

The packages that draw are imported inside the functions that need them, so nobody waits for them who wants a table.
"""

from __future__ import annotations

from .heat import heat_map
from .intervals import intervals
from .network import network
from .save import FORMS, saved, svg_and_png, table_of
from .similarity import likeness
from .timeline import timeline
from .world import world_map

__all__ = [
    "FORMS",
    "heat_map",
    "intervals",
    "likeness",
    "network",
    "saved",
    "svg_and_png",
    "table_of",
    "timeline",
    "world_map",
]
