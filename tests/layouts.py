"""Random Turtle, TriG, RDF/XML and JSON-LD in many layouts, written so that every value tells where it was written."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

HEAD = "@prefix : <http://example.org/> .\n@prefix x.y: <http://example.org/xy#> .\n@base <http://example.org/b/> .\n"
BLANKS = [" ", "\n", "  ", "\n\n", " # a comment with \" ' < [ ( . ;\n", "\t", "\r\n", "\n# [ :p :o ] .\n"]
VALUES = [  # the tokens of a value, and how it is known again
    ([":v{}"], "v{}"),
    (["<http://example.org/v{}>"], "v{}"),
    (["x.y:v{}.a\\,b"], "v{}"),
    (['"v{} \\" ; . [ ("'], "v{}"),
    (['"""v{}\n"two" \\"""lines ; ."""'], "v{}"),
    (["'''v{}\r\n'q' ] ) .'''", "@en-GB"], "v{}"),
    (["'v{}'", "^^", ":dt.a"], "v{}"),
    (['"v{}"^^<http://example.org/dt>'], "v{}"),
    (["<v{}>"], "v{}"),
    (["{}.0e0"], "{}.0e0"),
    (["-{}"], "-{}"),
    (["_:v{}.x"], "v{}.x"),
]
PREDICATES = ["a", ":p", "<http://example.org/q>", "x.y:p%41.q"]
SUBJECTS = [":s", "<http://example.org/s>", "<s>", "_:s.t", "[]", "x.y:"]
GRAPHS = ["", ":g", "GRAPH :g", "_:g", "[]", "graph <http://example.org/g>"]


