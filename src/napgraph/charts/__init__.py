"""Pictures of tables, drawn by Vega-Lite, with caption and table; raise OutputError without the packages that draw."""

from .intervals import intervals
from .matrices import heat_map, network, similarity
from .save import saved, svg_and_png, table_of
from .timeline import timeline
from .world import world_map

__all__ = ["heat_map", "intervals", "network", "similarity", "timeline", "world_map"]
__all__ += ["saved", "svg_and_png", "table_of"]
