"""A page for each resource of the graph, in several languages where it is of terms, a list of codes or rules.

Four files hold a resource with its parts.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pyoxigraph

from ...rdf.descriptions import Descriptions
from ...rdf.namespaces import BASE, slug
from ...rdf.write import embeddable_json, rdf_files
from ...text import without_accents
from ..addresses import anchor, files_of, page_of, place_of, root_of
from ..context import PageContext
from ..model import branches
from . import countries, documents, elements, sources, themes

_MOST = 400  # resources in one page's script; a larger page leaves it to the files beside it
_PARTS = ("classes", "links", "values", "datatypes")
_TERM_TOLD = {"label", "definition", "scopeNote", "example", "isDefinedBy", "deprecated"}
_HEAD = {"title", "abstract", "description"}
_SCHEME_TOLD = {"title", "description", "scopeNote"}
_PROFILES = ("thin", "summary", "full-submission")
_Pages = Iterator[tuple[str, bytes]]
_Subjects = Sequence[pyoxigraph.NamedNode]


def files(context: PageContext, paths: Sequence[str]) -> _Pages:
    """Yield the pages and files of every resource that the files ``paths`` describe, but for the home page's."""
    stated, version = context.part(paths), f"{context.prefixes['owl']}versionIRI"
    pages: dict[str, list[pyoxigraph.NamedNode]] = {}
    versions = set[str]()
    for subject in stated.subjects:
        if place := place_of(subject.value):
            pages.setdefault(place, []).append(subject)
    for subjects in list(pages.values()):
        # A version of the ontology is what the ontology is now; the next one will be another.
        for predicate, value in (each for subject in subjects for each in stated.of(subject)):
            if predicate.value == version and isinstance(value, pyoxigraph.NamedNode):
                pages[place_of(value.value) or ""] = subjects
                versions.add(place_of(value.value) or "")
    whole: dict[str, list[pyoxigraph.NamedNode]] = {}
    for place, subjects in pages.items():
        whole.setdefault(files_of(place), []).extend(subjects)
    for place, subjects in whole.items():
        whole_first = sorted(subjects, key=lambda each: place_of(each.value) != place)
        yield from rdf_files(place, whole_first, stated, context.prefixes)
    for place, subjects in pages.items():
        make = {"ont": _ontology, "tool": _ontology, "shapes": _rules}.get(place) or (
            _scheme if BASE + place in context.schemes else _resource
        )
        # The page of a version leads to the terms, which its files hold.
        shown = [each for each in subjects if not anchor(each.value)] if place in versions else subjects
        yield from make(context, stated, place, shown)


def _resource(context: PageContext, stated: Descriptions, place: str, subjects: _Subjects) -> _Pages:
    path = page_of(place)
    # What the page is called after comes first, then its terms in the order of the file.
    subjects = sorted(subjects, key=lambda each: bool(anchor(each.value)))
    iri, code = subjects[0].value, place.removeprefix("jurisdiction/").upper()
    template, shown = "resource.html", dict[str, Any]()
    if code in context.kg.names and code != place.upper():
        template, shown = "country.html", countries.page(context, code, path)
    elif iri in context.readings.of_document:
        template, shown = "document.html", documents.page(context, stated, iri, path)
    elif place.startswith("source/"):
        template, shown = "source.html", sources.page(context, iri, path)
    elif place.startswith(("id/", "body/")):
        template, shown = "element.html", elements.page(context, stated, iri, path)
    elif of_axis := themes.concept_of(context, place):
        template, shown = "theme.html", themes.page(context, *of_axis, stated)
    script = embeddable_json(stated.triples(subjects)) if len(subjects) <= _MOST else None
    yield context.page(template, path, subjects=subjects, stated=stated, script=script, **shown)


