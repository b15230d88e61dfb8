"""The list of all sources, and the pages of sources and passages: what it says, and what other sources say."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from ...compare.analysis import short_iri
from ...compare.overview import grouped
from ...rdf.namespaces import slug
from ..addresses import link
from ..context import PageContext, Said
from .documents import MATCHES, counted_as, when

_SILENT = {"Reading", "DocumentCopy", "ReferenceWork"}
_SHOWN = 8


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the list of the sources by jurisdiction, with what each shows of which document."""
    path, by_code = "sources/index.html", dict[str, list[Any]]()
    code_of = {str(row["document"]): code for code, rows in context.gathered.readings.items() for row in rows}
    for iri, readings in context.of_source.items():
        shows = [(each["document"], *context.read(each["extent"])) for each in readings]
        days = sorted({each["day"] for each in readings if each["day"]})
        codes = {code_of[each["document"]] for each in readings if each["document"] in code_of}
        told = context.source(iri, path) | {"shows": shows, "days": days}
        by_code.setdefault(codes.pop() if len(codes) == 1 else "", []).append(told)
    every = [each for listed in by_code.values() for each in listed]
    several = sorted(by_code.pop("", []), key=lambda each: -len(each["shows"]))
    listed = [(*context.country(code, path)[:2], code.lower(), sources) for code, sources in by_code.items()]
    yield context.page(
        "sources.html",
        path,
        several=several,
        listed=sorted(listed, key=lambda each: each[0]),
        number=len(every),
        documents=len(context.of_document),
        kinds=Counter(each["kind"] for each in every).most_common(),
        depths=Counter(max(number for _, number, _ in each["shows"]) for each in every),
    )


def _natural(iri: str) -> str:
    """Return an address so that its numbers sort by value."""
    return re.sub(r"(?<![^/-])\d+(?![^/-])", lambda found: found[0].zfill(4), short_iri(iri)).replace("/", "-")


def words_of(context: PageContext, passage: str, path: str) -> dict[str, list[Any]]:
    """Return what a passage or source says, by document, in the order of kinds of parts and of names."""
    made, order = dict[str, list[tuple[int, str, Any]]](), [*context.words["part"]["en"]]
    for row in context.resting.get(passage, []):
        iri, kind = str(row["resource"]), slug(str(row["kind"]))
        if kind not in _SILENT and context.shown(iri, path) is not None:
            document, counted = context.document_of(iri), counted_as(context, iri, path)
            told = {"iri": iri, "name": context.called(iri), "kind": context.kind(row["kind"]), "note": row["note"]}
            rank = order.index(kind) if kind in order else -1 if iri == document else len(order)
            made.setdefault(document, []).append((rank, _natural(iri), told | {"counted": counted}))
    return {
        document: [word for *_, word in sorted(listed, key=lambda each: each[:2])] for document, listed in made.items()
    }


def others(context: PageContext, source: str, document: str, path: str) -> dict[str, list[tuple[Said, str, str]]]:
    """Return what other sources say of a document: that they agree, or tell more, each with its host and a sentence."""
    made: dict[str, list[tuple[Said, str, str]]] = {"Agrees": [], "Tells more": []}
    borne = context.borne.get(document, {})
    own = borne.get(source, {})
    for reading in context.of_document.get(document, []):
        if reading["source"] == source:
            continue
        theirs = borne.get(reading["source"], {})
        both, more = own.keys() & theirs.keys(), theirs.keys() - own.keys()
        themes = sorted(_themes(context, own) & _themes(context, theirs))
        other = context.said(reading["source"], path), context.source(reading["source"], path)["host"]
        if both or themes:
            rest = f" and {len(themes) - _SHOWN} more" if len(themes) > _SHOWN else ""
            told = [f"bears out {len(both)} of the same parts"] if both else []
            told += [f"both tell of {', '.join(themes[:_SHOWN])}{rest}"] if themes else []
            made["Agrees"].append((*other, "; ".join(told)))
        rows = (theirs[each] for each in sorted(more))
        counted = Counter(
            context.kind(row["kind"]) for row in rows if slug(str(row["kind"])) not in {*_SILENT, "CoverageStatement"}
        )
        if counted:
            parts = ", ".join(f"{kind} ({number})" if number > 1 else kind for kind, number in counted.most_common())
            made["Tells more"].append((*other, f"{parts}; read: {context.read(reading['extent'])[1]}"))
    return {name: listed for name, listed in made.items() if listed}


def _themes(context: PageContext, iris: Iterable[str]) -> set[str]:
    return {str(row["object_label"]) for iri in iris for row in context.rows("phrase-mappings", iri)}


def page(context: PageContext, iri: str, path: str) -> dict[str, Any]:
    """Return what the template of a source's page, or of a passage's, shows."""
    source_of = context.gathered.source_of
    source = source_of.get(iri, iri)
    found, own = context.details[source], context.details[iri]
    every_passage = context.resting if iri == source else ()
    passages = sorted((each for each in every_passage if source == source_of.get(each) != each), key=_natural)
    words = words_of(context, iri, path)
    shown = grouped(context.of_source.get(source, []))
    every = dict.fromkeys([*filter(None, words), *(shown if iri == source else ())])
    countries = dict.fromkeys(short_iri(each).partition("/")[0] for each in every)
    counted = [(label, near) for listed in words.values() for word in listed for label, _, near in word["counted"]]
    return {
        "iri": iri,
        "source": source,
        "addresses": [href for each in own["address"] or found["address"] if (href := link(each, path))],
        "gone": [when(each) for each in found["gone"]],
        "day": [when(each) for each in found["day"]],
        "words": words,
        "number": sum(map(len, words.values())),
        "passages": [(context.said(each, path), len(context.resting[each])) for each in passages],
        "documents": [
            (
                context.said(each, path),
                *(context.read(shown[each][0]["extent"]) if each in shown else (0, "")),
                [context.name(listed) for reading in shown.get(each, []) for listed in reading["lists"]],
            )
            for each in every
        ],
        "countries": [(context.kg.names[each.upper()], each) for each in countries],
        "themes": sorted({label for label, near in counted if near in MATCHES.values()}),
        "differing": [
            (document, *about, told)
            for document in every
            for about, told in context.differing.get(document, {}).items()
            if any(by == source for _, _, by in told)
        ],
        "others": [(context.said(each, path), others(context, source, each, path)) for each in every],
        "exact": "exact" in {near for _, near in counted},
    }
