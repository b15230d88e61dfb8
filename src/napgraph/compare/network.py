"""The bodies behind the documents, each in its role, as rows and as a graph for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..rdf.namespaces import slug

if TYPE_CHECKING:
    from altair import ConcatChart

    from ..query.results import Value
    from ..query.session import Session
    from ..tables.table import Table

_QUERY = "network"
_COLUMNS = (
    *(
        "country",
        "document",
        "title",
        "title_origin",
        "body",
        "body_name",
        "origin",
        "body_class",
        "role",
        "verb",
        "element",
    ),
    *("evidence", "where"),
)


class Network:
    """Bodies, or kinds of bodies where a source names none, by document and role. Made by :func:`network`."""

    def __init__(self, kg: Session, rows: list[dict[str, Value]], country: Sequence[str]) -> None:
        self._kg, self._rows, self._country = kg, rows, country

    def rows(self) -> list[dict[str, Value]]:
        """Return a row per body, role, element and passage; ``body`` is None where only a kind is named."""
        labels = self._kg.labels
        origins = self._kg.origins_of(row["document"] for row in self._rows)
        return [
            {
                "country": slug(str(row["country"])).upper(),
                "document": _short(str(row["document"])),
                "title": labels.get(str(row["document"])),
                "title_origin": origins.get(str(row["document"])),
                "body": row["body"],
                "body_name": row["name"],
                "origin": row["origin"],
                "body_class": row["class"],
                "role": self._kg.say(str(row["role"])),
                "verb": row["verb"],
                "element": _short(str(row["element"])),
                "evidence": row["evidence"],
                "where": labels.get(str(row["evidence"])),
            }
            for row in self._rows
        ]

    def table(self) -> Table:
        """Return a row per body, role, element and passage."""
        parameters = {"country": " ".join(self._country)} if self._country else {}
        notes = [self._kg.say("A kind of body that is named in two documents need not be the same body in both.")]
        title = self._kg.say("Bodies behind the documents, by role")
        return self._kg.table(_COLUMNS, self.rows(), title, queries=(_QUERY,), parameters=parameters, notes=notes)

    def evidence(self) -> Table:
        """Return the same rows: each has its passage and place."""
        return self.table()

    def chart(self) -> ConcatChart:
        """Return the bodies by role; the picture shows itself in a notebook. Needs ``napgraph[charts]``."""
        from ..charts import network

        return network(self.table())

    def graphml(self) -> str:
        """Return GraphML: documents and bodies as nodes, roles as edges with their passages.

        A kind of body is a node of its own for each document, since it need not be the same body in two.
        """
        from xml.etree import ElementTree  # written, never read # nosec B405

        root = ElementTree.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
        keys = (
            *(("node", name) for name in ("label", "kind", "class", "country")),
            *(("edge", name) for name in ("role", "verb", "element", "evidence", "where")),
        )
        for domain, name in keys:
            ElementTree.SubElement(
                root, "key", {"id": f"{domain}-{name}", "for": domain, "attr.name": name, "attr.type": "string"}
            )
        graph = ElementTree.SubElement(root, "graph", id="network", edgedefault="directed")
        nodes: dict[str, dict[str, Value]] = {}
        edges: list[tuple[str, str, dict[str, Value]]] = []
        for row in self.rows():
            document = str(row["document"])
            body = str(row["body"] or f"{document}#{row['body_class']}")
            nodes[document] = {"label": row["title"], "kind": "document", "country": row["country"]}
            kind = "body" if row["body"] else "kind of body"
            nodes.setdefault(
                body, {"label": row["body_name"] or row["body_class"], "kind": kind, "class": row["body_class"]}
            )
            edges.append(
                (body, document, {name: row[name] for name in ("role", "verb", "element", "evidence", "where")})
            )

        def tell(parent: ElementTree.Element, domain: str, values: dict[str, Value]) -> None:
            for name, value in values.items():
                if value is not None:
                    ElementTree.SubElement(parent, "data", key=f"{domain}-{name}").text = str(value)

        for name, values in nodes.items():
            tell(ElementTree.SubElement(graph, "node", id=name), "node", values)
        for source, target, values in edges:
            tell(ElementTree.SubElement(graph, "edge", source=source, target=target), "edge", values)
        ElementTree.indent(root)
        return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _short(iri: str) -> str:
    return iri.partition("/id/")[2] or iri


def network(kg: Session, *, country: Sequence[str] = ()) -> Network:
    """Return the bodies behind the documents, as :meth:`KnowledgeGraph.network` does; raises UnknownNameError."""
    return Network(kg, kg.query(_QUERY, country=list(country)).rows(), country)
