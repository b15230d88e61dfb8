"""What the elements of a plan lack, as intervals.

``lower`` is the share of elements that are known to have a thing, ``upper`` the share that are not known to lack it. An
element is known to lack a thing where a source says so, or where the full text was read and looked through for it; the
silence of anything less leaves it open. What is not applicable is not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..rdf.namespaces import slug

if TYPE_CHECKING:
    from altair import ConcatChart

    from ..query.results import Value
    from ..query.session import Session
    from ..tables.table import Table

_QUERY = "element-parts"
_COLUMNS = (
    *("country", "document", "title", "title_origin", "kind", "question", "elements", "with_it", "stated_absent"),
    "silent",
    *("lower", "upper", "where"),
)
_EVIDENCE = (
    *("country", "name", "document", "title", "title_origin", "kind", "question", "answer", "element", "phrase"),
    *("origin", "part"),
    *("evidence", "where"),
)
_KINDS = ("strategic goal", "specific objective", "activity")
_QUESTIONS = ("activity", "indicator", "body", "money", "timeline")


class Gaps:
    """Per document, kind of element and question: how many have it, lack it, or leave it open. Made by :func:`gaps`."""

    def __init__(self, kg: Session, rows: list[dict[str, Value]], country: Sequence[str]) -> None:
        self._kg, self._rows, self._country = kg, rows, country
        self._origins = kg.origins_of(row["document"] for row in rows)

    def rows(self) -> list[dict[str, Value]]:
        """Return the counts; a document of which no element is shown has one row, without kind and interval."""
        answers: dict[tuple[str, ...], dict[str, str]] = {}
        places: dict[tuple[str, ...], dict[str, None]] = {}
        for row in self._rows:
            code = slug(str(row["country"])).upper()
            place = (code, str(row["document"]), str(row["kind"] or ""), str(row["question"] or ""))
            cell = answers.setdefault(place, {})
            places.setdefault(place, {})[self._kg.labels.get(str(row["evidence"]), "")] = None
            if row["element"] is not None:
                cell[str(row["element"])] = str(row["answer"])
        return [
            self._counted(place, list(cell.values())) | {"where": "; ".join(filter(None, places[place])) or None}
            for place, cell in sorted(answers.items(), key=_position)
        ]

    def _counted(self, place: tuple[str, ...], answers: list[str]) -> dict[str, Value]:
        code, document, kind, question = place
        told = [answer for answer in answers if answer != "not-applicable"]
        having, lacking = told.count("stated"), told.count("absent")
        return {
            "country": code,
            "document": _short(document),
            "title": self._kg.labels.get(document),
            "title_origin": self._origins.get(document),
            "kind": kind or None,
            "question": question or None,
            "elements": len(told),
            "with_it": having,
            "stated_absent": lacking,
            "silent": len(told) - having - lacking,
            "lower": round(having / len(told), 4) if told else None,
            "upper": round((len(told) - lacking) / len(told), 4) if told else None,
        }

    def table(self) -> Table:
        """Return a row per document, kind of element and question."""
        return self._made(_COLUMNS, self.rows(), self._kg.say("What the elements of plans lack"))

    def chart(self) -> ConcatChart:
        """Return the shares as intervals; the picture shows itself in a notebook. Needs ``napgraph[charts]``."""
        from ..charts import intervals

        return intervals(self.table())

    def evidence(self) -> Table:
        """Return a row per element, question and passage: what is stated, absent or left open."""
        labels = self._kg.labels
        rows: list[dict[str, Value]] = []
        for row in self._rows:
            code = slug(str(row["country"])).upper()
            document, part = str(row["document"]), str(row["part"] or "")
            rows.append(
                {
                    "country": code,
                    "name": self._kg.names.get(code, code),
                    "document": _short(document),
                    "title": labels.get(document),
                    "title_origin": self._origins.get(document),
                    "kind": row["kind"],
                    "question": row["question"],
                    "answer": row["answer"],
                    "element": _short(str(row["element"])) if row["element"] else None,
                    "phrase": row["phrase"],
                    "origin": row["origin"],
                    "part": labels.get(part, _short(part)) or None,
                    "evidence": row["evidence"],
                    "where": labels.get(str(row["evidence"])),
                }
            )
        return self._made(_EVIDENCE, rows, self._kg.say("What the counts of gaps rest on"))

    def _made(self, columns: Sequence[str], rows: Sequence[dict[str, Value]], title: str) -> Table:
        notes = [
            "Lower is the share that has it, upper the share that is not known to lack it.",
            "Silence counts as a lack only where the full text was read and looked through.",
        ]
        parameters = {"country": " ".join(self._country)} if self._country else {}
        told = [self._kg.say(note) for note in notes]
        return self._kg.table(columns, rows, title, queries=(_QUERY,), parameters=parameters, notes=told)


def _position(item: tuple[tuple[str, ...], object]) -> tuple[str, str, int, int]:
    code, document, kind, question = item[0]
    return (
        code,
        document,
        _KINDS.index(kind) if kind in _KINDS else -1,
        _QUESTIONS.index(question) if question in _QUESTIONS else -1,
    )


def _short(iri: str) -> str:
    return iri.partition("/id/")[2] or iri


def gaps(kg: Session, *, country: Sequence[str] = ()) -> Gaps:
    """Return what the elements of plans lack, as :meth:`KnowledgeGraph.gaps` does; raises UnknownNameError."""
    return Gaps(kg, kg.query(_QUERY, country=list(country)).rows(), country)
