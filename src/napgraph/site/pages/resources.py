"""A page for each resource of the graph, in several languages where it is of terms, a list of codes or rules.

Four files hold a resource with its parts. A source tells what it says, and what other sources say.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyoxigraph

from ...compare.analysis import natural, short_iri
from ...rdf.descriptions import Descriptions
from ...rdf.namespaces import BASE, slug
from ...rdf.write import embeddable_json, rdf_files
from ...tables.columns import grouped
from ...text import without_accents
from ..addresses import anchor, files_of, link, page_of, place_of, root_of
from ..context import PageContext, Said
from ..model import branches
from . import comparison, documents, front
from .documents import MATCHES, counted_as, when

_MOST = 400  # resources in one page's script; a larger page leaves it to the files beside it
_PARTS = ("classes", "links", "values", "datatypes")
_KINDS = {"class": "classes", "datatype": "datatypes"}
_TERM_TOLD = {"label", "definition", "scopeNote", "example", "isDefinedBy", "deprecated"}
_HEAD = {"title", "abstract", "description"}
_SCHEME_TOLD = {"title", "description", "scopeNote"}
_PROFILES = ("thin", "summary", "full-submission")
_SILENT = {"Reading", "DocumentCopy", "ReferenceWork"}
_SHOWN = 8
_Pages = Iterator[tuple[str, bytes]]
_Subjects = Sequence[pyoxigraph.NamedNode]


def files(context: PageContext, paths: Sequence[str]) -> _Pages:
    """Yield the pages and files of every resource that the files ``paths`` describe, but for the home page's."""
    stated, version = context.part(paths), f"{context.prefixes['owl']}versionIRI"
    pages: dict[str, list[pyoxigraph.NamedNode]] = {}
    whole: dict[str, list[pyoxigraph.NamedNode]] = {}
    versions = dict[str, list[pyoxigraph.NamedNode]]()
    for subject in stated.subjects:
        if place := place_of(subject.value):
            pages.setdefault(place, []).append(subject)
    for subjects in pages.values():
        # A version of the ontology is what the ontology is now; the next one will be another.
        for predicate, value in (each for subject in subjects for each in stated.of(subject)):
            if predicate.value == version and isinstance(value, pyoxigraph.NamedNode):
                versions[place_of(value.value) or ""] = subjects
    for place, subjects in (pages | versions).items():
        whole.setdefault(files_of(place), []).extend(subjects)
    for place, subjects in whole.items():
        whole_first = sorted(subjects, key=lambda each: place_of(each.value) != place)
        yield from rdf_files(place, whole_first, stated, context.prefixes)
    # The page of a version leads to the terms, which its files hold.
    heads = {place: [each for each in subjects if not anchor(each.value)] for place, subjects in versions.items()}
    for place, subjects in (pages | heads).items():
        make = {"ont": _ontology, "tool": _ontology, "shapes": _rules}.get(place)
        make = make or (_scheme if BASE + place in context.schemes else _resource)
        yield from make(context, stated, place, subjects)


def _resource(context: PageContext, stated: Descriptions, place: str, subjects: _Subjects) -> _Pages:
    path = page_of(place)
    # What the page is called after comes first, then its terms in the order of the file.
    subjects = sorted(subjects, key=lambda each: bool(anchor(each.value)))
    iri, code = subjects[0].value, place.removeprefix("jurisdiction/").upper()
    template, shown = "resource.html", dict[str, Any]()
    if code in context.kg.names and code != place.upper():
        template, shown = "country.html", front.country(context, code, path)
    elif iri in context.of_document:
        template, shown = "document.html", documents.page(context, stated, iri, path)
    elif place.startswith("source/"):
        template, shown = "source.html", _source(context, iri, path)
    elif place.startswith(("id/", "body/")):
        template, shown = "element.html", documents.part(context, stated, iri, path)
    elif of_axis := comparison.concept_of(context, place):
        template, shown = "theme.html", comparison.concept(context, *of_axis, stated)
    script = embeddable_json(stated.triples(subjects)) if len(subjects) <= _MOST else None
    yield context.page(template, path, iri=iri, subjects=subjects, stated=stated, script=script, **shown)


