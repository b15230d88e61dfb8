"""What stands behind the cells of a comparison: the rows of the axis's query, read from the plans when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..rdf.namespaces import slug
from .filters import document_key

if TYPE_CHECKING:
    from ..query.results import Value
    from ..query.session import Session
    from .filters import View

Row = dict[str, "Value"]


class Behind:
    """The rows of one axis, of all jurisdictions that were asked for or of one at a time, without what a lens hides."""

    def __init__(self, kg: Session, axis: str, parameters: Mapping[str, object], view: View, by: str) -> None:
        self._kg, self._axis, self._view, self._by = kg, axis, view, by
        self._parameters = parameters
        self._said: dict[tuple[str, str], list[Row]] = {}
        self._documents: dict[str, list[str]] = {}
        self._passages: dict[str, list[Row]] = {}
        self._read: set[str] = set()

    def read(self, countries: Sequence[str]) -> None:
        """Read the rows of jurisdictions (alpha-3 codes), those not read yet in one query."""
        if self._read.issuperset(countries):
            return
        missing = [code for code in countries if code not in self._read]
        self._read.update(missing)
        asked = self._parameters if len(missing) > 1 and not self._said else {**self._parameters, "country": missing}
        for row in self._kg.query(self._axis, **asked):
            document = str(row["document"])
            if document in self._view.left_out:
                continue
            key = slug(str(row["country"])).upper() if self._by == "country" else document_key(document)
            if row["concept"] is None:
                self._documents.setdefault(key, []).append(document)
            else:
                self._said.setdefault((key, slug(str(row["concept"]))), []).append(row)

    def rows(self, key: str, concept: str) -> list[Row]:
        """Return the rows with a passage that speak of a subject and a concept; both are codes."""
        return [row for row in self._said.get((key, concept), []) if row["evidence"] is not None]

    def passages(self, keys: Sequence[str]) -> dict[str, list[Row]]:
        """Return the passages that were read of each document of the subjects, by the subject's key."""
        wanted = [
            document for key in keys for document in self._documents.get(key, []) if document not in self._passages
        ]
        if wanted:
            self._passages.update({document: [] for document in wanted})
            for row in self._kg.query("document-passages", document=wanted):
                self._passages[str(row["document"])].append(row)
        return {
            key: [row for document in self._documents.get(key, []) for row in self._passages[document]] for key in keys
        }

    def evidence(self) -> set[Value]:
        """Return the IRIs of all passages and documents that were read."""
        rows = [row for found in (*self._said.values(), *self._passages.values()) for row in found]
        return {row[name] for row in rows for name in ("document", "evidence")}
