"""Near-misses: what no shape can see, because a misspelt term is a term that no shape asks about.

Looked at are terms (predicates, classes, datatypes) and codes. What the project's own files use is known; what is
not, is held against what is, in any case, script, scheme or namespace. Terms of vocabularies that the project does
not use are left alone. Words come later (``findings``); here a miss is a key, its statement and the right IRI.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

import pyoxigraph

from ..namespaces import BASE, slug
from .compile.terms import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .lexicon import Lexicon

__all__ = ["Known", "Miss", "closest", "fold", "members", "near_misses"]

Triple = pyoxigraph.Triple
Literal = pyoxigraph.Literal
NamedNode = pyoxigraph.NamedNode

_ALIKE = str.maketrans(
    "аеорсухіјѕԁһӏкмтвнґАЕОРСУХІЈЅКМТВНоοαεικνρτυχΑΒΕΗΙΚΜΝΟΡΤΥΧΖ",
    "aeopcyxijsdhlkmtbhrAEOPCYXIJSKMTBHooaeiknptuxABEHIKMNOPTYXZ",
)
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_PORT = re.compile(r"^(https?://[^/]*?):(?:80|443)(?=/|$)")
_FIRST, _REST, _MEMBER = f"{RDF}first", f"{RDF}rest", re.compile(re.escape(RDF) + r"_\d+")
_CLOSE = 0.7
_SHORT = 3
_QUITE_CLOSE = 0.75
_PLAIN = re.compile(re.escape(BASE) + r"(?:ont#\w+|[a-z0-9]+(?:[-./][a-z0-9]+)*)", re.ASCII)
_JURISDICTION = re.compile(re.escape(BASE) + r"jurisdiction/[a-z]{3}")


class Miss(NamedTuple):
    """One near-miss: its key, the statement, the IRI as written, the right one or nothing, and what else to tell."""

    key: str
    triple: Triple
    written: str
    nearest: str
    values: dict[str, str]


def fold(iri: str) -> str:
    """Return an IRI as it looks and means: scheme, case, port, escapes, look-alike letters and ``#`` or ``/`` aside."""
    text = unicodedata.normalize("NFKC", unquote(iri))
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = _PORT.sub(r"\1", text.translate(_ALIKE).casefold()).replace("https://", "http://", 1)
    text = text.replace("://www.", "://", 1).replace("#", "/").rstrip("/")
    head, mark, tail = text.partition("://")
    parts: list[str] = []
    for part in tail.split("/"):
        if part == ".." and len(parts) > 1:
            parts.pop()
        elif part not in {"", ".", ".."}:
            parts.append(part)
    return head + mark + "/".join(parts)


_BASE = fold(BASE)


