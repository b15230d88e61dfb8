"""What the elements of a plan lack, and how complete each document is, as intervals.

``lower`` is the share of elements that are known to have a thing, ``upper`` the share that are not known to lack it. An
element is known to lack a thing where a source says so, or where the full text was read and looked through for it; the
silence of anything less leaves it open. What is not applicable is not counted.
"""

from collections.abc import Sequence

from ..query.session import Session
from ..rdf.namespaces import slug
from ..tables.table import Picture, Table
from .analysis import Analysis, Row, joined
from .values import code_of, short_iri

_COLUMNS = (
    *("country", "document", "title", "title_origin", "kind", "question", "elements", "with_it", "stated_absent"),
    *("silent", "lower", "upper", "where"),
)
_EVIDENCE = (
    *("country", "name", "document", "title", "title_origin", "kind", "question", "answer", "element", "phrase"),
    *("origin", "part", "evidence", "where"),
)
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

    def rows(self) -> list[Row]:
        """Return the counts; a document of which no element is shown has one row, without kind and interval."""
        labels, origins = self._kg.labels, self._kg.origins_of(row["document"] for row in self._rows)
        answers: dict[tuple[str, ...], dict[str, str]] = {}
        passages: dict[tuple[str, ...], list[str]] = {}
        for row in self._rows:
            place = (code_of(row), *(str(row[name] or "") for name in ("document", "kind", "question")))
            cell = answers.setdefault(place, {})
            passages.setdefault(place, []).append(labels.get(str(row["evidence"]), ""))
            if row["element"] is not None:
                cell[str(row["element"])] = str(row["answer"])
        made: list[Row] = []
        kinds, questions = ("", *_KINDS), ("", *_QUESTIONS)
        for key in sorted(answers, key=lambda each: (*each[:2], kinds.index(each[2]), questions.index(each[3]))):
            code, document, kind, question = key
            given: Row = {"country": code, "document": short_iri(document), "title": labels.get(document)}
            given |= {"title_origin": origins.get(document), "kind": kind or None, "question": question or None}
            made.append(given | _counts(list(answers[key].values())) | {"where": joined(passages[key])})
        return made

    def table(self) -> Table:
        """Return a row per document, kind of element and question."""
        return self._table(_COLUMNS, self.rows(), self._kg.say("What the elements of plans lack"))

    def chart(self) -> Picture:
        """Return the shares as intervals; the picture shows itself in a notebook. Needs ``napgraph[charts]``."""
        from ..charts import intervals

        return intervals(self.table())

    def evidence(self) -> Table:
        """Return a row per element, question and passage: what is stated, absent or left open."""
        labels, origins = self._kg.labels, self._kg.origins_of(row["document"] for row in self._rows)
        rows = []
        for row in self._rows:
            element, part = short_iri(row["element"] or "") or None, str(row["part"] or "")
            part_name = labels.get(part, short_iri(part)) or None
            rows.append(self._named(row, origins) | {"element": element, "part": part_name})
        return self._table(_EVIDENCE, rows, self._kg.say("What the counts of gaps rest on"))


def _counts(answers: list[str]) -> Row:
    told = [answer for answer in answers if answer != "not-applicable"]
    having, lacking, all_ = told.count("stated"), told.count("absent"), len(told)
    counts: Row = {"elements": all_, "with_it": having, "stated_absent": lacking, "silent": all_ - having - lacking}
    bounds = (round(having / all_, 4), round((all_ - lacking) / all_, 4)) if told else (None, None)
    return counts | dict(zip(("lower", "upper"), bounds, strict=True))


def completeness(kg: Session, country: Sequence[str] = ()) -> Table:
    """Return the answer of the saved query ``completeness`` in words, a row per document and set of features.

    ``where`` are the passages that the record of the document rests on.
    """
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
