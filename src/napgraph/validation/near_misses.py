"""Near-misses: what no shape can see, because a misspelt term is a term that no shape names.

What the project's own files do not use is compared with what they do, in any case, script, scheme or namespace. Left
alone are terms of other vocabularies, and signs that a script needs, such as joiners in Persian or breaks in Thai.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ..project.messages import MISSING, component_key
from ..rdf.namespaces import BASE, slug
from ..records.languages import language_fault
from .labels import ALIKE, JURISDICTION, PART, Labels, Rule, fold, published, space_of
from .literals import RDF
from .report import Result

_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_MEMBER = re.compile(re.escape(RDF) + r"_\d+")
_OTHERWISE = {"wrong-namespace", "in-a-list", "redefined-term", "no-kind"}  # no term stands here for another
_PLAIN = re.compile(re.escape(BASE) + r"(?:ont#\w+|[a-z0-9]+(?:[-./][a-z0-9]+)*)", re.ASCII)
_TURNING = "\u202a-\u202e\u2066-\u2069"
_UNSEEN = "\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufeff\U000e0000-\U000e007f"
_SUSPECT = re.compile(f"[{_TURNING}{_UNSEEN}]")
_TURNS = re.compile(f"[{_TURNING}]")
_NO_SPACES = ("THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "JAVANESE", "BALINESE", "CJK", "HIRAGANA", "KATAKANA")
_FLAG, _SHOWN = "\U0001f3f4", 80


class Miss(NamedTuple):
    """One near-miss: its key, the statement, the IRI as written, the right one or nothing, and what else to tell."""

    key: str
    triple: Triple
    written: str
    nearest: str
    values: dict[str, str]


_BASE = fold(BASE)
_Fact = tuple[Triple, Any, str, Any]  # a triple, its subject, the IRI of its predicate, and its object
_Verdict = tuple[str, str, dict[str, str]] | None  # key, nearest and values of what is wrong with an IRI in one role


def near_misses(triples: list[Triple], known: Labels) -> list[Miss]:
    """Return the near-misses of a record, in the order of its statements."""
    facts: list[_Fact] = [(triple, triple.subject, triple.predicate.value, triple.object) for triple in triples]
    first: dict[str, Triple] = {}
    for triple, subject, _, _ in facts:
        if isinstance(subject, NamedNode):
            first.setdefault(subject.value, triple)

    @cache
    def judged(iri: str, role: str) -> _Verdict:
        """Judge a term, which in version 0.1 may have been called otherwise."""
        now = known.renamed.get(iri)
        return ("old-term", now, {}) if now else _JUDGES[role](iri, role, known)

    verdicts = ((triple, iri, judged(iri, role)) for triple, iri, role in _suspects(facts, known, first.keys()))
    misses = [Miss(found[0], triple, iri, *found[1:]) for triple, iri, found in verdicts if found]
    found = [*_gathered(misses), *_twins(facts, known, set(first)), *_scripts(facts), *_lists(facts)]
    shared = {*map(known.long, ("nap:", "nsh:", "nwb:", "profile:")), *(f"{iri}/" for iri in known.lists)}
    told = (iri for iri in first if space_of(iri) in shared and not (PART.fullmatch(iri) and iri not in known.iris))
    redefined = (Miss("redefined-term", first[iri], iri, "", {}) for iri in told)
    return [*found, *redefined, *_without_kind(facts, known, found), *text_faults(triples, known.languages)]


def _suspects(facts: list[_Fact], known: Labels, own: Collection[str]) -> Iterator[tuple[Triple, str, str]]:
    """Yield what each statement uses that is not known, with the role that it stands in."""
    odd = {link for _, _, link, _ in facts} - known.iris | {each for each in known.classes if each.startswith(BASE)}
    for triple, _, link, value in facts:
        if link in odd:
            yield triple, link, "property"
        if isinstance(value, Literal):
            if (datatype := value.datatype.value) not in known.iris:
                yield triple, datatype, "datatype"
        elif isinstance(value, NamedNode) and (iri := value.value) not in own:
            if link in known.kinds:
                if iri not in known.classes:
                    yield triple, iri, "class"
            elif iri not in known.iris:
                yield triple, iri, "entity"


def _term(iri: str, kind: str, known: Labels) -> _Verdict:
    """Judge a class or property that is used and not known as one."""
    if iri in known.iris:
        return ("misplaced-term", known.alike(iri, kind), {"expected": kind}) if iri.startswith(BASE) else None
    written, space, right = space_of(iri), known.space(iri), known.alike(iri, kind)
    if (right and space_of(right) != written) or (space and space != written):
        return ("wrong-namespace", right or known.like(space + slug(iri), kind) or space + slug(iri), {})
    if space.startswith(BASE):
        return (f"unknown-{kind}", right or known.like(iri, kind), {})
    if ours := known.ours(iri, kind):
        return ("wrong-namespace" if "napgraph" in written else "borrowed-term", ours, {})
    if space and slug(iri) not in published(space) and (right := right or known.like(iri, kind)):
        return (f"unknown-{kind}", right, {})
    return None


def _datatype(iri: str, kind: str, known: Labels) -> _Verdict:
    space = known.space(iri)
    if not space or slug(iri) in published(space):
        return None
    return ("unknown-datatype", known.alike(iri, kind) or known.like(space + slug(iri), kind), {"type": iri})


def _entity(iri: str, _: str, known: Labels) -> _Verdict:
    """Judge a code, or anything else of the project's own namespaces, that is pointed to and not described."""
    if not _may_be_ours(iri) or JURISDICTION.fullmatch(iri) or not fold(iri).startswith(_BASE):
        return None
    same, space = known.alike(iri), known.space(iri)
    if space and space != space_of(iri):
        return ("wrong-namespace", same or space + slug(iri), {})
    if space and space.rstrip("/") in known.lists:
        return ("unknown-code", same or known.code(iri), {"list": space.rstrip("/")})
    return ("two-spellings", same, {"other": same}) if same else None