def _ontology(context: PageContext, stated: Descriptions, place: str, subjects: _Subjects) -> _Pages:
    (ontology,) = (each for each in subjects if not anchor(each.value))
    texts = _texts(stated, ontology, "en")
    # Links lead the same way from each language, so what the page does not tell in its own words is made once.
    header = context.facts(ontology, stated, page_of(place), without=_HEAD)
    model, spoken = context.model, context.words["ont/"]
    terms = [each for each in subjects if each.value in model.terms]
    others = [each for each in subjects if each.value not in model.terms and each is not ontology]
    parts = {each.value: _part(model.terms[each.value].kind, each, stated) for each in terms}
    below = page_of(f"{place}/{_PARTS[0]}")  # as deep as the page of any part
    facts = {each.value: context.facts(each, stated, below, without=_TERM_TOLD) for each in terms}
    shown = [name for name in _PARTS if name in parts.values()]
    prefix = "nap" if place == "ont" else "napt"
    for language, words, path, page in context.translations("ontology.html", place, "ont/", spoken):
        titles = texts | _texts(stated, ontology, language)
        title = (words["title"] if place == "ont" else "") or titles.get("title") or context.name(BASE + place)
        named = [term for iri, term in model.terms_in(language).items() if iri in facts]
        listed = {name: [term for term in named if parts[term.iri] == name] for name in shown}
        yield page(
            title=title,
            abstract=texts.get("abstract", ""),
            told=texts.get("description", ""),
            header=header,
            drawn=model.drawings(words, language) if place == "ont" else [],
            tree=model.tree(language, f"{BASE}{place}#"),
            prefix=prefix,
            listed=listed,
            others=others if language == "en" else [],
            stated=stated,
        )
        for name, members in listed.items():
            there = page_of(f"{place}/{name}", language)
            yield context.page(
                "terms.html",
                there,
                language=language,
                languages=list(spoken),
                words=words,
                title=words[name],
                whole=(title, f"{root_of(there)}{path.removesuffix('index.html')}"),
                prefix=prefix,
                told=[(term, facts[term.iri]) for term in members],
            )


def _part(kind: str, term: pyoxigraph.NamedNode, stated: Descriptions) -> str:
    """Return the part of an ontology's pages on which a term stands in full."""
    holds = any(slug(getattr(value, "value", "")) == "DatatypeProperty" for _, value in stated.of(term))
    return {"class": "classes", "datatype": "datatypes"}.get(kind, "values" if holds else "links")


def lists(context: PageContext) -> _Pages:
    """Yield the page that leads to all lists, in each language in which all of them have names."""
    every = context.words["every"]
    for language, _, path, page in context.translations("lists.html", "lists", "lists/", context.words["lists/"]):
        listed = []
        for iri, spoken in context.schemes.items():
            top = f"{root_of(path)}{place_of(iri)}/"
            others = [(each, every[each]["name"], top + page_of("", each)) for each in spoken if each != language]
            href = top + page_of("", language).removesuffix("index.html")
            title, told = (spoken[language][0][name] or "" for name in ("title", "told"))
            listed.append((href, title, len({row["concept"] for row in spoken["en"]}), told, others))
        yield page(schemes=sorted(listed, key=lambda each: without_accents(str(each[1]))))


def _scheme(context: PageContext, stated: Descriptions, place: str, subjects: _Subjects) -> _Pages:
    spoken = context.schemes[BASE + place]
    parents = {str(row["concept"]): str(row["broader"] or "") for row in reversed(spoken["en"])}
    shown = spoken if len(spoken) > 1 else []
    for language, _, path, page in context.translations("scheme.html", place, "list", spoken):
        rows = spoken[language]
        named = {row["concept"]: str(row["label"]) for row in rows}
        told: dict[str, tuple[str, str, str]] = {}
        for row in spoken["en"]:
            label = named.get(row["concept"], str(row["label"]))
            told.setdefault(str(row["concept"]), (label, str(row["definition"] or ""), str(row["note"] or "")))
        yield page(
            title=str(rows[0]["title"]),
            told=str(rows[0]["told"] or ""),
            note=_texts(stated, subjects[0], "en").get("scopeNote", ""),
            languages=shown,
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
        parts += [("others", words["others"], [])] if others else []
        for name, heading, rules in parts:
            there = page_of(f"{place}/{name}", language)
            yield context.page(
                "ruleset.html",
                there,
                language=language,
                languages=list(spoken) if rules else [],
                words=words,
                title=heading,
                whole=(words["title"], f"{root_of(there)}{path.removesuffix('index.html')}"),
                rules=rules,
                others=[] if rules else others,
                stated=stated,
            )


def _texts(stated: Descriptions, subject: pyoxigraph.NamedNode, language: str) -> dict[str, str]:
    """Return what is stated of a resource as text in one language, by the last part of each property."""
    return {
        slug(predicate.value): value.value
        for predicate, value in stated.of(subject)
        if isinstance(value, pyoxigraph.Literal) and value.language == language
    }
