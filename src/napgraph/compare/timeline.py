"""The timeline: which periods the documents cover and what happened to them when, no more precise than stated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import ParameterError
from .analysis import Row, code_of
from .filters import View, period_in_words

if TYPE_CHECKING:
    from altair import ConcatChart

    from ..query.session import Session
    from ..tables.columns import Value
    from ..tables.table import Table
    from .filters import Lens

_TABLE = (
    *("country", "name", "document", "title", "title_origin", "kind", "what", "start", "end", "precision"),
    *("earliest", "latest", "open", "timing", "evidence", "where"),
)
_EVIDENCE = ("country", "name", "document", "title", "title_origin", "kind", "what", "phrase", "evidence", "where")
_NOTES = (
    "A year or a month is shown from its first to its last day: the source says no more.",
    "A row of the kind none: the source states neither a period nor a dated event of the document.",
)


class Timeline:
    """Periods and dated events of documents. Made by :func:`timeline`."""

    def __init__(self, kg: Session, rows: list[Row], view: View) -> None:
        self._kg, self.view = kg, view
        self._listed = {str(row["document"]) for row in rows}
        self._rows = [self._told(row) for row in rows if str(row["document"]) not in view.left_out]

    def _told(self, row: Row) -> Row:
        labels, say, code, kind = self._kg.labels, self._kg.say, code_of(row), str(row["kind"])
        what = say("no date stated") if kind == "none" else say(kind)
        if kind == "event":
            what = labels.get(str(row["what"])) or str(row["label"] or say("event"))
        return row | {
            "country": code,
            "name": self._kg.names.get(code, code),
            "title_origin": row["origin"],
            "what": what,
            "where": labels.get(str(row["evidence"])),
            "phrase": f"{what}{_dates(self._kg, row)}",
            "timing": labels.get(str(row["timing"])) if row["timing"] else None,
        }

    @property
    def notes(self) -> list[str]:
        """What a reader must know of the lens: who is only possibly in, who is left out, and why."""
        return self.view.notes(self._listed)

    def table(self) -> Table:
        """Return a row per period and dated event; a document with neither has one row of the kind ``none``."""
        once: dict[tuple[Value, ...], Row] = {}
        for row in self._rows:
            once.setdefault(tuple(row[name] for name in _TABLE[:-2]), row)
        return self._table(_TABLE, list(once.values()), self._kg.say("Timeline"))

    def evidence(self) -> Table:
        """Return a row per period or event and passage that states it."""
        title = self._kg.say("{title}: the statements behind it", title=self._kg.say("Timeline"))
        return self._table(_EVIDENCE, self._rows, title)

    def chart(self) -> ConcatChart:
        """Return the time line as a picture; it shows itself in a notebook. Needs ``napgraph[charts]``."""
        from ..charts import timeline

        return timeline(self.table())

    def _table(self, columns: Sequence[str], rows: list[Row], title: str) -> Table:
        plain = [{name: row[name] for name in columns} for row in rows]
        asked = ("timeline", *self.view.queries)
        notes = [*self.notes, *map(self._kg.say, _NOTES)]
        return self._kg.table(columns, plain, title, queries=asked, parameters=self.view.parameters, notes=notes)


def _dates(kg: Session, row: Row) -> str:
    start, end = row["start"], row["end"]
    if row["kind"] == "event":
        return f" {start}"
    if start or end:
        return f" {period_in_words(kg, start, end)}"
    if row["earliest"] or row["latest"]:
        ends = {"start": row["earliest"] or "?", "end": row["latest"] or "?"}
        return " " + kg.say("{start} to {end}, counted", **ends)
    return ""


def timeline(kg: Session, *, country: Sequence[str] = (), lens: Lens) -> Timeline:
    """Return the timeline, as :meth:`KnowledgeGraph.timeline` does; raises UnknownNameError or ParameterError."""
    made = Timeline(kg, kg.query("timeline", country=list(country)).rows(), View(kg, lens, country))
    if lens and not made.table().rows:
        raise ParameterError(kg.say("No document is left through this lens: {lens}.", lens=made.view.words()))
    return made
