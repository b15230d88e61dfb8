"""What the analyses have in common: the rows of a saved query as tables in the words of the reader."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from ..query.session import Session
from ..tables.columns import Value
from ..tables.table import Table
from .filters import View
from .values import code_of, short_iri

Row = dict[str, Value]


class Analysis:
    """The rows of the saved query of a subclass, asked with ``parameters``, which its tables tell.

    A ``view`` says which of their documents count.
    """

    QUERY: ClassVar[str]
    known: Sequence[str] = ()
    """What a reader of its tables must know, in English."""

    def __init__(self, kg: Session, view: View | None = None, /, **parameters: object) -> None:
        self._kg, self.view, self._parameters = kg, view, parameters
        self._rows: list[Row] = kg.query(self.QUERY, **parameters).rows()
        self._all = {str(row["document"]) for row in self._rows}

    @property
    def notes(self) -> list[str]:
        """What a reader must know of the view: who is only possibly in, who is left out, and why."""
        return self.view.notes(self._all) if self.view else []

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
        told = {name: value for name, value in self._parameters.items() if value}
        parameters = {
            name: value if isinstance(value, str) else " ".join(map(str, value))  # type: ignore[call-overload]
            for name, value in (told if self.view is None else self.view.parameters).items()
        }
        queries = (self.QUERY, *(self.view.queries if self.view else ()))
        notes = [*self.notes, *map(self._kg.say, self.known)]
        return self._kg.table(columns, plain, title, queries=queries, parameters=parameters, notes=notes)


def joined(texts: Iterable[object]) -> str | None:
    """Return texts as one, each once, with ``; `` between them; None for nothing."""
    return "; ".join(dict.fromkeys(str(text) for text in texts if text)) or None
