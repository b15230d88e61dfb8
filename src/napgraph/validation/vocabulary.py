"""What may stand in a record: the terms, codes and addresses of the project's own files, and what looks like them."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cached_property
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Triple

from ..rdf.namespaces import BASE, slug
from ..text import without_accents
from .labels import Labels

ALIKE = str.maketrans(
    "аеорсухіјѕԁһӏкмтвнґАЕОРСУХІЈЅКМТВНоοαεικνρτυχΑΒΕΗΙΚΜΝΟΡΤΥΧΖ",
    "aeopcyxijsdhlkmtbhrAEOPCYXIJSKMTBHooaeiknptuxABEHIKMNOPTYXZ",
)
_PORT = re.compile(r"^(https?://[^/]*?):(?:80|443)(?=/|$)")
_CLOSE = 0.7
_SHORT = 3
_QUITE_CLOSE = 0.75
JURISDICTION = re.compile(re.escape(BASE) + r"jurisdiction/[a-z]{3}")


def fold(iri: str) -> str:
    """Return an IRI as it looks and means: scheme, case, port, escapes, look-alike letters and ``#`` or ``/`` aside."""
    text = unicodedata.normalize("NFKC", unquote(iri))
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = _PORT.sub(r"\1", text.translate(ALIKE).casefold()).replace("https://", "http://", 1)
    text = text.replace("://www.", "://", 1).replace("#", "/").rstrip("/")
    head, mark, tail = text.partition("://")
    parts: list[str] = []
    for part in tail.split("/"):
        if part == ".." and len(parts) > 1:
            parts.pop()
        elif part not in {"", ".", ".."}:
            parts.append(part)
    return head + mark + "/".join(parts)


class VocabularyIndex:
    """What may stand in a record: every IRI of the project's own files, and which of them are classes."""

    def __init__(self, labels: Labels, triples: Iterable[Triple]) -> None:
        self._labels = labels
        links = {role: {labels.long(name) for name in names} for role, names in labels.grades["links"].items()}
        self.kinds = links["kind"]
        self.languages = links["language"]
        self.iris: set[str] = set()
        self.classes: set[str] = set()
        for subject, predicate, value in triples:
            link = predicate.value
            self.iris.add(link)
            if isinstance(subject, NamedNode):
                self.iris.add(subject.value)
            if isinstance(value, Literal):
                self.iris.add(value.datatype.value)
            elif isinstance(value, NamedNode):
                self.iris.add(value.value)
                if link in self.kinds or link in links["to-class"]:
                    self.classes.add(value.value)
                if link in self.kinds and value.value in links["class"] and isinstance(subject, NamedNode):
                    self.classes.add(subject.value)

    @cached_property
    def _folded(self) -> dict[str, list[str]]:
        made: dict[str, list[str]] = {}
        for iri in sorted(self.iris):
            made.setdefault(fold(iri), []).append(iri)
        return made

    @cached_property
    def _spaces(self) -> dict[str, str]:
        return {fold(space): space for space in self._labels.prefixes.values()}

    def space(self, iri: str) -> str:
        """Return the namespace of the prefix table that the one of ``iri`` is, or looks like; or nothing."""
        return self._spaces.get(fold(space_of(iri)), "")

    def alike(self, iri: str, kind: str = "") -> str:
        """Return the known IRI, of ``kind`` if that is named, that looks the same as ``iri``; or nothing."""
        found = self._folded.get(fold(iri), [])
        return next((each for each in found if not kind or each in self._labels.vocabulary[kind]), "")

    def like(self, iri: str, kind: str) -> str:
        """Return the known term of ``kind`` in the namespace of ``iri`` that is spelt most like it, or nothing."""
        space = space_of(iri)
        names = {term.removeprefix(space): term for term in self._labels.vocabulary[kind] if space_of(term) == space}
        if kind == "datatype":
            names |= {name: space + name for name in published(space)}
        return closest(slug(iri), names, _QUITE_CLOSE)

    def ours(self, iri: str, kind: str) -> str:
        """Return the term of the ontology whose name a foreign IRI bears, if the name is of our own coinage."""
        name, about = slug(iri), "napgraph" in iri.casefold()
        space = self._labels.long("nap:")
        if about:
            return self.alike(space + name, kind) or self.like(space + name, kind)
        coined = re.search(r"[a-z][A-Z]", name) and name not in published(space_of(iri))
        return self.alike(space + name, kind) if coined else ""

    def is_list(self, space: str) -> bool:
        """Return whether a namespace is that of a list of codes."""
        return space.rstrip("/") in self._labels.lists

    def is_term(self, iri: str) -> bool:
        """Return whether an IRI is in the namespace of the ontology."""
        return space_of(iri) == self._labels.long("nap:")

    def is_shared(self, space: str) -> bool:
        """Return whether a namespace is that of terms, rules or codes, which all records have in common."""
        return self.is_list(space) or space in map(self._labels.long, ("nap:", "nsh:", "nwb:", "profile:"))

    def code(self, iri: str) -> str:
        """Return the code of the same list that is spelt, or called in any language, most like ``iri``; or nothing."""
        if JURISDICTION.fullmatch(iri.casefold()):
            return iri.casefold()
        return closest(_plain(slug(iri)), self._names.get(space_of(iri), {}))

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        """Namespace -> what its codes are called, as codes are written -> code."""
        made: dict[str, dict[str, str]] = {}
        for code in self._labels.codes.values():
            names = made.setdefault(space_of(code.iri), {})
            names |= {_plain(label): code.iri for label in code.labels.values() if _plain(label) not in names}
        for code in self._labels.codes.values():
            made[space_of(code.iri)][slug(code.iri)] = code.iri
        return made


def space_of(iri: str) -> str:
    """Return the namespace of an IRI: all up to its last ``#`` or ``/``."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _plain(text: str) -> str:
    """Return a text as a code is written: small letters without accents, hyphens between words."""
    letters = without_accents(text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def closest(name: str, names: dict[str, str], cutoff: float = _CLOSE) -> str:
    """Return the value of the name that is spelt most like ``name``; case does not count, a part may stand for it."""
    folded = {each.casefold(): value for each, value in sorted(names.items())}
    target = name.casefold()
    if target in folded:
        return folded[target]
    if close := get_close_matches(target, folded, n=1, cutoff=cutoff):
        return folded[close[0]]
    begun = {folded[each] for each in folded if len(target) > _SHORT and each.startswith(target)}
    holding = {folded[each] for each in folded if len(target) > _SHORT + 1 and target in each}
    return next((found.pop() for found in (begun, holding) if len(found) == 1), "")


def published(space: str) -> set[str]:
    """Return the terms that a well-known vocabulary publishes under a namespace, as rdflib lists them."""
    from rdflib import namespace

    for each in vars(namespace).values():
        if isinstance(each, namespace.DefinedNamespaceMeta) and str(getattr(each, "_NS", "")) == space:
            return {*each.__annotations__, *each._extras}
    return set()