class Known:
    """What may stand in a record: every IRI of the project's own files, and which of them are classes."""

    def __init__(self, lexicon: Lexicon, triples: Iterable[Triple]) -> None:
        self._lexicon = lexicon
        links = {role: {lexicon.long(name) for name in names} for role, names in lexicon.grades["links"].items()}
        self.kinds = links["kind"]
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
        return {fold(space): space for space in self._lexicon.prefixes.values()}

    def space(self, iri: str) -> str:
        """Return the namespace of the prefix table that the one of ``iri`` is, or looks like; or nothing."""
        return self._spaces.get(fold(_space(iri)), "")

    def alike(self, iri: str, kind: str = "") -> str:
        """Return the known IRI, of ``kind`` if that is named, that looks the same as ``iri``; or nothing."""
        found = self._folded.get(fold(iri), [])
        return next((each for each in found if not kind or each in self._terms(kind)), "")

    def like(self, iri: str, kind: str) -> str:
        """Return the known term of ``kind`` in the namespace of ``iri`` that is spelt most like it, or nothing."""
        space = _space(iri)
        names = {term.removeprefix(space): term for term in self._terms(kind) if _space(term) == space}
        if kind == "datatype":
            names |= {name: space + name for name in _published(space)}
        return closest(slug(iri), names, _QUITE_CLOSE)

    def ours(self, iri: str, kind: str) -> str:
        """Return the term of the ontology whose name a foreign IRI bears, if the name is of our own coinage."""
        name, about = slug(iri), "napgraph" in iri.casefold()
        space = self._lexicon.long("nap:")
        if about:
            return self.alike(space + name, kind) or self.like(space + name, kind)
        coined = re.search(r"[a-z][A-Z]", name) and name not in _published(_space(iri))
        return self.alike(space + name, kind) if coined else ""

    def is_list(self, space: str) -> bool:
        """Return whether a namespace is that of a list of codes."""
        return space.rstrip("/") in self._lexicon.lists

    def is_term(self, iri: str) -> bool:
        """Return whether an IRI is in the namespace of the ontology."""
        return _space(iri) == self._lexicon.long("nap:")

    def is_shared(self, space: str) -> bool:
        """Return whether a namespace is that of terms, rules or codes, which all records have in common."""
        return self.is_list(space) or space in self._shared

    @cached_property
    def _shared(self) -> set[str]:
        return {self._lexicon.long(prefix) for prefix in ("nap:", "nsh:", "nwb:", "profile:")}

    def code(self, iri: str) -> str:
        """Return the code of the same list that is spelt, or called in any language, most like ``iri``; or nothing."""
        if _JURISDICTION.fullmatch(iri.casefold()):
            return iri.casefold()
        return closest(_plain(slug(iri)), self._names.get(_space(iri), {}))

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        """Namespace -> what its codes are called, as codes are written -> code."""
        made: dict[str, dict[str, str]] = {}
        for code in self._lexicon.codes.values():
            names = made.setdefault(_space(code.iri), {})
            names |= {_plain(label): code.iri for label in code.labels.values() if _plain(label) not in names}
        for code in self._lexicon.codes.values():
            made[_space(code.iri)][slug(code.iri)] = code.iri
        return made

    def _terms(self, kind: str) -> set[str]:
        return self._lexicon.vocabulary[kind]


class _Verdict(NamedTuple):
    """What is wrong with an IRI wherever it stands in one role."""

    key: str
    nearest: str
    values: dict[str, str]


def near_misses(triples: list[Triple], known: Known) -> list[Miss]:
    """Return the near-misses of a record, in the order of its statements."""
    own = {triple.subject.value for triple in triples if isinstance(triple.subject, NamedNode)}
    verdicts: dict[tuple[str, str], _Verdict | None] = {}
    misses = []
    for triple in triples:
        for iri, role in _suspects(triple, known, own):
            if (iri, role) not in verdicts:
                verdicts[iri, role] = _JUDGES[role](iri, role, known)
            verdict = verdicts[iri, role]
            if verdict is not None:
                misses.append(Miss(verdict.key, triple, iri, verdict.nearest, verdict.values))
    found = [*_gathered(misses), *_twins(triples, known, own), *_scripts(triples), *_lists(triples)]
    return [*found, *_redefined(triples, known), *_without_kind(triples, known, found)]


