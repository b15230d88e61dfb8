"""Near-misses: what no shape can see, because a misspelt term is a term that no shape names.

Checked are terms (predicates, classes, datatypes) and codes. What the project's own files use is known; what is not,
is compared with it, in any case, script, scheme or namespace. Terms of vocabularies that the project does not use are
left alone. So are signs that a script needs: joiners in Persian and in Indian scripts, breaks in Thai, and the marks
of direction that Arabic and Hebrew keyboards set. Here a miss is a key; ``findings`` has the words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ..rdf.namespaces import BASE, slug
from ..records.languages import language_fault
from .shacl import RDF
from .vocabulary import ALIKE, JURISDICTION, VocabularyIndex, fold, published, space_of

_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_FIRST, _REST, _MEMBER = f"{RDF}first", f"{RDF}rest", re.compile(re.escape(RDF) + r"_\d+")
_PLAIN = re.compile(re.escape(BASE) + r"(?:ont#\w+|[a-z0-9]+(?:[-./][a-z0-9]+)*)", re.ASCII)
_TURNING = "\u202a-\u202e\u2066-\u2069"
_UNSEEN = "\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufeff\U000e0000-\U000e007f"
_SUSPECT = re.compile(f"[{_TURNING}{_UNSEEN}]")
_TURNS = re.compile(f"[{_TURNING}]")
_JOINERS = "\u200c\u200d"
_NO_SPACES = ("THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "JAVANESE", "BALINESE", "CJK", "HIRAGANA", "KATAKANA")
_ALPHABETS = ("LATIN", "GREEK", "CYRILLIC")
_FLAG, _SHOWN = "\U0001f3f4", 80


class Miss(NamedTuple):
    """One near-miss: its key, the statement, the IRI as written, the right one or nothing, and what else to tell."""

    key: str
    triple: Triple
    written: str
    nearest: str
    values: dict[str, str]


_BASE = fold(BASE)


class _Verdict(NamedTuple):
    """What is wrong with an IRI wherever it stands in one role."""

    key: str
    nearest: str
    values: dict[str, str]


def near_misses(triples: list[Triple], known: VocabularyIndex) -> list[Miss]:
    """Return the near-misses of a record, in the order of its statements."""
    first: dict[str, Triple] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            first.setdefault(triple.subject.value, triple)
    own = set(first)
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
    texts = text_faults(triples, known.languages)
    redefined = (Miss("redefined-term", first[iri], iri, "", {}) for iri in first if known.is_shared(space_of(iri)))
    return [*found, *redefined, *_without_kind(triples, known, found), *texts]


def _suspects(triple: Triple, known: VocabularyIndex, own: set[str]) -> Iterator[tuple[str, str]]:
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


def _term(iri: str, kind: str, known: VocabularyIndex) -> _Verdict | None:
    """Judge a class or property that is used and not known as one."""
    if iri in known.iris:
        return _Verdict("misplaced-term", known.alike(iri, kind), {"expected": kind}) if iri.startswith(BASE) else None
    written, space, right = space_of(iri), known.space(iri), known.alike(iri, kind)
    if (right and space_of(right) != written) or (space and space != written):
        return _Verdict("wrong-namespace", right or known.like(space + slug(iri), kind) or space + slug(iri), {})
    if space.startswith(BASE):
        return _Verdict(f"unknown-{kind}", right or known.like(iri, kind), {})
    if ours := known.ours(iri, kind):
        return _Verdict("wrong-namespace" if "napgraph" in written else "borrowed-term", ours, {})
    if space and slug(iri) not in published(space) and (right := right or known.like(iri, kind)):
        return _Verdict(f"unknown-{kind}", right, {})
    return None


def _datatype(iri: str, kind: str, known: VocabularyIndex) -> _Verdict | None:
    space = known.space(iri)
    if not space or slug(iri) in published(space):
        return None
    return _Verdict("unknown-datatype", known.alike(iri, kind) or known.like(space + slug(iri), kind), {"type": iri})


def _entity(iri: str, _: str, known: VocabularyIndex) -> _Verdict | None:
    """Judge a code, or anything else of the project's own namespaces, that is pointed to and not described."""
    if not _may_be_ours(iri) or JURISDICTION.fullmatch(iri) or not fold(iri).startswith(_BASE):
        return None
    same, space = known.alike(iri), known.space(iri)
    if space and space != space_of(iri):
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
            spaces.setdefault((space_of(miss.written), space_of(miss.nearest)), []).append(miss)
    told: set[tuple[str, str]] = set()
    for miss in misses:
        pair = (space_of(miss.written), space_of(miss.nearest))
        if miss.key != "wrong-namespace":
            yield miss
        elif pair not in told:
            told.add(pair)
            uses = spaces[pair]
            yield miss._replace(written=pair[0], nearest=pair[1], values={"count": str(len(uses))})