def _below(context: PageContext, template: str, place: str, above: tuple[str, str], **given: Any) -> tuple[str, bytes]:
    """Return the page of a part of another one, which is told as its title and its path."""
    path = page_of(place, given["language"])
    whole = above[0], f"{root_of(path)}{above[1].removesuffix('index.html')}"
    return context.page(template, path, whole=whole, **given)


def _ontology(context: PageContext, stated: Descriptions, place: str, subjects: _Subjects) -> _Pages:
    (ontology,) = (each for each in subjects if not anchor(each.value))
    texts = _texts(stated, ontology, "en")
    # Links lead the same way from each language, so what the page does not tell in its own words is made once.
    header = context.facts(ontology, stated, page_of(place), without=_HEAD)
    model, spoken = context.model, context.words["ont/"]
    terms = [each for each in subjects if each.value in model.terms]
    others = [each for each in subjects if each.value not in model.terms and each is not ontology]
    below = page_of(f"{place}/{_PARTS[0]}")  # as deep as the page of any part
    facts = {each.value: context.facts(each, stated, below, without=_TERM_TOLD) for each in terms}
    parts = {each.value: _KINDS.get(model.terms[each.value].kind) for each in terms}
    for each in (each for each in terms if not parts[each.value]):
        holds = any(slug(getattr(value, "value", "")) == "DatatypeProperty" for _, value in stated.of(each))
        parts[each.value] = "values" if holds else "links"
    prefix = "nap" if place == "ont" else "napt"
    for language, words, path, page in context.translations("ontology.html", place, "ont/", spoken):
        titles = texts | _texts(stated, ontology, language)
        title = (words["title"] if place == "ont" else "") or titles.get("title") or context.name(BASE + place)
        named = [term for iri, term in model.terms_in(language).items() if iri in facts]
        listed = {name: [term for term in named if parts[term.iri] == name] for name in _PARTS}
        listed = {name: members for name, members in listed.items() if members}
        yield page(
            title=title,
            lead=texts.get("abstract") or texts.get("description", ""),
            told=texts.get("description", "") if "abstract" in texts else "",
            header=header,
            drawn=model.drawings(words, language) if place == "ont" else [],
            tree=model.tree(language, f"{BASE}{place}#"),
            prefix=prefix,
            listed=listed,
            others=others if language == "en" else [],
            stated=stated,
        )
        for name, members in listed.items():
            given: dict[str, Any] = {"language": language, "languages": spoken, "words": words, "title": words[name]}
            given["prefix"] = prefix
            given["told"] = [(term, facts[term.iri]) for term in members]
            yield _below(context, "terms.html", f"{place}/{name}", (title, path), **given)


def lists(context: PageContext) -> _Pages:
    """Yield the page that leads to all lists, in each language in which all of them have names."""
    for language, _, _, page in context.translations("lists.html", "lists", "lists/", context.words["lists/"]):
        titles = {iri: str(spoken[language][0]["title"]) for iri, spoken in context.schemes.items()}
        yield page(schemes=sorted(titles.items(), key=lambda each: without_accents(each[1])))


def _scheme(context: PageContext, stated: Descriptions, place: str, subjects: _Subjects) -> _Pages:
    spoken = context.schemes[BASE + place]
    parents = {str(row["concept"]): str(row["broader"] or "") for row in reversed(spoken["en"])}
    for language, _, path, page in context.translations("scheme.html", place, "list", spoken):
        rows = spoken[language]
        named = {row["concept"]: str(row["label"]) for row in rows}
        told: dict[str, tuple[str, str, str]] = {}
        for row in spoken["en"]:
            texts = named.get(row["concept"], str(row["label"])), str(row["definition"] or ""), str(row["note"] or "")
            told.setdefault(str(row["concept"]), texts)
        yield page(
            title=str(rows[0]["title"]),
            told=str(rows[0]["told"] or ""),
            note=_texts(stated, subjects[0], "en").get("scopeNote", ""),
            languages=spoken if len(spoken) > 1 else [],
            named=named,
            top=page_of(f"{root_of(path)}lists", language if language in context.words["lists/"] else "en"),
            tree=branches(told, parents),
            about=context.facts(subjects[0], stated, path, without=_SCHEME_TOLD),
            script=embeddable_json(stated.triples(subjects)) if language == "en" else None,
        )


