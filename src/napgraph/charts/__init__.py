"""Figures of tables: SVG with title, caption and table; raise OutputError for PNG and PDF without the extra."""

from .bars import intervals, leads, spread
from .canvas import MM, THEMES, Look, colours, signs
from .matrices import heat_map, network, similarity
from .save import saved, svg_and_png, table_of
from .timeline import timeline
from .world import RUNNING, coarse, outlines, outlines_of, running_map, world_map

__all__ = ["MM", "RUNNING", "THEMES", "Look", "coarse", "colours", "heat_map", "intervals"]
__all__ += ["leads", "network", "outlines", "outlines_of", "running_map", "saved", "signs", "similarity", "spread"]
__all__ += ["svg_and_png", "table_of", "timeline", "world_map"]