def _twins(triples: list[Triple], known: VocabularyIndex, own: set[str]) -> Iterator[Miss]:
    """Find entries of the record that look like another of it, or like a known one, and are not the same."""
    pointed = {triple.object.value for triple in triples if isinstance(triple.object, NamedNode)}
    every = own | pointed
    odd = {iri for iri in every - known.iris if _may_be_ours(iri) and not _PLAIN.fullmatch(iri)}
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
        if not isinstance(value, Literal) or value.value.isascii() or not _OTHER_SCRIPT.search(value.value):
            continue
        for word in re.findall(r"[^\W\d_]+", value.value):
            others = _OTHER_SCRIPT.findall(word)
            latin = any("a" <= sign.casefold() <= "z" for sign in word)
            if others and latin and all(ord(sign) in ALIKE for sign in others):
                yield Miss("mixed-scripts", triple, word, word.translate(ALIKE), {})
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
    for triple in triples if heads else ():
        if str(triple.object) in heads and not triple.predicate.value.startswith(RDF):
            yield Miss("in-a-list", triple, triple.predicate.value, "", {})


def _without_kind(triples: list[Triple], known: VocabularyIndex, misses: list[Miss]) -> Iterator[Miss]:
    """Find entries of which something is said in the project's terms, but not what they are."""
    if any(miss.key == "wrong-namespace" for miss in misses):
        return
    told = {triple.subject for triple in triples if triple.predicate.value in known.kinds}
    told |= {miss.triple.subject for miss in misses}
    untyped = {triple.subject for triple in triples} - told
    for triple in triples if untyped else ():
        iri = _iri(triple.subject)
        if iri and triple.subject in untyped and known.is_term(triple.predicate.value):
            untyped.remove(triple.subject)
            yield Miss("no-kind", triple, iri, "", {})


def text_faults(triples: Iterable[Triple], languages: set[str]) -> list[Miss]:
    """Return the faults of the texts of a record; ``languages`` are the properties whose value is a language."""
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
    return [*_tags(tags), *found]


def _tags(tags: dict[str, list[Triple]]) -> Iterator[Miss]:
    """Yield each language tag that is none, once, where it stands first."""
    for tag, triples in tags.items():
        meant = language_fault(tag)
        if meant is not None:
            values = {"count": str(len(triples))}
            yield Miss("unknown-language-tag", triples[0], f"@{tag}", f"@{meant}" if meant else "", values)


def _hidden(triple: Triple, text: str) -> Iterator[Miss]:
    signs = [match for match in _SUSPECT.finditer(text) if not _is_usual(text, match.start())]
    for key, some in (
        ("turned-text", [match for match in signs if _TURNS.match(match[0])]),
        ("unseen-sign", [match for match in signs if not _TURNS.match(match[0])]),
    ):
        if some:
            first = some[0]
            start = max(0, first.start() - _SHOWN // 2)
            shown = _SUSPECT.sub(lambda match: f"[{_code(match[0])}]", text[start : start + _SHOWN])
            names = f"{_code(first[0])}, {unicodedata.name(first[0], 'unnamed').lower()}"
            yield Miss(key, triple, shown, "", {"character": names, "count": str(len(some))})


def _is_usual(text: str, at: int) -> bool:
    """Whether a sign that is not seen has its use where it stands."""
    sign, before = text[at], text[at - 1 : at]
    after = text[at + 1 : at + 2]
    scripts = [unicodedata.name(each, "").partition(" ")[0].partition("-")[0] for each in (before, after) if each]
    if sign == "\u00ad":
        return True
    if sign in _JOINERS:
        return bool(before) and not any(script in _ALPHABETS for script in scripts)
    if sign == "\u200b":
        return any(script in _NO_SPACES for script in scripts)
    if "\U000e0020" <= sign <= "\U000e007f":
        return _FLAG in text[:at]
    return False


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"
