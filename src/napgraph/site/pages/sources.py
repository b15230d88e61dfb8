"""The pages of sources and of passages: what it says, what that is counted as, and what other sources say."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ...compare.analysis import short_iri
from ...compare.matrix import VALUES
from ...compare.overview import depth
from ...rdf.namespaces import BASE, slug
from ..addresses import link
from ..context import Name, PageContext, Said
from .countries import bars
from .elements import document_of
from .sheets import MATCHES, PARTS, counted_as, day, said

_SILENT = {"Reading", "DocumentCopy", "ReferenceWork", "CoverageStatement"}
_SHOWN = 8


class Word(NamedTuple):
    """What a source says: its name and page, its kind, a note of ours, and what it is counted as."""

    iri: str
    name: Name
    kind: str
    note: str
    counted: list[tuple[str, str, str]]


def _kind(row: Any) -> str:
    return slug(str(row["kind"]))


def _called(context: PageContext, row: Any) -> str:
    """Return what a kind of part is called."""
    return PARTS.get(_kind(row), (context.name(str(row["kind"])).lower(),))[0]


def words_of(context: PageContext, passage: str, path: str) -> dict[str, list[Word]]:
    """Return what a passage or source says, by document, in the order of kinds of parts and of names."""
    made: dict[str, list[tuple[int, str, Word]]] = {}
    order = [*PARTS]
    for row in context.resting.get(passage, []):
        iri, kind = str(row["resource"]), _kind(row)
        if kind in _SILENT - {"CoverageStatement"} or context.shown(iri, path) is None:
            continue
        document = document_of(context, iri)
        counted = counted_as(context, iri, path)
        word = Word(iri, context.called(iri), _called(context, row), str(row["note"] or ""), counted)
        rank = order.index(kind) if kind in order else -1 if iri == document else len(order)
        made.setdefault(document, []).append((rank, _natural(iri), word))
    return {document: [word for _, _, word in sorted(listed)] for document, listed in made.items()}


def _natural(iri: str) -> str:
    """Return an address so that its numbers sort by value."""
    return "-".join(each.zfill(4) if each.isdigit() else each for each in short_iri(iri).replace("/", "-").split("-"))


def others(context: PageContext, source: str, document: str, path: str) -> dict[str, list[tuple[Said, str, str]]]:
    """Return what other sources say of a document: that they agree, or tell more, each with its host and a sentence."""
    made: dict[str, list[tuple[Said, str, str]]] = {"Agrees": [], "Tells more": []}
    borne = context.borne.get(document, {})
    own = borne.get(source, {})
    for reading in context.readings.of_document.get(document, []):
        theirs = borne.get(reading.source, {}) if reading.source != source else {}
        both, more = own.keys() & theirs.keys(), theirs.keys() - own.keys()
        themes = _themes(context, own) & _themes(context, theirs)
        host = urlsplit(next(iter(reading.addresses), "")).netloc.removeprefix("www.")
        other = said(context, reading.source, path)
        if both or themes:
            told = [f"bears out {len(both)} of the same parts"] if both else []
            told += [f"both tell of {_listed(sorted(themes))}"] if themes else []
            made["Agrees"].append((other, host, "; ".join(told)))
        counted = Counter(_called(context, theirs[each]) for each in sorted(more) if _kind(theirs[each]) not in _SILENT)
        if counted:
            parts = ", ".join(f"{kind} ({number})" if number > 1 else kind for kind, number in counted.most_common())
            made["Tells more"].append((other, host, f"{parts}; read: {depth(context.kg, reading.extent)}"))
    return {name: listed for name, listed in made.items() if listed}


def _themes(context: PageContext, iris: Iterable[str]) -> set[str]:
    by = context.gathered.by("phrase-mappings", "subject_id")
    return {str(row["object_label"]) for iri in iris for row in by.get(iri, [])}


def _listed(names: list[str]) -> str:
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def page(context: PageContext, iri: str, path: str) -> dict[str, Any]:
    """Return what the template of a source's page, or of a passage's, shows."""
    source = context.source_of.get(iri, iri)
    found, own = context.details.get(source, {}), context.details.get(iri, {})
    passages = sorted((each for each in context.resting if source == context.source_of.get(each) != each), key=_natural)
    words = words_of(context, iri, path)
    documents = [each for each in words if each]
    shown = {each.document: each for each in context.readings.of_source.get(source, [])}
    every = dict.fromkeys([*documents, *shown] if iri == source else documents)
    differing = [
        (document, fact, what, told)
        for document in every
        for (fact, what), told in context.readings.differing.get(document, {}).items()
        if any(each[2] == source for each in told)
    ]
    countries = dict.fromkeys(short_iri(each).partition("/")[0] for each in every)
    themes = {
        label
        for listed in words.values()
        for word in listed
        for label, _, near in word.counted
        if near in MATCHES.values()
    }
    addresses = own.get("address", []) or found.get("address", [])
    values = {near for listed in words.values() for word in listed for _, _, near in word.counted}
    return {
        "iri": iri,
        "source": source,
        "called": context.called(iri),
        "named": said(context, source, path),
        "kinds": [context.name(f"{BASE}source-kind/{each}") for each in context.source_kinds.get(source, [])[:1]],
        "opened_at": next(filter(None, (link(each, path) for each in addresses)), ""),
        "more_addresses": [href for each in addresses[1:] if (href := link(each, path))],
        "copies": [href for each in found.get("archive", []) if (href := link(each, path))],
        "gone": [day(each) for each in found.get("gone", [])],
        "day": [day(each) for each in found.get("day", [])],
        "language_of": found.get("language", []),
        "licence": [(link(each, path), each) for each in found.get("licence", [])],
        "note": next(iter(own.get("note", []) or found.get("note", [])), ""),
        "words": words,
        "number": sum(map(len, words.values())),
        "passages": [(said(context, each, path), len(context.resting[each])) for each in passages if iri == source],
        "documents": [(said(context, each, path), *_read(context, shown.get(each))) for each in every],
        "countries": [(context.kg.names[each.upper()], each) for each in countries],
        "themes": sorted(themes),
        "differing": differing,
        "others": [(said(context, each, path), others(context, source, each, path)) for each in every],
        "exact": "exact" in values,
        "values": VALUES,
    }


def _read(context: PageContext, reading: Any) -> tuple[int, str, list[str]]:
    """Return how much of a document a source shows, in bars and words, and what it was looked through for."""
    if reading is None:
        return 0, "", []
    return bars(reading.extent), depth(context.kg, reading.extent), [context.name(each) for each in reading.lists]
