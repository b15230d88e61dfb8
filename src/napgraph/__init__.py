"""napgraph: what national strategies and action plans against trafficking in persons say, as a graph.

>>> from napgraph import KnowledgeGraph
>>> kg = KnowledgeGraph.load()
>>> kg.compare("pillars").cell("NOR", "border-control").value.words
'the source does not say'
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .errors import NapgraphError
    from .knowledge_graph import KnowledgeGraph
    from .query.results import Results
    from .query.results import Results as ResultTable
    from .records.convert import convert
    from .submissions.accept import accept
    from .validation import check

__all__ = ["KnowledgeGraph", "NapgraphError", "ResultTable", "Results", "__version__", "accept", "check", "convert"]
__version__ = "1.0.0"

_HOMES = {
    "KnowledgeGraph": "knowledge_graph",
    "NapgraphError": "errors",
    "Results": "query.results",
    "accept": "submissions.accept",
    "check": "validation",
    "convert": "records.convert",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that starting costs only what is used."""
    name = {"ResultTable": "Results"}.get(name, name)  # its name before version 1.0
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