def _suspects(triple: Triple, known: Known, own: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what a statement uses that is not known, with the role that it stands in."""
    predicate, value = triple.predicate.value, triple.object
    if predicate not in known.iris or (predicate in known.classes and predicate.startswith(BASE)):
        yield predicate, "property"
    if isinstance(value, Literal):
        if value.datatype.value not in known.iris:
            yield value.datatype.value, "datatype"
    elif isinstance(value, NamedNode) and value.value not in own:
        if predicate not in known.kinds:
            if value.value not in known.iris:
                yield value.value, "entity"
        elif value.value not in known.classes:
            yield value.value, "class"


def _term(iri: str, kind: str, known: Known) -> _Verdict | None:
    """Judge a class or property that is used and not known as one."""
    if iri in known.iris:
        return _Verdict("misplaced-term", known.alike(iri, kind), {"expected": kind}) if iri.startswith(BASE) else None
    written, space, right = _space(iri), known.space(iri), known.alike(iri, kind)
    if (right and _space(right) != written) or (space and space != written):
        return _Verdict("wrong-namespace", right or known.like(space + slug(iri), kind) or space + slug(iri), {})
    if space.startswith(BASE):
        return _Verdict(f"unknown-{kind}", right or known.like(iri, kind), {})
    if ours := known.ours(iri, kind):
        return _Verdict("wrong-namespace" if "napgraph" in written else "borrowed-term", ours, {})
    if space and slug(iri) not in _published(space) and (right := right or known.like(iri, kind)):
        return _Verdict(f"unknown-{kind}", right, {})
    return None


def _datatype(iri: str, kind: str, known: Known) -> _Verdict | None:
    space = known.space(iri)
    if not space or slug(iri) in _published(space):
        return None
    return _Verdict("unknown-datatype", known.alike(iri, kind) or known.like(space + slug(iri), kind), {"type": iri})


def _entity(iri: str, _: str, known: Known) -> _Verdict | None:
    """Judge a code, or anything else of the project's own namespaces, that is pointed to and not described."""
    if not _may_be_ours(iri) or _JURISDICTION.fullmatch(iri) or not fold(iri).startswith(_BASE):
        return None
    same, space = known.alike(iri), known.space(iri)
    if space and space != _space(iri):
        return _Verdict("wrong-namespace", same or space + slug(iri), {})
    if space and known.is_list(space):
        return _Verdict("unknown-code", same or known.code(iri), {"list": space.rstrip("/")})
    return _Verdict("two-spellings", same, {"other": same}) if same else None


_JUDGES = {"property": _term, "class": _term, "datatype": _datatype, "entity": _entity}


def _gathered(misses: list[Miss]) -> Iterator[Miss]:
    """Yield misses, those of a wrong namespace once for each: one line of the file mends them all."""
    spaces: dict[tuple[str, str], list[Miss]] = {}
    for miss in misses:
        if miss.key == "wrong-namespace":
            spaces.setdefault((_space(miss.written), _space(miss.nearest)), []).append(miss)
    told: set[tuple[str, str]] = set()
    for miss in misses:
        pair = (_space(miss.written), _space(miss.nearest))
        if miss.key != "wrong-namespace":
            yield miss
        elif pair not in told:
            told.add(pair)
            uses = spaces[pair]
            yield miss._replace(written=pair[0], nearest=pair[1], values={"count": str(len(uses))})


def _twins(triples: list[Triple], known: Known, own: set[str]) -> Iterator[Miss]:
    """Find entries of the record that look like another of it, or like a known one, and are not the same."""
    pointed = {triple.object.value for triple in triples if isinstance(triple.object, NamedNode)}
    every = own | pointed
    odd = {iri for iri in every if _may_be_ours(iri) and not _PLAIN.fullmatch(iri) and iri not in known.iris}
    if not odd:
        return
    alike: dict[str, list[str]] = {}
    for iri in sorted(every - odd) + sorted(odd):
        if _may_be_ours(iri):
            alike.setdefault(fold(iri), []).append(iri)
    for folded, spellings in alike.items():
        if not folded.startswith(_BASE):
            continue
        first = known.alike(spellings[0]) or spellings[0]
        for iri in spellings:
            if iri != first and iri in odd and (iri in own or first in own):
                triple = next(each for each in triples if iri in {_iri(each.subject), _iri(each.object)})
                yield Miss("two-spellings", triple, iri, first, {"other": first})


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _may_be_ours(iri: str) -> bool:
    return "napgraph" in iri.casefold() or not iri.isascii() or "%" in iri


def _scripts(triples: list[Triple]) -> Iterator[Miss]:
    """Find words in which a letter of another script looks like one of the script around it."""
    for triple in triples:
        value = triple.object
        if not isinstance(value, Literal) or not _OTHER_SCRIPT.search(value.value):
            continue
        for word in re.findall(r"[^\W\d_]+", value.value):
            others = _OTHER_SCRIPT.findall(word)
            latin = any("a" <= sign.casefold() <= "z" for sign in word)
            if others and latin and all(ord(sign) in _ALIKE for sign in others):
                yield Miss("mixed-scripts", triple, word, word.translate(_ALIKE), {})
                break


def members(triples: list[Triple]) -> dict[str, list[str]]:
    """Return the members of each list and container of a record, by the node that it begins with."""
    first = {str(triple.subject): str(triple.object) for triple in triples if triple.predicate.value == _FIRST}
    rest = {str(triple.subject): str(triple.object) for triple in triples if triple.predicate.value == _REST}
    found: dict[str, list[str]] = {}
    for head in first.keys() - rest.values():
        found[head], node, seen = [], head, set[str]()
        while node in first and node not in seen:
            seen.add(node)
            found[head].append(first[node])
            node = rest.get(node, "")
    for triple in triples:
        if _MEMBER.fullmatch(triple.predicate.value):
            found.setdefault(str(triple.subject), []).append(str(triple.object))
    return found


def _lists(triples: list[Triple]) -> Iterator[Miss]:
    """Find values that are put into a list, which is then the one value there is."""
    heads = members(triples)
    for triple in triples:
        if str(triple.object) in heads and not triple.predicate.value.startswith(RDF):
            yield Miss("in-a-list", triple, triple.predicate.value, "", {})


def _redefined(triples: list[Triple], known: Known) -> Iterator[Miss]:
    """Find the terms, codes and rules that a record describes anew, each once."""
    told: set[str] = set()
    for triple in triples:
        iri = _iri(triple.subject)
        if iri not in told and known.is_shared(_space(iri)):
            told.add(iri)
            yield Miss("redefined-term", triple, iri, "", {})


def _without_kind(triples: list[Triple], known: Known, misses: list[Miss]) -> Iterator[Miss]:
    """Find entries of which something is said in the project's terms, but not what they are."""
    if any(miss.key == "wrong-namespace" for miss in misses):
        return
    told = {triple.subject for triple in triples if triple.predicate.value in known.kinds}
    told |= {miss.triple.subject for miss in misses}
    for triple in triples:
        iri = _iri(triple.subject)
        if iri and triple.subject not in told and known.is_term(triple.predicate.value):
            told.add(triple.subject)
            yield Miss("no-kind", triple, iri, "", {})


def _space(iri: str) -> str:
    """Return the namespace of an IRI: all up to its last ``#`` or ``/``."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut]


def _plain(text: str) -> str:
    """Return a text as a code is written: small letters without accents, hyphens between words."""
    letters = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def closest(name: str, names: dict[str, str], cutoff: float = _CLOSE) -> str:
    """Return the value of the name that is spelt most like ``name``; case does not count, a part may stand for it."""
    folded = {each.casefold(): value for each, value in sorted(names.items())}
    target = name.casefold()
    if target in folded:
        return folded[target]
    close = get_close_matches(target, folded, n=1, cutoff=cutoff)
    if close:
        return folded[close[0]]
    begun = {folded[each] for each in folded if len(target) > _SHORT and each.startswith(target)}
    holding = {folded[each] for each in folded if len(target) > _SHORT + 1 and target in each}
    return next((found.pop() for found in (begun, holding) if len(found) == 1), "")


def _published(space: str) -> set[str]:
    """Return the terms that a well-known vocabulary publishes under a namespace, as rdflib lists them."""
    from rdflib import namespace

    listed = (each for each in vars(namespace).values() if isinstance(each, namespace.DefinedNamespaceMeta))
    for vocabulary in listed:
        if str(getattr(vocabulary, "_NS", "")) == space:
            return {*vocabulary.__annotations__, *vocabulary._extras}
    return set()
