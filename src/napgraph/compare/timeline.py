"""The timeline: which periods the documents cover and what happened to them when, no more precise than stated."""

from collections.abc import Sequence

from ..errors import ParameterError
from ..query.session import Session
from ..tables.columns import Value
from ..tables.table import Picture, Table
from .analysis import Analysis, Row
from .filters import Lens, View, period_in_words
from .values import code_of

_TABLE = (
    *("country", "name", "document", "title", "title_origin", "kind", "what", "start", "end", "precision"),
    *("earliest", "latest", "open", "timing", "evidence", "where"),
)
_EVIDENCE = ("country", "name", "document", "title", "title_origin", "kind", "what", "phrase", "evidence", "where")


class Timeline(Analysis):
    """Periods and dated events of documents. Made by :func:`timeline`."""

    QUERY = "timeline"
    known = (
        "A year or a month is shown from its first to its last day: the source says no more.",
        "A row of the kind none: the source states neither a period nor a dated event of the document.",
    )

    def _told(self) -> list[Row]:
        """Return the rows in words, without the documents that the lens leaves out."""
        labels, say, left_out = self._kg.labels, self._kg.say, self.view.left_out if self.view else ()
        made = []
        for row in (each for each in self._rows if str(each["document"]) not in left_out):
            code, kind = code_of(row), str(row["kind"])
            what = say("no date stated") if kind == "none" else say(kind)
            if kind == "event":
                what = labels.get(str(row["what"])) or str(row["label"] or say("event"))
            told: Row = {"country": code, "name": self._kg.names.get(code, code), "title_origin": row["origin"]}
            told |= {"what": what, "where": labels.get(str(row["evidence"])), "phrase": f"{what}{self._dates(row)}"}
            made.append(row | told | {"timing": labels.get(str(row["timing"])) if row["timing"] else None})
        return made

    def _dates(self, row: Row) -> str:
        start, end = row["start"], row["end"]
        if row["kind"] == "event":
            return f" {start}"
        if start or end:
            return f" {period_in_words(self._kg, start, end)}"
        if row["earliest"] or row["latest"]:
            ends = {"start": row["earliest"] or "?", "end": row["latest"] or "?"}
            return " " + self._kg.say("{start} to {end}, counted", **ends)
        return ""

    def table(self) -> Table:
        """Return a row per period and dated event; a document with neither has one row of the kind ``none``."""
        once: dict[tuple[Value, ...], Row] = {}
        for row in self._told():
            once.setdefault(tuple(row[name] for name in _TABLE[:-2]), row)
        return self._table(_TABLE, once.values(), self._kg.say("Timeline"))

    def evidence(self) -> Table:
        """Return a row per period or event and passage that states it."""
        title = self._kg.say("{title}: the statements behind it", title=self._kg.say("Timeline"))
        return self._table(_EVIDENCE, self._told(), title)

    def chart(self) -> Picture:
        """Return the time line as a picture; it shows itself in a notebook. Needs ``napgraph[charts]``."""
        from ..charts import timeline

        return timeline(self.table())


def timeline(kg: Session, *, country: Sequence[str] = (), lens: Lens) -> Timeline:
    """Return the timeline, as :meth:`KnowledgeGraph.timeline` does; raises UnknownNameError or ParameterError."""
    view = View(kg, lens, country)
    made = Timeline(kg, view, country=list(country))
    if lens and not made.table().rows:
        raise ParameterError(kg.say("No document is left through this lens: {lens}.", lens=view.words()))
    return made
