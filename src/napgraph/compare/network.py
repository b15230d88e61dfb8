"""The bodies behind the documents, each in its role, as rows and as a graph for other programs."""

from ..tables.table import Picture, Table
from .analysis import Analysis
from .values import Row, short_iri

_COLUMNS = (
    *("country", "document", "title", "title_origin", "body", "body_name", "origin", "body_class", "role", "verb"),
    *("element", "evidence", "where"),
)
_OF_NODE = ("label", "kind", "class", "country")
_OF_EDGE = ("role", "verb", "element", "evidence", "where")


class Network(Analysis):
    """Bodies, or kinds of bodies where a source names none, by document and role."""

    QUERY = "network"
    known = ("A kind of body that is named in two documents need not be the same body in both.",)

    def rows(self) -> list[Row]:
        """Return a row per body, role, element and passage; ``body`` is None where only a kind is named."""
        origins = self._kg.origins_of(row["document"] for row in self._rows)
        made = []
        for row in self._rows:
            told: Row = {"body_name": row["name"], "body_class": row["class"], "element": short_iri(row["element"])}
            made.append(self._named(row, origins) | told | {"role": self._kg.say(str(row["role"]))})
        return [{name: row[name] for name in _COLUMNS} for row in made]

    def table(self) -> Table:
        """Return a row per body, role, element and passage."""
        return self._table(_COLUMNS, self.rows(), self._kg.say("Bodies behind the documents, by role"))

    def evidence(self) -> Table:
        """Return the same rows: each has its passage and place."""
        return self.table()

    def chart(self) -> Picture:
        """Return the bodies by role; the picture shows itself in a notebook. Needs ``napgraph[charts]``."""
        from ..charts import network

        return network(self.table())

    def graphml(self) -> str:
        """Return GraphML: documents and bodies as nodes, roles as edges with their passages.

        A kind of body is a node of its own for each document, since it need not be the same body in two.
        """
        from xml.etree import ElementTree  # written, never read # nosec B405

        def tell(parent: ElementTree.Element, domain: str, values: Row) -> None:
            for name, value in values.items():
                if value is not None:
                    ElementTree.SubElement(parent, "data", key=f"{domain}-{name}").text = str(value)

        root = ElementTree.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
        for domain, name in (*(("node", each) for each in _OF_NODE), *(("edge", each) for each in _OF_EDGE)):
            given = {"id": f"{domain}-{name}", "for": domain, "attr.name": name, "attr.type": "string"}
            ElementTree.SubElement(root, "key", given)
        graph = ElementTree.SubElement(root, "graph", id="network", edgedefault="directed")
        nodes: dict[str, Row] = {}
        edges: list[tuple[str, str, Row]] = []
        for row in self.rows():
            document = str(row["document"])
            body = str(row["body"] or f"{document}#{row['body_class']}")
            nodes[document] = {"label": row["title"], "kind": "document", "country": row["country"]}
            kind, label = "body" if row["body"] else "kind of body", row["body_name"] or row["body_class"]
            nodes.setdefault(body, {"label": label, "kind": kind, "class": row["body_class"]})
            edges.append((body, document, {name: row[name] for name in _OF_EDGE}))
        for name, values in nodes.items():
            tell(ElementTree.SubElement(graph, "node", id=name), "node", values)
        for source, target, values in edges:
            tell(ElementTree.SubElement(graph, "edge", source=source, target=target), "edge", values)
        ElementTree.indent(root)
        return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
