"""What the page "Search" finds: countries, plans, themes and questions first, then what plans say, terms and rules."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pyoxigraph

from ...compare.matrix import SAYING, Concept
from ...compare.topics import Said, Topics
from ...project.language import counted
from ...rdf.descriptions import Descriptions
from ...rdf.namespaces import BASE, slug
from ...tables.columns import grouped
from ...text import visible_in
from ..addresses import anchor, place_of
from ..context import PageContext, as_json
from .tools import vendored

_QUESTIONS = ("in-force", "victim-support", "lead-bodies")  # where nothing was found
_MOST_WORDS = 120  # characters of a resource's words beside its name, so that large data stay small to load
_NAMES = ("label", "prefLabel", "altLabel", "title", "name", "alternative")
_TOLD = ("definition", "description", "abstract", "comment", "scopeNote")
_BRANCHES = {"theme": "Theme", "principle": "Principle", "group": "Group", "form": "Form of exploitation"}
_SPECIAL = {"ont": "Term", "tool": "Term", "shapes": "Rule", "workbook": "Field of the workbook"}
_ASIDE = ("/reading/", "/copy-")  # which repeat the name of a document
_COUNTRY, _PLAN, _THEME, _WORDS, _BODY, _QUESTION, _TERM = range(7)
_Entry = list[object]
"""Kind (a number), what it is in words, title, place, code of the jurisdiction, the line below, other names, origin."""


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page, the lists that its script searches one after the other, and an answer for each jurisdiction."""
    topics = {code: Topics(code, context.gathered) for code in context.recorded}
    names = {code: _names(rows) for code, rows in grouped(context.kg.query("names-of-jurisdictions"), "code").items()}
    editions = {each.iri: each for told in topics.values() for each in told.editions}
    themes = {code: told.themes for code, told in topics.items()}
    saying = Counter(
        concept.code for told in themes.values() for concept, said in told if any(each.value in SAYING for each in said)
    )
    has_page = {code: context.shown(f"{BASE}jurisdiction/{code.lower()}", "") for code in names}
    first = [_country(context, code, names[code], told) for code, told in topics.items() if has_page[code]]
    later = [_country(context, code, each, None) for code, each in names.items() if code not in topics]
    terms = list[_Entry]()
    for paths in context.sources:
        stated = context.part(paths)
        for subject in stated.subjects:
            if (place := place_of(subject.value)) and not place.startswith("jurisdiction/"):
                entry = _entry(context, stated, subject, place, editions)
                if number := saying[place.removeprefix("theme/")]:
                    entry[5] = f"Named in plans of {number} countries and bodies"
                (first if entry[0] in {_PLAN, _THEME} else terms if entry[0] == _TERM else later).append(entry)
    first += _questions(context)
    for name, listed in (("first", first), ("words", later), ("terms", terms)):
        yield f"search/{name}.json", as_json(visible_in([each for each in listed if each[2]]))
    for code, told in topics.items():
        yield f"search/answers/{code.lower()}.json", as_json(visible_in(_answers(told, themes[code])))
    yield context.page(
        "search.html",
        "search/index.html",
        settings={"lists": [f"search/{name}.json" for name in ("first", "words", "terms")]},
        countries=sorted((told.name, code.lower()) for code, told in topics.items() if has_page[code]),
        themes=[row for row in context.schemes.get(f"{BASE}theme", {}).get("en", []) if not row["broader"]],
        questions=[query for query in context.kg.queries if query.name in _QUESTIONS],
        missing=vendored("minisearch/index.js") is None,
    )


def _names(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(str(row["name"]) for row in rows if not str(row["name"]).isdecimal()))


def _country(context: PageContext, code: str, names: list[str], topics: Topics | None) -> _Entry:
    title, place = context.kg.names.get(code, names[0]), f"jurisdiction/{code.lower()}/"
    line = "No plan is recorded: unknown, not none"
    if topics is not None:
        years = [year for span in topics.spans.values() for year in span if year]
        number = len(topics.editions)
        line = counted("en", number, "{count} plan", "{count} plans") if number else "documents, but no plan"
        line += f", {min(years)} to {max(years)}" if years else ""
    return [_COUNTRY, "Country", title, place, code, line, [each for each in names if each != title], ""]


def _questions(context: PageContext) -> Iterator[_Entry]:
    for query in context.kg.queries:
        if query.folder in {"compare", "profile", "plan"}:
            yield [_QUESTION, "Question", query.header["question"], f"query/{query.name}/", "", "", [], ""]


def _entry(
    context: PageContext, stated: Descriptions, subject: pyoxigraph.NamedNode, place: str, editions: dict[str, Any]
) -> _Entry:
    iri, mark = subject.value, anchor(subject.value)
    first, second, *_ = [*place.split("/"), ""]
    title, code, origin = context.name(iri), "", str(context.origins.get(iri, ""))
    kinds, named, told = list[str](), list[str](), list[str]()
    for predicate, value in stated.of(subject):
        last = slug(predicate.value)
        if last == "type" and isinstance(value, pyoxigraph.NamedNode):
            kinds.append(context.name(value.value))
        elif isinstance(value, pyoxigraph.Literal) and last in _NAMES:
            named.append(value.value)
        elif isinstance(value, pyoxigraph.Literal) and last in _TOLD and value.language in {None, "en"}:
            told.append(value.value)
    kind, line = _THEME if first in _BRANCHES and second else _TERM, " · ".join(told)[:_MOST_WORDS]
    what = (_BRANCHES if kind == _THEME else _SPECIAL).get(first, kinds[0] if kinds else "")
    if what == "concept":
        what = context.name(BASE + first)
    if first == "id":
        code = second.upper()
        country = context.kg.names.get(code, code)
        above = next((each for each in _above(iri) if each in editions or each in context.readings.of_document), "")
        years = editions[above].years if above in editions else ""
        kind = _PLAN if above == iri else _BODY if what == "organization" else _WORDS
        line = ", ".join(each for each in (country, years) if each)
        if kind == _WORDS and (origin not in {"printed", "ours"} or any(each in place for each in _ASIDE)):
            title = ""
    elif first == "body":
        kind = _BODY
    also = [each for each in dict.fromkeys(named) if each != title]
    return [kind, what, title, f"{place}/#{mark}" if mark else f"{place}/", code, line, also, origin]


def _above(iri: str) -> Iterator[str]:
    """Yield an address and those above it, the longest first."""
    pieces = iri.split("/")
    return ("/".join(pieces[:end]) for end in range(len(pieces), 0, -1))


def _answers(topics: Topics, told: Sequence[tuple[Concept, list[Said]]]) -> dict[str, Any]:
    """Return what each plan of a jurisdiction says of each theme that one of them names, with the sources."""
    plans = [[each.years or each.title, f"{place_of(each.iri)}/"] for each in topics.editions]
    sources = [[str(rows[0]["sourceTitle"]), f"{place_of(str(rows[0]['source']))}/"] for rows in topics.sources]
    themes = {
        concept.code: {
            "saying": len({each.number for each in said if each.value in SAYING}),
            "said": [
                [each.number - 1, each.value, each.words, each.origin, each.condition, each.sources] for each in said
            ],
        }
        for concept, said in told
    }
    return {"name": topics.name, "plans": plans, "sources": sources, "themes": themes, "values": [*SAYING]}