class Terse:
    """Turtle or TriG that grows, and the line on which each numbered value began."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.text = draw, HEAD
        self.lines: dict[str, int] = {}

    def _put(self, token: str) -> None:
        self.text += token + self.draw(st.sampled_from(BLANKS))

    def _times(self, least: int, most: int) -> range:
        return range(self.draw(st.integers(least, most)))

    def _value(self) -> None:
        tokens, known = self.draw(st.sampled_from(VALUES))
        number = len(self.lines) + 1
        self.lines[known.format(number)] = 1 + self.text.count("\n")
        for token in tokens:
            self._put(token.format(number))

    def _object(self, depth: int) -> None:
        form = self.draw(st.integers(0, 4)) if depth else 0
        if form == 1:
            self._put("[")
            if self.draw(st.booleans()):
                self._predicates(depth - 1)
            self._put("]")
        elif form == 2:
            self._list(depth)
        else:
            self._value()

    def _list(self, depth: int) -> None:
        self._put("(")
        for _ in self._times(0, 3):
            self._object(depth - 1)
        self._put(")")

    def _predicates(self, depth: int) -> None:
        for number in self._times(1, 3):
            for _ in self._times(1, 2) if number else ():
                self._put(";")
            self._put(self.draw(st.sampled_from(PREDICATES)))
            for more in self._times(1, 3):
                if more:
                    self._put(",")
                self._object(depth)
        for _ in self._times(0, 1):
            self._put(";")

    def _block(self) -> None:
        form = self.draw(st.integers(0, 4))
        if form == 0:
            self._put("[")
            self._predicates(2)
            self._put("]")
            for _ in self._times(0, 1):
                self._predicates(2)
            return
        if form == 1:
            self._list(2)
        else:
            self._put(self.draw(st.sampled_from(SUBJECTS)))
        self._predicates(3)

    def blocks(self, number: int) -> None:
        """Write blocks that each end in a dot, and now and then a directive."""
        for _ in range(number):
            if self.draw(st.integers(0, 6)) == 0:
                self._put(self.draw(st.sampled_from(["PREFIX z: <http://example.org/z>", "base <http://a.org/>"])))
            self._block()
            self._put(".")

    def graph(self) -> None:
        """Write a graph in braces."""
        self._put(self.draw(st.sampled_from(GRAPHS)))
        self._put("{")
        for number in self._times(0, 2):
            if number:
                self._put(".")
            self._block()
        self._put("}")


@st.composite
def turtle(draw: st.DrawFn) -> tuple[str, dict[str, int]]:
    """Draw a Turtle document, and the line of each of its numbered values."""
    made = Terse(draw)
    made.blocks(draw(st.integers(1, 4)))
    return made.text, made.lines


@st.composite
def trig(draw: st.DrawFn) -> tuple[str, dict[str, int]]:
    """Draw a TriG document, and the line of each of its numbered values."""
    made = Terse(draw)
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            made.graph()
        else:
            made.blocks(1)
    return made.text, made.lines


class Markup:
    """RDF/XML that grows, and the line of the element of each numbered value."""

    LEAVES = (
        "<p>{}</p>",
        '<p rdf:datatype="http://example.org/dt">{}\n\n more</p>',
        '<p rdf:resource="{}"/>',
        '<p rdf:parseType="Literal">{}<b>\n</b></p>',
        '<p e:q="{}" e:r="x"/>',
        '<p\n rdf:resource="{}">\n</p>',
    )

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.lines: dict[str, int] = {}
        self.text = (
            '<?xml version="1.0"?>\n<!-- <a> -->\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"\n'
            '  xmlns="http://example.org/" xmlns:e="http://example.org/" xml:base="http://example.org/b/">\n'
        )

    def _put(self, part: str) -> None:
        self.text += part + self.draw(st.sampled_from(["", "\n", " \n ", "<!-- c\n-->", "\n\n"]))

    def _key(self) -> str:
        key = f"v{len(self.lines) + 1}"
        self.lines[key] = 1 + self.text.count("\n")
        return key

    def node(self, depth: int) -> None:
        """Write a node, with what is stated of it."""
        name = self.draw(st.sampled_from(["rdf:Description", "T"]))
        name_of_node = ["", ' rdf:about="s"', ' rdf:nodeID="n"', '\n rdf:about="http://example.org/s"']
        start = name + self.draw(st.sampled_from(name_of_node))
        if self.draw(st.integers(0, 4)) == 0:
            start += f' e:p="{self._key()}"'
        if self.draw(st.integers(0, 4)) == 0:
            self._put(f"<{start}/>")
            return
        self._put(f'<{start} xml:lang="en">')
        for _ in range(self.draw(st.integers(0, 3))):
            self._property(depth)
        self._put(f"</{name}>")

    def _property(self, depth: int) -> None:
        form = self.draw(st.integers(0, 9)) if depth else 0
        if form <= 4:
            self._put(self.draw(st.sampled_from(self.LEAVES)).format(self._key()))
        elif form == 5:
            self._put('<p rdf:parseType="Resource">')
            self._property(depth - 1)
            self._put("</p>")
        elif form == 6:
            self._put('<p rdf:parseType="Collection">')
            for _ in range(self.draw(st.integers(0, 2))):
                self.node(depth - 1)
            self._put("</p>")
        elif form == 7:
            self._put(f'<p rdf:ID="i{len(self.text)}">{self._key()}</p>')
        else:
            name = self.draw(st.sampled_from(["p", "rdf:li"]))
            self._put(f"<{name}>")
            self.node(depth - 1)
            self._put(f"</{name}>")


@st.composite
def rdf_xml(draw: st.DrawFn) -> tuple[str, dict[str, int]]:
    """Draw an RDF/XML document, and the line of the element of each of its numbered values."""
    made = Markup(draw)
    for _ in range(draw(st.integers(1, 3))):
        made.node(3)
    return made.text + "</rdf:RDF>\n", made.lines


class Json:
    """JSON-LD with one context, in which every value bears a number."""

    CONTEXT = {  # noqa: RUF012
        "ex": "http://example.org/",
        "p": "ex:p",
        "id": "@id",
        "T": "ex:T",
        "ref": {"@id": "ex:ref", "@type": "@id"},
        "many": {"@id": "ex:many", "@container": "@language"},
    }

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.number = draw, 0

    def _fresh(self) -> str:
        self.number += 1
        return f"v{self.number}"

    def _plain(self) -> object:
        forms: list[Callable[[], object]] = [
            self._fresh,
            lambda: {"@value": self._fresh(), "@language": "fr"},
            lambda: {"@value": self._fresh(), "@type": "ex:dt"},
            lambda: {"@id": f"ex:{self._fresh()}"},
            lambda: int(self._fresh()[1:]),
            lambda: {"@id": f"http://example.org/{self._fresh()}"},
        ]
        return self.draw(st.sampled_from(forms))()

    def _several(self) -> list[object]:
        return [self._plain() for _ in range(self.draw(st.integers(0, 3)))]

    def _value(self, depth: int) -> object:
        forms: list[Callable[[], object]] = [self._plain, self._several, lambda: {"@list": self._several()}]
        if depth:
            forms += [lambda: self.node(depth - 1), lambda: [self._plain(), self.node(depth - 1)]]
        return self.draw(st.sampled_from(forms))()

    def node(self, depth: int) -> dict[str, object]:
        """Make a node, with or without a name."""
        name = self.draw(st.integers(0, 3))
        made: dict[str, object] = {}
        if name == 0:
            made["id"] = f"ex:{self._fresh()}"
        elif name == 1:
            made["@id"] = self.draw(st.sampled_from(["_:b1", "_:b2"]))
        keys: dict[str, Callable[[], object]] = {
            "p": lambda: self._value(depth),
            "ex:q": lambda: self._value(depth),
            "http://example.org/r": lambda: self._value(depth),
            "@type": lambda: self.draw(st.sampled_from(["ex:T", ["ex:T", "ex:U"], "T"])),
            "ref": lambda: [f"ex:{self._fresh()}", self.node(0)] if depth else f"ex:{self._fresh()}",
            "many": lambda: {"en": self._fresh(), "fr": [self._fresh(), self._fresh()]},
        }
        for key in self.draw(st.lists(st.sampled_from(sorted(keys)), unique=True)):
            made[key] = keys[key]()
        return made


@st.composite
def json_ld(draw: st.DrawFn) -> object:
    """Draw a JSON-LD document in which every value bears a number."""
    made = Json(draw)
    top = draw(st.integers(0, 2))
    if top == 0:
        return {"@context": made.CONTEXT} | made.node(3)
    nodes = [made.node(2) for _ in range(draw(st.integers(1, 3)))]
    if top == 1:
        return {"@context": made.CONTEXT, "@graph": nodes}
    return [{"@context": made.CONTEXT} | node for node in nodes]


_CARELESS: dict[str, object] = {
    "ex": "urn:ex:",
    "p": "ex:p",
    "q": {"@id": "ex:q", "@type": "@id"},
    "id": "@id",
    "T": "ex:T",
    "many": {"@id": "ex:many", "@container": "@language"},
    "list": {"@id": "ex:list", "@container": "@list"},
    "off": None,
    "back": {"@reverse": "ex:r"},
    "v": {"@id": "ex:v", "@type": "@vocab"},
    "data": {"@id": "ex:data", "@type": "@json"},
    "index": {"@id": "ex:index", "@container": "@index"},
}
_KEYS = [*_CARELESS, "unknown", "ex:z", "urn:full:x", "_:k", "@foo"]


@st.composite
def careless(draw: st.DrawFn) -> dict[str, object]:
    """Draw JSON-LD by someone who knows neither the context nor what an IRI is."""
    scalars = st.sampled_from(["text", "urn:a:b", "ex:c", "_:b1", "T", "rel/x", "a b", "", 5, 1.5, True, None, "@x"])
    texts = st.fixed_dictionaries(
        {"@value": st.sampled_from(["t", 3, True, None])}, optional={"@type": st.just("ex:d")}
    )
    names = st.sampled_from(["urn:s:1", "ex:s", "rel", "_:n", "a b", ""])
    types = st.sampled_from(["T", "ex:U", "Unknown", ["T", "Unknown"]])

    def inner(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
        plain = st.dictionaries(st.sampled_from(_KEYS), values, max_size=3)
        named = st.fixed_dictionaries({}, optional={"@id": names, "@type": types})
        nodes = st.tuples(named, plain).map(lambda pair: {**pair[0], **pair[1]})
        lists = st.lists(scalars | texts | nodes, max_size=3)
        return nodes | lists | st.fixed_dictionaries({"@list": st.lists(scalars, max_size=2)})

    node = draw(st.dictionaries(st.sampled_from(_KEYS), st.recursive(scalars | texts, inner, max_leaves=8), min_size=1))
    return {"@context": _CARELESS, "@id": draw(st.sampled_from(["urn:s:0", "_:n"]))} | node
