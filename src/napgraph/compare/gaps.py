"""What the elements of a plan lack, and how complete each document is, as intervals.

``lower`` is the share of elements known to have a thing, ``upper`` the share not known to lack it: a source says so, or
the full text was looked through. What is not applicable is not counted.
"""

from collections.abc import Sequence

from ..query.session import Session
from ..rdf.namespaces import slug
from ..tables.table import Picture, Table
from .analysis import DOCUMENT, NAMED, Analysis, Row, code_of, joined, short_iri

_COLUMNS = (*DOCUMENT, "kind", "question", "elements", "with_it", "stated_absent", "silent", "lower", "upper", "where")
_EVIDENCE = (*NAMED, "kind", "question", "answer", "element", "phrase", "origin", "part", "evidence", "where")
_KINDS = ("strategic goal", "specific objective", "activity")
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
        kinds, questions = (None, *_KINDS), (None, *_QUESTIONS)
        groups: dict[tuple[str, str, int, int], list[Row]] = {}
        for row in self._rows:
            place = code_of(row), str(row["document"]), kinds.index(row["kind"]), questions.index(row["question"])
            groups.setdefault(place, []).append(row)
        made = []
        for group in (groups[place] for place in sorted(groups)):
            answers = {row["element"]: str(row["answer"]) for row in group if row["element"] is not None}
            counts = _counts([*answers.values()]) | {"where": joined(labels.get(str(row["evidence"])) for row in group)}
            made.append(self._named(group[0], origins) | counts)
        return self._table(_COLUMNS, made, self._kg.say("What the elements of plans lack"))

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
        return self._table(_EVIDENCE, rows, self._kg.say("What the counts of gaps rest on"))


def _counts(answers: list[str]) -> Row:
    having, lacking = answers.count("stated"), answers.count("absent")
    every = len(answers) - answers.count("not-applicable")
    lower, upper = (round(having / every, 4), round((every - lacking) / every, 4)) if every else (None, None)
    counts: Row = {"elements": every, "with_it": having, "stated_absent": lacking, "silent": every - having - lacking}
    return counts | {"lower": lower, "upper": upper}


def completeness(kg: Session, country: Sequence[str] = ()) -> Table:
    """Return the query ``completeness`` in words, a row per document and set of features; ``where``: its passages."""
    read: dict[str, list[str]] = {}
    for row in kg.query("document-passages"):
        read.setdefault(str(row["document"]), []).append(kg.labels.get(str(row["evidence"]), ""))
    made: list[Row] = []
    for row in kg.query("completeness", country=list(country)):
        document, collection = str(row["document"]), str(row["collection"])
        told: Row = {"country": code_of(row), "document": document, "title": kg.labels.get(document)}
        told["collection"] = kg.labels.get(collection, slug(collection))
        made.append(told | {name: row[name] for name in _COUNTS} | {"where": joined(read.get(document, []))})
    columns = ("country", "document", "title", "collection", *_COUNTS, "where")
    title = kg.say("Completeness of the documents")
    return kg.table(columns, made, title, queries=("completeness", "document-passages"))
