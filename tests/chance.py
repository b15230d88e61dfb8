"""Small graphs made by chance for ``judge/features.ttl``: a few nodes, every kind of literal, sound and not."""

from __future__ import annotations

from random import Random

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from napgraph.validation.literals import XSD, Term
from napgraph.validation.shacl import SUBCLASS_OF, TYPE

__all__ = ["chance_graph"]

_SPACE = "https://example.org/"
_TEXTS = {
    "integer": ("5", "7", "-3", "005", "+5", "1_000", "5.0", "", " 5", "٣", "9" * 20),
    "decimal": ("5.0", "5", "7.50", "-.5", "1e5", "5."),
    "double": ("5e0", "5", "INF", "inf", "1.5E3", "x"),
    "float": ("5.5", "-INF", "1_0.5"),
    "boolean": ("true", "false", "1", "TRUE", "yes"),
    "date": ("2006-05-01", "2006-05-02Z", "2006-13-01", "2006-04-30+02:00", "2006-W05-1", "20060501", "-0044-03-15"),
    "dateTime": (
        "2006-05-01T10:00:00",
        "2006-05-01T10:00:00Z",
        "2006-05-01 11:00:00",
        "2006-05-01",
        "2006-05-01T25:00:00",
    ),
    "time": ("10:00:00", "09:59:59Z", "10:00"),
    "gYear": ("2005", "2006", "2007Z", "202X"),
    "gYearMonth": ("2006-05",),
    "duration": ("P1Y", "P12M", "P400D", "PT36H", "-P1D", "P", "1Y", "P0001-02-03T04:05:06"),
    "yearMonthDuration": ("P1Y2M",),
    "byte": ("5", "300", "-128"),
    "nonNegativeInteger": ("5", "-1", "0"),
    "unsignedLong": ("5", "-5"),
    "long": ("5", "9" * 30),
    "hexBinary": ("0fb7", "0fb", "xyz"),
    "base64Binary": ("aGk=", "aGk", "a"),
    "anyURI": ("https://example.org/", "no uri <>"),
    "string": ("", "a", "b", "m", "zebra", "line\nb", "20060", "Ünïcode"),
}
_TAGS = ("en", "EN-gb", "fr", "zh-Hant", "zh-Hant-TW")
_SOUND = {
    "integer": ("5", "7", "-3", "005", "+5", "1_000", " 5", "٣", "9" * 20),
    "date": ("2006-05-01", "2006-04-30+02:00", "2005-12-31"),
    "string": ("", "a", "b", "m", "zebra", "line\nb", "20060", "Ünïcode"),
    "decimal": ("5.0", "5", "7.50", "-.5", "1e5", "5."),
    "dateTime": ("2006-05-01T10:00:00", "2006-05-01T11:00:00", "2006-05-01"),
}
"""Texts that rdflib takes for values of their datatype, of which any two can be compared."""
_SUMS = ("5", "10", "10.0", "5.50", "2.5", "7" * 16)


def chance_graph(random: Random) -> list[Triple]:
    """Return a graph of some 60 statements; the same random numbers give the same graph."""
    nodes: list[Term] = [*(NamedNode(f"{_SPACE}n{number}") for number in range(1, 6)), BlankNode("x"), BlankNode("y")]
    kinds = [NamedNode(_SPACE + name) for name in "ABCD"]
    triples = {_triple(node, TYPE, random.choice(kinds)) for node in random.sample(nodes, 5)}
    triples |= {_triple(random.choice(kinds), SUBCLASS_OF, random.choice(kinds)) for _ in range(random.randint(0, 2))}
    for _ in range(random.randint(5, 30)):
        value = random.choice(nodes) if random.random() < 0.9 else _literal(random)
        triples.add(_link(random, nodes, "pqr", value))
    for _ in range(random.randint(5, 25)):
        triples.add(_link(random, nodes, "v", _literal(random) if random.random() < 0.95 else random.choice(nodes)))
    for _ in range(3):
        triples.add(_link(random, nodes[:2], "v", Literal(random.choice("abc"), language=random.choice(_TAGS[:3]))))
    triples |= _comparable(random, nodes)
    for node in random.sample(nodes, random.randint(0, 3)):
        triples.add(_link(random, [node], ["partOf"], random.choice(nodes)))
        texts = _SUMS if random.random() < 0.3 else _SUMS[:3]
        triples |= {_link(random, [each], ["sum"], _number(random.choice(texts))) for each in nodes[:4]}
        triples.add(_link(random, [node], ["lacks"], NamedNode(_SPACE + random.choice("pqv"))))
    return sorted(triples, key=str)


def _comparable(random: Random, nodes: list[Term]) -> set[Triple]:
    """Return pairs for sh:lessThan of which no engine despairs: no nameless node, no two values without an order."""
    name = random.choice(["integer", "date", "string", "decimal", "dateTime"])
    found = set()
    for _ in range(random.randint(0, 4)):
        value: Term = Literal(random.choice(_SOUND[name]), datatype=NamedNode(XSD + name))
        value = value if random.random() < 0.8 else nodes[0]
        found.add(_link(random, nodes, ["from", "to"], value))
    return found


def _link(random: Random, nodes: list[Term], names: str | list[str], value: Term) -> Triple:
    return _triple(random.choice(nodes), NamedNode(_SPACE + random.choice(names)), value)


def _literal(random: Random) -> Literal:
    name, texts = random.choice(list(_TEXTS.items()))
    text = random.choice(texts)
    if name == "string":
        return Literal(text, language=random.choice(_TAGS)) if random.random() < 0.6 else Literal(text)
    return Literal(text, datatype=NamedNode(XSD + name if random.random() < 0.97 else f"{_SPACE}unheard-of"))


def _number(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + ("integer" if text.isdigit() else "decimal")))


def _triple(subject: Term, predicate: NamedNode, value: Term) -> Triple:
    return Triple(subject, predicate, value)  # type: ignore[arg-type]  # no subject here is a literal
