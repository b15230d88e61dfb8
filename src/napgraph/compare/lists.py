"""Rows of one saved query in words: the time line, gaps, bodies by role, what a plan orders and reports tell of it."""

from typing import Any

from ..errors import ParameterError, UnknownNameError
from ..query.session import Session
from ..rdf.namespaces import slug
from ..tables.columns import Value
from ..tables.table import Picture, Table
from .analysis import DOCUMENT, NAMED, Analysis, Row, View, code_of, joined, natural, period_in_words, short_iri

_EVENT = ("kind", "what", "start", "end", "precision", "earliest", "latest", "open", "timing")
_TIMES = (*NAMED, *_EVENT, "evidence", "where")
_PHRASES = (*NAMED, "kind", "what", "phrase", "evidence", "where")


class Timeline(Analysis):
    """Periods and dated events of documents; raises UnknownNameError, or ParameterError where filters leave nothing."""

    QUERY = "timeline"
    known = (
        "A year or a month is shown from its first to its last day: the source says no more.",
        "A row of the kind none: the source states neither a period nor a dated event of the document.",
    )

    def __init__(self, kg: Session, view: View) -> None:
        super().__init__(kg, view)
        self._parameters = {}
        if (view.parameters or view.lens) and all(str(row["document"]) in view.left_out for row in self._rows):
            raise ParameterError(kg.say("No document is left through this lens: {lens}.", lens=view.words()))

    def worded(self) -> list[Row]:
        """Return the rows in words, a row per passage, without the documents that the view leaves out."""
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
        for row in self.worded():
            once.setdefault(tuple(row[name] for name in _TIMES[:-2]), row)
        return self._table(_TIMES, once.values(), self._kg.say("Timeline"))

    def evidence(self) -> Table:
        """Return a row per period or event and passage that states it."""
        title = self._kg.say("{title}: the statements behind it", title=self._kg.say("Timeline"))
        return self._table(_PHRASES, self.worded(), title)

    def drawn(self, day: str) -> Table:
        """Return :meth:`table` without reports and laws, to be drawn.

        Of further keys, ``shown`` tells the period that stands for the document where sources differ, and ``runs``
        whether it holds ``day`` by the saved query ``in-force``.
        """
        documents = {short_iri(row["document"]) for row in self._kg.query("summary-of-documents")}
        asked = {"date": day, "answer": ["yes", "possible", "no"]}
        runs = {short_iri(row["document"]): str(row["answer"]) for row in self._kg.query("in-force", **asked)}
        kept = [row for row in self.worded() if short_iri(row["document"]) in documents]
        made = self.table()
        made.rows = [{**dict.fromkeys(made.names), **row, "runs": runs.get(short_iri(row["document"]))} for row in kept]
        return made

    def chart(self, **look: Any) -> Picture:
        """Return the time line as a picture, which shows itself in a notebook; ``look`` as charts.Look has it."""
        from ..charts import Look, timeline

        shown = Look(**look)
        return timeline(self.drawn(shown.today), shown)


_BODY = ("body", "body_name", "origin", "body_class", "role", "verb", "element", "evidence", "where")


class Network(Analysis):
    """Bodies, or kinds of bodies where a source names none, by document and role."""

    QUERY = "network"
    known = ("A kind of body that is named in two documents need not be the same body in both.",)

    def __init__(self, kg: Session, view: View, role: str | None = None) -> None:
        super().__init__(kg, view)
        if role is not None:
            roles = {str(row["role"]) for row in kg.query(self.QUERY, tier=sorted(kg.codes("tier")))}
            known = {said: each for each in roles for said in (each, kg.say(each))}
            if role not in known:
                words = sorted(map(kg.say, roles))
                raise UnknownNameError("role", role, words, see=f"The roles are: {', '.join(words)}.")
            self._rows = [row for row in self._rows if row["role"] == known[role]]

    def table(self) -> Table:
        """Return a row per body, role, element and passage; ``body`` is None where only a kind is named."""
        origins = self.view.origins(row["document"] for row in self._rows)
        made = []
        for row in self._rows:
            told: Row = {"body_name": row["name"], "body_class": row["class"], "element": short_iri(row["element"])}
            made.append(self._named(row, origins) | told | {"role": self._kg.say(str(row["role"]))})
        return self._table((*DOCUMENT, *_BODY), made, self._kg.say("Bodies behind the documents, by role"))

    def chart(self, **look: Any) -> Picture:
        """Return the bodies by role, which shows itself in a notebook; ``look`` as charts.Look has it."""
        from ..charts import Look, network

        return network(self.table(), Look(**({"names": self._kg.names} | look)))