_JUDGES = {"property": _term, "class": _term, "datatype": _datatype, "entity": _entity}


def _gathered(misses: list[Miss]) -> Iterator[Miss]:
    """Yield misses, those of a wrong namespace or of an old term once for each."""
    told: dict[str, Callable[[str], str]] = {"old-term": str, "wrong-namespace": space_of}
    uses = Counter((told[each.key](each.written), told[each.key](each.nearest)) for each in misses if each.key in told)
    for miss in misses:
        if (term := told.get(miss.key)) is None:
            yield miss
        elif count := uses.pop((term(miss.written), term(miss.nearest)), 0):
            written, nearest = term(miss.written), term(miss.nearest)
            yield miss._replace(written=written, nearest=nearest, values={"count": str(count)})


def _twins(facts: list[_Fact], known: Labels, own: set[str]) -> Iterator[Miss]:
    """Find entries of the record that look like another of it, or like a known one, and are not the same."""
    every = own | {value.value for *_, value in facts if isinstance(value, NamedNode)}
    odd = {iri for iri in every - known.iris if _may_be_ours(iri) and not _PLAIN.fullmatch(iri)}
    alike: dict[str, list[str]] = {}
    for iri in sorted(every - odd) + sorted(odd) if odd else ():
        if _may_be_ours(iri) and (folded := fold(iri)).startswith(_BASE):
            alike.setdefault(folded, []).append(iri)
    for spellings in alike.values():
        first = known.alike(spellings[0]) or spellings[0]
        for iri in spellings:
            if iri != first and iri in odd and (iri in own or first in own):
                node = NamedNode(iri)
                triple = next(triple for triple, subject, _, value in facts if node in (subject, value))
                yield Miss("two-spellings", triple, iri, first, {"other": first})


def _may_be_ours(iri: str) -> bool:
    return "napgraph" in iri.casefold() or not iri.isascii() or "%" in iri


def _scripts(facts: list[_Fact]) -> Iterator[Miss]:
    """Find words in which a letter of another script looks like one of the script around it."""
    for triple, *_, value in facts:
        if not isinstance(value, Literal) or (text := value.value).isascii() or not _OTHER_SCRIPT.search(text):
            continue
        for word in re.findall(r"[^\W\d_]+", text):
            others = _OTHER_SCRIPT.findall(word)
            latin = any("a" <= sign.casefold() <= "z" for sign in word)
            if others and latin and all(ord(sign) in ALIKE for sign in others):
                yield Miss("mixed-scripts", triple, word, word.translate(ALIKE), {})
                break


def _members(facts: list[_Fact]) -> dict[str, list[str]]:
    """Return the members of each list and container of a record, by the node that it begins with."""
    found: dict[str, list[str]] = {}
    links = {link for _, _, link, _ in facts}
    first, rest = (
        {str(subject): str(value) for _, subject, link, value in facts if link == part} if part in links else {}
        for part in (f"{RDF}first", f"{RDF}rest")
    )
    for head in first.keys() - rest.values():
        found[head], node, seen = [], head, set[str]()
        while node in first and node not in seen:
            seen.add(node)
            found[head].append(first[node])
            node = rest.get(node, "")
    if numbered := {link for link in links if _MEMBER.fullmatch(link)}:
        for _, subject, link, value in facts:
            if link in numbered:
                found.setdefault(str(subject), []).append(str(value))
    return found


def _lists(facts: list[_Fact]) -> Iterator[Miss]:
    """Find values that are put into a list, which is then the one value there is."""
    heads = _members(facts)
    for triple, _, link, value in facts if heads else ():
        if str(value) in heads and not link.startswith(RDF):
            yield Miss("in-a-list", triple, link, "", {})