def _rules(context: PageContext, stated: Descriptions, place: str, subjects: _Subjects) -> _Pages:
    """Yield the page of the rules in each language; English also shows every other shape."""
    profiles = [pyoxigraph.NamedNode(f"{BASE}profile/{name}") for name in _PROFILES]
    spoken = context.words["shapes/"]
    for language, words, path, page in context.translations("rules.html", place, "shapes/", spoken):
        sets = context.model.rule_sets(language)
        shown = {rule.iri for each in sets for rule in each.rules} | {each.iri for each in sets}
        others = [each for each in subjects if each.value not in shown and anchor(each.value) and language == "en"]
        told = [(each.value, _texts(stated, each, "en") | _texts(stated, each, language)) for each in profiles]
        yield page(sets=sets, others=others, profiles=told)
        parts = [(anchor(each.iri).lower(), each.heading, each.rules) for each in sets]
        for name, heading, rules in [*parts, *([("others", words["others"], [])] if others else [])]:
            given: dict[str, Any] = {"language": language, "words": words, "stated": stated, "title": heading}
            given |= {"rules": rules, "others": [] if rules else others, "languages": spoken if rules else ()}
            yield _below(context, "ruleset.html", f"{place}/{name}", (words["title"], path), **given)


def _texts(stated: Descriptions, subject: pyoxigraph.NamedNode, language: str) -> dict[str, str]:
    """Return what is stated of a resource as text in one language, by the last part of each property."""
    texts = ((name, each) for name, each in stated.of(subject) if isinstance(each, pyoxigraph.Literal))
    return {slug(name.value): each.value for name, each in texts if each.language == language}


def sources(context: PageContext) -> Iterator[tuple[str, bytes]]:
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
        kinds=Counter(each["kind"] for each in every).most_common(),
        depths=Counter(max(number for _, number, _ in each["shows"]) for each in every),
    )


def _words_of(context: PageContext, passage: str, path: str) -> dict[str, list[Any]]:
    """Return what a passage or source says, by document, in the order of kinds of parts and of names."""
    made, order = dict[str, list[tuple[int, str, Any]]](), [*context.words["part"]["en"]]
    for row in context.resting.get(passage, []):
        iri, kind = str(row["resource"]), slug(str(row["kind"]))
        if kind not in _SILENT and context.shown(iri, path) is not None:
            document, counted = context.document_of(iri), counted_as(context, iri, path)
            told = {"iri": iri, "name": context.called(iri), "kind": context.kind(row["kind"]), "note": row["note"]}
            rank = order.index(kind) if kind in order else -1 if iri == document else len(order)
            made.setdefault(document, []).append((rank, natural(iri), told | {"counted": counted}))
    return {
        document: [word for *_, word in sorted(listed, key=lambda each: each[:2])] for document, listed in made.items()
    }


def _others(context: PageContext, source: str, document: str, path: str) -> dict[str, list[tuple[Said, str, str]]]:
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


def _source(context: PageContext, iri: str, path: str) -> dict[str, Any]:
    """Return what the template of a source's page, or of a passage's, shows."""
    source_of = context.gathered.source_of
    source = source_of.get(iri, iri)
    found, own = context.details[source], context.details[iri]
    every_passage = context.resting if iri == source else ()
    passages = sorted((each for each in every_passage if source == source_of.get(each) != each), key=natural)
    words = _words_of(context, iri, path)
    shown: dict[str, list[dict[str, Any]]] = grouped(context.of_source.get(source, []))
    every = dict.fromkeys([*filter(None, words), *(shown if iri == source else ())])
    countries = dict.fromkeys(short_iri(each).partition("/")[0] for each in every)
    counted = [(label, near) for listed in words.values() for word in listed for label, _, near in word["counted"]]
    return {
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
        "countries": [(context.country(each.upper(), path), each) for each in countries],
        "themes": sorted({label for label, near in counted if near in MATCHES.values()}),
        "differing": [
            (document, *about, told)
            for document in every
            for about, told in context.differing.get(document, {}).items()
            if any(by == source for _, _, by in told)
        ],
        "others": [(context.said(each, path), _others(context, source, each, path)) for each in every],
        "exact": "exact" in {near for _, near in counted},
    }
