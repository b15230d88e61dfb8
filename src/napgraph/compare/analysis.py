"""What the analyses have in common: the rows of a saved query as tables in the words of the reader."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..query.session import Session
from ..tables.table import Table
from .filters import View
from .values import Row, code_of, short_iri


class Analysis:
    """The rows of the saved query of a subclass, asked with ``parameters``; ``view`` says which documents count."""

    QUERY: str
    known: Sequence[str] = ()
    """What a reader of its tables must know, in English."""

    def __init__(self, kg: Session, view: View | None = None, /, **parameters: object) -> None:
        self._kg, self.view, self._parameters = kg, view or View(kg), parameters
        self._rows: list[Row] = kg.query(self.QUERY, **parameters).rows()
        self._all = {str(row["document"]): None for row in self._rows}

    @property
    def notes(self) -> list[str]:
        """What a reader must know of the view: who is only possibly in, who is left out, and why."""
        return self.view.notes(self._all)

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

    def _table(self, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], title: str, *queries: str) -> Table:
        """Return these columns of ``rows`` as a table, which rests on the saved ``queries`` too."""
        parameters = {
            name: value if isinstance(value, str) else " ".join(map(str, value))  # type: ignore[call-overload]
            for name, value in (self._parameters | self.view.parameters).items()
            if value
        }
        return self._kg.table(
            columns,
            [{name: row[name] for name in columns} for row in rows],
            title,
            queries=(self.QUERY, *self.view.queries, *queries),
            parameters=parameters,
            notes=[*self.notes, *map(self._kg.say, self.known)],
        )


def joined(texts: Iterable[object]) -> str | None:
    """Return texts as one, each once, with ``; `` between them; None for nothing."""
    return "; ".join(dict.fromkeys(str(text) for text in texts if text)) or None
