"""Pictures of tables, drawn by Vega-Lite: each carries its caption and its table, and is made only when asked for.

All raise OutputError where the packages that draw are not installed.
"""

from .intervals import intervals
from .matrices import heat_map, network, similarity
from .save import saved, svg_and_png, table_of
from .timeline import timeline
from .world import world_map

__all__ = ["heat_map", "intervals", "network", "similarity", "timeline", "world_map"]
__all__ += ["saved", "svg_and_png", "table_of"]
