"""Figures of tables: SVG with title, caption and table; raise OutputError for PNG and PDF without the extra."""

from .bars import intervals, leads, spread
from .canvas import MM, THEMES, Look
from .matrices import heat_map, network, similarity
from .save import saved, svg_and_png, table_of
from .timeline import timeline
from .world import running_map, world_map

__all__ = ["MM", "THEMES", "Look", "heat_map", "intervals", "leads", "network", "running_map"]
__all__ += ["saved", "similarity", "spread", "svg_and_png", "table_of", "timeline", "world_map"]