def _without_kind(facts: list[_Fact], known: Labels, misses: list[Miss]) -> Iterator[Miss]:
    """Find entries of which something is said in the project's terms, but not what they are."""
    if any(miss.key == "wrong-namespace" for miss in misses):
        return
    untyped = {subject for _, subject, _, _ in facts}
    untyped -= {subject for _, subject, link, _ in facts if link in known.kinds}
    untyped -= {miss.triple.subject for miss in misses}
    for triple, subject, link, _ in facts if untyped else ():
        if isinstance(subject, NamedNode) and subject in untyped and space_of(link) == known.long("nap:"):
            untyped.remove(subject)
            yield Miss("no-kind", triple, subject.value, "", {})


def text_faults(triples: Iterable[Triple], languages: set[str]) -> list[Miss]:
    """Return the faults of texts, wrong tags once; ``languages`` are the properties whose value is a language."""
    tags: dict[str, list[Triple]] = {}
    found = []
    for triple in triples:
        value = triple.object
        if not isinstance(value, Literal):
            continue
        if value.language:
            tags.setdefault(value.language, []).append(triple)
        elif triple.predicate.value in languages and (meant := language_fault(value.value)) is not None:
            found.append(Miss("unknown-language-code", triple, value.value, meant, {}))
        if not value.value.isascii():
            found += _hidden(triple, value.value)
    wrong = []
    for tag, uses in tags.items():
        if (meant := language_fault(tag)) is not None:
            near, values = meant and f"@{meant}", {"count": str(len(uses))}
            wrong.append(Miss("unknown-language-tag", uses[0], f"@{tag}", near, values))
    return wrong + found


def _hidden(triple: Triple, text: str) -> Iterator[Miss]:
    signs = [match for match in _SUSPECT.finditer(text) if not _is_usual(text, match.start())]
    for key, turns in (("turned-text", True), ("unseen-sign", False)):
        if some := [match for match in signs if bool(_TURNS.match(match[0])) is turns]:
            start = max(0, some[0].start() - _SHOWN // 2)
            shown = _SUSPECT.sub(lambda match: f"[{_code(match[0])}]", text[start : start + _SHOWN])
            names = f"{_code(some[0][0])}, {unicodedata.name(some[0][0], 'unnamed').lower()}"
            yield Miss(key, triple, shown, "", {"character": names, "count": str(len(some))})


def _is_usual(text: str, at: int) -> bool:
    """Whether a sign that is not seen has its use where it stands."""
    sign, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    scripts = {unicodedata.name(each, "").partition(" ")[0].partition("-")[0] for each in (before, after) if each}
    if sign in "\u200c\u200d":
        return bool(before) and scripts.isdisjoint(("LATIN", "GREEK", "CYRILLIC"))
    if sign == "\u200b":
        return not scripts.isdisjoint(_NO_SPACES)
    return sign == "\u00ad" or ("\U000e0020" <= sign <= "\U000e007f" and _FLAG in text[:at])


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"


class Meant:
    """What the near-misses of a record would have said had they been written right: it is not missing besides."""

    def __init__(self, misses: list[Miss], triples: list[Triple], kinds: set[str]) -> None:
        self._spaces = {miss.written: miss.nearest for miss in misses if miss.key == "wrong-namespace"}
        self._right = {miss.written: miss.nearest for miss in misses if miss.key not in _OTHERWISE}
        self._old = {miss.written for miss in misses if miss.key == "old-term"}
        self._classes: set[str] = set()
        self._untyped: set[str] = set()
        self._links: dict[str, set[str]] = {}
        hidden: set[str] = set()
        facts = [(triple, triple.subject, triple.predicate.value, triple.object) for triple in triples]
        lists = _members(facts) if any(miss.key == "in-a-list" for miss in misses) else {}
        for _, subject, link, value in facts:
            right, node, other = self._normalized(link), str(subject), str(value)
            if right:
                hidden.add(other)
                for end in (node, other):
                    self._links.setdefault(end, set()).add(right)
            if other in lists:
                self._untyped.add(other)
                hidden.update(lists[other])
                for end in (node, *lists[other]):
                    self._links.setdefault(end, set()).add(link)
            if not kinds.isdisjoint({link, right}) and isinstance(value, NamedNode):
                kind = self._normalized(value.value)
                if kind is not None:
                    self._untyped.add(node)
                    self._classes.add(kind)
        typed = ((str(subject), value) for _, subject, link, value in facts if link in kinds)
        self._classes |= {kind.value for node, kind in typed if node in hidden and isinstance(kind, NamedNode)}

    def _normalized(self, iri: str) -> str | None:
        space = space_of(iri)
        return self._spaces[space] + iri.removeprefix(space) if space in self._spaces else self._right.get(iri)

    def explains(self, result: Result, rule: Rule) -> bool:
        """Return whether a result would not be there without the near-misses."""
        missing, value = component_key(result.component) in MISSING, result.value.strip("<>")
        if value in self._old or value.startswith(tuple(self._spaces)):
            return True
        if result.value in self._untyped and not missing:
            return True
        links = self._links.get(result.focus, set())
        is_meant = not (self._classes.isdisjoint(rule.values("wanted")) and links.isdisjoint(rule.values("term")))
        return missing and is_meant
