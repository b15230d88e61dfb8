"""The bodies of the documents, each in its role."""

from typing import Any

from ..tables.table import Picture, Table
from .analysis import DOCUMENT, Analysis, Row, short_iri

_BODY = ("body", "body_name", "origin", "body_class", "role", "verb", "element", "evidence", "where")


class Network(Analysis):
    """Bodies, or kinds of bodies where a source names none, by document and role."""

    QUERY = "network"
    known = ("A kind of body that is named in two documents need not be the same body in both.",)

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
