"""The timeline: which periods the documents cover and what happened to them when, no more precise than stated."""

from ..errors import ParameterError
from ..query.session import Session
from ..tables.columns import Value
from ..tables.table import Picture, Table
from .analysis import NAMED, Analysis, Row, View, period_in_words

_DATES = ("kind", "what", "start", "end", "precision", "earliest", "latest", "open", "timing")
_TABLE = (*NAMED, *_DATES, "evidence", "where")
_EVIDENCE = (*NAMED, "kind", "what", "phrase", "evidence", "where")


class Timeline(Analysis):
    """Periods and dated events of documents; raises UnknownNameError, or ParameterError where filters leave nothing."""

    QUERY = "timeline"
    known = (
        "A year or a month is shown from its first to its last day: the source says no more.",
        "A row of the kind none: the source states neither a period nor a dated event of the document.",
    )

    def __init__(self, kg: Session, view: View) -> None:
        super().__init__(kg, view, country=view.country)
        self._parameters = {}  # the view says the countries too
        if view.parameters and all(str(row["document"]) in view.left_out for row in self._rows):
            raise ParameterError(kg.say("No document is left through this lens: {lens}.", lens=view.words()))

    def _worded(self) -> list[Row]:
        """Return the rows in words, without the documents that the view leaves out."""
        labels, say, made = self._kg.labels, self._kg.say, []
        for row in self._rows:
            if str(row["document"]) in self.view.left_out:
                continue
            what, period = say(str(row["kind"])), period_in_words(self._kg, row["start"], row["end"])
            if row["kind"] == "none":
                what = say("no date stated")
            elif row["kind"] == "event":
                what, period = labels.get(str(row["what"])) or str(row["label"] or say("event")), str(row["start"])
            elif not period and (row["earliest"] or row["latest"]):
                ends = {"start": row["earliest"] or "?", "end": row["latest"] or "?"}
                period = say("{start} to {end}, counted", **ends)
            told: Row = {"title_origin": row["origin"], "what": what, "phrase": f"{what} {period}".rstrip()}
            told["timing"] = labels.get(str(row["timing"])) if row["timing"] else None
            made.append(self._named(row) | {"document": row["document"], "title": row["title"]} | told)
        return made

    def table(self) -> Table:
        """Return a row per period and dated event; a document with neither has one row of the kind ``none``."""
        once: dict[tuple[Value, ...], Row] = {}
        for row in self._worded():
            once.setdefault(tuple(row[name] for name in _TABLE[:-2]), row)
        return self._table(_TABLE, once.values(), self._kg.say("Timeline"))

    def evidence(self) -> Table:
        """Return a row per period or event and passage that states it."""
        title = self._kg.say("{title}: the statements behind it", title=self._kg.say("Timeline"))
        return self._table(_EVIDENCE, self._worded(), title)

    def chart(self) -> Picture:
        """Return the time line as a picture; it shows itself in a notebook. Needs ``napgraph[charts]``."""
        from ..charts import timeline

        return timeline(self.table())
