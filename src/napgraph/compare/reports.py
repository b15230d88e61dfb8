"""What a plan orders and what is said of it elsewhere: activities, results of reports, and where sources differ."""

from collections.abc import Sequence

from ..query.session import Session
from ..rdf.namespaces import slug
from ..tables.table import Table
from .analysis import NAMED, Analysis, Row, short_iri

_RESULTS = (
    *(*NAMED, "kind", "planned", "concerns", "element", "phrase", "progress", "value", "least", "unit", "date", "note"),
    *("report", "evidence", "where"),
)
_CONTRADICTIONS = (*NAMED, "fact", "what", "value", "note", "source", "address", "evidence", "where")
_ACTIONS = (*NAMED, "activity", "phrase", "origin", "aspect", "answer", "value", "words", "evidence", "where")
_EVERY_TIER = ("national", "regional", "state", "local")


class _Listed(Analysis):
    """The rows of a query in words, for ``country`` or, of all, on every tier."""

    TITLE: str
    COLUMNS: tuple[str, ...]

    def __init__(self, kg: Session, country: Sequence[str], **asked: object) -> None:
        super().__init__(kg, None, country=list(country), tier=[] if country else _EVERY_TIER, **asked)

    def table(self) -> Table:
        """Return the rows of the query, its codes and names of things in words."""
        labels, made = self._kg.labels, list[Row]()
        for row in self._rows:
            told = self._named(row, {str(row["document"]): str(row["origin"])})
            told |= {name: short_iri(row[name]) for name in ("concerns", "element", "report") if row.get(name)}
            told |= {name: labels.get(str(row[name])) for name in ("progress", "what") if row.get(name)}
            told["where"] = labels.get(str(row["evidence"])) or slug(str(row["evidence"]))
            made.append(told)
        return self._table(self.COLUMNS, made, self._kg.say(self.TITLE))

    def evidence(self) -> Table:
        """Return the same rows: each has its passage and place."""
        return self.table()


class Actions(Analysis):
    """Who leads and supports each activity, by when and with what, of ``country`` or one ``document`` (IRI)."""

    QUERY = "action-sheet"

    def __init__(self, kg: Session, country: Sequence[str], document: str | None) -> None:
        super().__init__(kg, None, country=list(country))
        self._rows = [row for row in self._rows if document in {None, row["document"]}]

    def table(self) -> Table:
        """Return a row per activity and thing stated of it, or not."""
        origins, labels = self._kg.origins_of(row["document"] for row in self._rows), self._kg.labels
        made = []
        for row in self._rows:
            told = self._named(row, origins) | {"phrase": row["title"], "activity": short_iri(row["activity"])}
            made.append(told | {"where": labels.get(str(row["evidence"])) or slug(str(row["evidence"]))})
        return self._table(_ACTIONS, made, self._kg.say("Who does what, and by when"))

    def evidence(self) -> Table:
        """Return the same rows: each has its passage and place."""
        return self.table()


class Results(_Listed):
    """Results, findings and recommendations of reports beside what they concern; plans without a report."""

    QUERY, TITLE, COLUMNS = "results", "Plans and what reports tell of them", _RESULTS
    known = ("No report among the sources does not mean that there is none.",)


class Contradictions(_Listed):
    """What sources say differently of one document: a row per source and value."""

    QUERY, TITLE, COLUMNS = "contradictions", "Where sources say different things", _CONTRADICTIONS
    known = ("Nothing is decided here: each source is shown with what it says, and may speak of another day or part.",)