_GAPS = (*DOCUMENT, "kind", "question", "elements", "with_it", "stated_absent", "silent", "lower", "upper", "where")
_ANSWERS = (*NAMED, "kind", "question", "answer", "element", "phrase", "origin", "part", "evidence", "where")
_ELEMENTS = ("strategic goal", "specific objective", "activity")
_QUESTIONS = ("activity", "indicator", "body", "money", "timeline")
_COUNTS = ("applicable", "present", "absent", "silent", "notAssessed", "lower", "upper")


class Gaps(Analysis):
    """Per document, kind of element and question: how many have it, lack it, or leave it open."""

    QUERY = "element-parts"
    known = (
        "Lower is the share that has it, upper the share that is not known to lack it.",
        "Silence counts as a lack only where the full text was read and looked through.",
    )

    def table(self) -> Table:
        """Return a row per document, kind of element and question; without these, one for a document of no element."""
        labels, origins = self._kg.labels, self.view.origins(row["document"] for row in self._rows)
        kinds, questions = (None, *_ELEMENTS), (None, *_QUESTIONS)
        groups: dict[tuple[str, str, int, int], list[Row]] = {}
        for row in self._rows:
            place = code_of(row), str(row["document"]), kinds.index(row["kind"]), questions.index(row["question"])
            groups.setdefault(place, []).append(row)
        made = []
        for group in (groups[place] for place in sorted(groups)):
            answers = {row["element"]: str(row["answer"]) for row in group if row["element"] is not None}
            counts = _counts([*answers.values()]) | {"where": joined(labels.get(str(row["evidence"])) for row in group)}
            made.append(self._named(group[0], origins) | counts)
        return self._table(_GAPS, made, self._kg.say("What the elements of plans lack"))

    def chart(self) -> Picture:
        """Return the shares as intervals; the picture shows itself in a notebook."""
        from ..charts import intervals

        return intervals(self.table())

    def evidence(self) -> Table:
        """Return a row per element, question and passage: what is stated, absent or left open."""
        labels, origins = self._kg.labels, self.view.origins(row["document"] for row in self._rows)
        rows = []
        for row in self._rows:
            element, part = (str(row[name] or "") for name in ("element", "part"))
            told: Row = {"element": short_iri(element) or None, "part": labels.get(part, short_iri(part)) or None}
            rows.append(self._named(row, origins) | told)
        return self._table(_ANSWERS, rows, self._kg.say("What the counts of gaps rest on"))


def _counts(answers: list[str]) -> Row:
    having, lacking = answers.count("stated"), answers.count("absent")
    every = len(answers) - answers.count("not-applicable")
    lower, upper = (round(having / every, 4), round((every - lacking) / every, 4)) if every else (None, None)
    counts: Row = {"elements": every, "with_it": having, "stated_absent": lacking, "silent": every - having - lacking}
    return counts | {"lower": lower, "upper": upper}


def completeness(kg: Session, view: View) -> Table:
    """Return the query ``completeness`` in words, a row per document and set of features; ``where``: its passages."""
    read: dict[str, list[str]] = {}
    for row in kg.query("document-passages"):
        read.setdefault(str(row["document"]), []).append(kg.labels.get(str(row["evidence"]), ""))
    made: list[Row] = []
    for row in kg.query("completeness", **view.asked):
        document, collection = str(row["document"]), str(row["collection"])
        told: Row = {"country": code_of(row), "document": document, "title": kg.labels.get(document)}
        told["collection"] = kg.labels.get(collection, slug(collection))
        made.append(told | {name: row[name] for name in _COUNTS} | {"where": joined(read.get(document, []))})
    columns = ("country", "document", "title", "collection", *_COUNTS, "where")
    title = kg.say("Completeness of the documents")
    return kg.table(columns, made, title, queries=("completeness", "document-passages"), parameters=view.told)


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
        super().__init__(kg, view)
        self._rows = [row for row in self._rows if document in {None, row["document"]}]
        part = next((name for name in _PARTS if name in self._columns), "")
        parts = list(dict.fromkeys((str(row["document"]), str(row.get(part))) for row in self._rows))
        if part == "concerns" or parts == sorted(parts):  # no order is stated, so the numbers in addresses give it
            documents = {name: place for place, (name, _) in enumerate(parts)}
            self._rows.sort(key=lambda row: (documents[str(row["document"])], natural(row.get(part))))

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
