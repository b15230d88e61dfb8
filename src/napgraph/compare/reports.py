"""What a plan orders, what reports tell of it, and where sources differ: rows of a saved query, in words."""

from ..query.session import Session
from ..rdf.namespaces import slug
from ..tables.table import Table
from .analysis import NAMED, Analysis, View, short_iri

_OWN = {"country", "document", "title", "evidence"}
_PARTS = ("activity", "concerns", "element", "report")
_KINDS = {
    "action-sheet": ("Who does what, and by when", ()),
    "results": (
        "Plans and what reports tell of them",
        ("No report among the sources does not mean that there is none.",),
    ),
    "contradictions": (
        "Where sources say different things",
        ("Nothing is decided here: each source is shown with what it says, and may speak of another day or part.",),
    ),
}
"""By saved query the title, and what a reader must know."""


class Listed(Analysis):
    """The rows of ``query`` that ``view`` lets through; ``document`` is the IRI of the only one."""

    def __init__(self, kg: Session, query: str, view: View, document: str | None = None) -> None:
        self.QUERY, (self._title, self.known), asked = query, _KINDS[query], kg.queries.get(query)
        rest = [*["phrase"] * ("phrase" not in asked.columns and "activity" in asked.columns), *asked.columns]
        self._columns = (*NAMED, *(name for name in rest if name not in _OWN), "evidence", "where")
        super().__init__(kg, view, country=view.country)
        self._rows = [row for row in self._rows if document in {None, row["document"]}]

    def table(self) -> Table:
        """Return the rows of the query with the names of what they are about."""
        labels, made = self._kg.labels, []
        origins = self._kg.origins_of(row["document"] for row in self._rows)
        for row in self._rows:
            told = {"phrase": row["title"]} | self._named(row, origins)
            told |= {name: short_iri(row[name]) for name in _PARTS if row.get(name)}
            told |= {name: labels.get(str(row[name])) for name in ("progress", "what") if row.get(name)}
            made.append(told | {"where": labels.get(str(row["evidence"])) or slug(str(row["evidence"]))})
        return self._table(self._columns, made, self._kg.say(self._title))
