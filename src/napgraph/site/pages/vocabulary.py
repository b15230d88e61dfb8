"""The pages of the vocabulary, in several languages: the ontology, each list of codes, and the rules."""

from collections.abc import Iterator, Sequence

import pyoxigraph

from ...rdf.descriptions import Descriptions
from ...rdf.namespaces import BASE, slug
from ...rdf.write import embeddable_json
from ..addresses import anchor, beside, page_of, place_of, root_of
from ..context import Fact, PageContext
from ..model import Term, branches, plain

_KINDS = ("class", "property", "datatype")
_TERM_TOLD = {"label", "definition", "scopeNote", "example", "isDefinedBy", "deprecated"}
_HEAD = {"title", "abstract", "description"}
_SCHEME_TOLD = {"title", "description", "scopeNote"}
_PROFILES = ("thin", "summary", "full-submission")


def pages(
    context: PageContext, stated: Descriptions, place: str, subjects: Sequence[pyoxigraph.NamedNode]
) -> Iterator[tuple[str, bytes]] | None:
    """Return the pages at ``place`` if they are those of the ontology, a list of codes or the rules."""
    made = {"ont": _ontology, "shapes": _rules}.get(place) or (_scheme if BASE + place in context.schemes else None)
    return made and made(context, stated, place, subjects)


def _ontology(
    context: PageContext, stated: Descriptions, place: str, subjects: Sequence[pyoxigraph.NamedNode]
) -> Iterator[tuple[str, bytes]]:
    """Yield the page of the ontology in each language; ``subjects`` are it and its terms."""
    (ontology,) = (each for each in subjects if not anchor(each.value))
    said = {predicate.value: str(getattr(value, "value", "")) for predicate, value in stated.of(ontology)}
    texts = {name: next((text for iri, text in said.items() if iri.endswith(f"/{name}")), "") for name in _HEAD}
    # Links lead the same way from each language, so what the page does not tell in its own words is made once.
    header = context.facts(ontology, stated, page_of(place), without=_HEAD)
    model, spoken = context.model, context.words["ont/"]
    facts = {
        each.value: context.facts(each, stated, page_of(place), without=_TERM_TOLD)
        for each in subjects
        if each.value in model.terms
    }
    others = [each for each in subjects if each.value not in model.terms and each is not ontology]
    for language, words in spoken.items():
        kinds: dict[str, list[tuple[Term, list[Fact]]]] = {kind: [] for kind in _KINDS}
        for iri, term in model.terms_in(language).items():
            if iri in facts:
                kinds[term.kind].append((term, facts[iri]))
        path = page_of(place, language)
        yield context.page(
            "ontology.html",
            path,
            title=words["title"] or texts["title"] or context.name(BASE + place),
            abstract=texts["abstract"],
            told=texts["description"],
            header=header,
            machine=beside(place, path),
            language=language,
            languages=spoken,
            words=words,
            drawn=model.drawings(words, language),
            tree=model.tree(language),
            kinds=list(kinds.items()),
            others=others if language == "en" else [],
            stated=stated,
        )


def lists(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page that leads to all lists, in each language in which all of them have names."""
    place = "lists"
    for language, words in context.words["lists/"].items():
        path = page_of(place, language)
        listed = []
        for iri, spoken in context.schemes.items():
            top = f"{root_of(path)}{place_of(iri)}/"
            others = [
                (each, context.words["every"][each]["name"], top + page_of("", each))
                for each in spoken
                if each != language
            ]
            rows = spoken[language]
            count = len({row["concept"] for row in spoken["en"]})
            href = top if language == "en" else top + page_of("", language)
            listed.append((href, rows[0]["title"], count, rows[0]["told"] or "", others))
        listed.sort(key=lambda each: plain(str(each[1])))
        yield context.page(
            "lists.html",
            path,
            title=words["title"],
            language=language,
            languages=context.words["lists/"],
            words=words,
            schemes=listed,
        )


def _scheme(
    context: PageContext, stated: Descriptions, place: str, subjects: Sequence[pyoxigraph.NamedNode]
) -> Iterator[tuple[str, bytes]]:
    """Yield the page of a list of codes in each of its languages; English has the address of the list itself."""
    spoken = context.schemes[BASE + place]
    for language, rows in spoken.items():
        path = page_of(place, language)
        named = {row["concept"]: str(row["label"]) for row in rows}
        told: dict[str, tuple[str, str, str]] = {}
        parents: dict[str, str | None] = {}
        for row in spoken["en"]:
            iri = str(row["concept"])
            label = named.get(iri, str(row["label"]))
            told.setdefault(iri, (label, str(row["definition"] or ""), str(row["note"] or "")))
            parents.setdefault(iri, str(row["broader"]) if row["broader"] else None)
        about = [
            (slug(predicate.value), str(getattr(value, "value", ""))) for predicate, value in stated.of(subjects[0])
        ]
        yield context.page(
            "scheme.html",
            path,
            title=str(rows[0]["title"]),
            told=str(rows[0]["told"] or ""),
            note=" ".join(text for name, text in about if name == "scopeNote"),
            language=language,
            languages=spoken if len(spoken) > 1 else [],
            words=context.words["list"][language],
            named=named,
            top=page_of(f"{root_of(path)}lists", language if language in context.words["lists/"] else "en"),
            machine=beside(place, path),
            tree=list(branches(told, parents)),
            about=context.facts(subjects[0], stated, path, without=_SCHEME_TOLD),
            script=embeddable_json(stated.triples(subjects)) if language == "en" else None,
        )


def _rules(
    context: PageContext, stated: Descriptions, place: str, subjects: Sequence[pyoxigraph.NamedNode]
) -> Iterator[tuple[str, bytes]]:
    """Yield the page of the rules in each language; English, which also shows every other shape, has their address."""
    spoken = context.model.languages
    for language in spoken:
        path, words = page_of(place, language), context.words[f"{place}/"][language]
        sets = context.model.rule_sets(language)
        shown = {rule.iri for each in sets for rule in each.rules} | {each.iri for each in sets}
        others = [each for each in subjects if each.value not in shown and anchor(each.value)]
        profiles = [
            (iri, *(_text(stated, iri, key, language) for key in ("label", "definition", "scopeNote")))
            for iri in (f"{BASE}profile/{name}" for name in _PROFILES)
        ]
        yield context.page(
            "rules.html",
            path,
            title=words["title"],
            language=language,
            languages=spoken,
            words=words,
            machine=beside(place, path),
            sets=sets,
            others=others if language == "en" else [],
            stated=stated,
            labels=context.kg.labels,
            profiles=profiles,
        )


def _text(stated: Descriptions, iri: str, name: str, language: str) -> str:
    """Return the text of the property that ends in ``name``, in ``language`` or else in English."""
    of_name = (value for predicate, value in stated.of(pyoxigraph.NamedNode(iri)) if slug(predicate.value) == name)
    found = {value.language: value.value for value in of_name if isinstance(value, pyoxigraph.Literal)}
    return found.get(language) or found.get("en", "")
