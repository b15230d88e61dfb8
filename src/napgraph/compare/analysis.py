"""What the analyses have in common: the rows of a saved query as tables in the words of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from ..query.session import Session
from ..rdf.namespaces import BASE, slug
from ..tables.columns import Value
from ..tables.table import Table

Row = dict[str, Value]


class Analysis:
    """The ``rows`` of the saved query of a subclass, asked with ``parameters``, which its tables tell."""

    QUERY: ClassVar[str]
    known: Sequence[str] = ()
    """What a reader of its tables must know, in English."""

    def __init__(self, kg: Session, rows: list[Row], parameters: Mapping[str, object]) -> None:
        self._kg, self._rows = kg, rows
        self._parameters = {name: value for name, value in parameters.items() if value}

    def _named(self, row: Row, origins: Mapping[str, str] | None = None) -> Row:
        """Return a row with the code and name of its jurisdiction, title and short name of its document, and place."""
        code, document, labels = code_of(row), str(row["document"]), self._kg.labels
        return row | {
            "country": code,
            "name": self._kg.names.get(code, code),
            "document": short_iri(document),
            "title": labels.get(document),
            "title_origin": (origins or {}).get(document),
            "where": labels.get(str(row["evidence"])),
        }

    def _table(self, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], title: str) -> Table:
        """Return these columns of ``rows`` as a table."""
        plain = [{name: row[name] for name in columns} for row in rows]
        parameters = {
            name: value if isinstance(value, str) else " ".join(map(str, value))  # type: ignore[call-overload]
            for name, value in self._parameters.items()
        }
        notes = [self._kg.say(note) for note in self.known]
        return self._kg.table(columns, plain, title, queries=(self.QUERY,), parameters=parameters, notes=notes)


def code_of(row: Mapping[str, object]) -> str:
    """Return the alpha-3 code of the jurisdiction that a row is about."""
    return slug(str(row["country"])).upper()


def short_iri(iri: object) -> str:
    """Return the short name of a document or of a part of one, such as ``nor/plan-2006-2009``: what follows ``id/``."""
    return str(iri).removeprefix(f"{BASE}id/")


def joined(texts: Iterable[object]) -> str | None:
    """Return texts as one, each once, with ``; `` between them; None for nothing."""
    return "; ".join(dict.fromkeys(str(text) for text in texts if text)) or None
