"""How complete each document is, as intervals, under its title: the table behind the picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..rdf.namespaces import slug

if TYPE_CHECKING:
    from ..query.session import Session
    from ..tables.columns import Value
    from ..tables.table import Table

_COLUMNS = ("country", "document", "title", "collection")
_COUNTS = ("applicable", "present", "absent", "silent", "notAssessed", "lower", "upper")
_READ = "document-passages"


def completeness(kg: Session, country: Sequence[str] = ()) -> Table:
    """Return the answer of the saved query ``completeness`` in words, a row per document and set of features.

    ``where`` are the passages that the record of the document rests on.
    """
    read: dict[str, dict[str, None]] = {}
    for row in kg.query(_READ):
        read.setdefault(str(row["document"]), {})[kg.labels.get(str(row["evidence"]), "")] = None
    made: list[dict[str, Value]] = []
    for row in kg.query("completeness", country=list(country)):
        document, collection = str(row["document"]), str(row["collection"])
        told: dict[str, Value] = {"country": slug(str(row["country"])).upper(), "document": document}
        told |= {"title": kg.labels.get(document), "collection": kg.labels.get(collection, slug(collection))}
        made.append(told | {name: row[name] for name in _COUNTS} | {"where": "; ".join(read.get(document, {})) or None})
    columns = (*_COLUMNS, *_COUNTS, "where")
    return kg.table(columns, made, kg.say("Completeness of the documents"), queries=("completeness", _READ))
