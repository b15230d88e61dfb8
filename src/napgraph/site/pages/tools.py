"""What the pages do in a reader's browser: search, ask in SPARQL, check a file, fill in a plan."""

import json
import os
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from importlib.metadata import files
from itertools import chain
from typing import Any

import pyoxigraph

from ...compare.analysis import Row
from ...compare.matrix import SAYING, VALUES, Concept
from ...compare.topics import Said, Topics
from ...project.language import LANGUAGES, counted
from ...project.root import FOLDERS, files_below
from ...query.catalogue import Parameter
from ...rdf.descriptions import Descriptions
from ...rdf.formats import FORMATS
from ...rdf.namespaces import BASE, slug
from ...records.workbook.csv import zipped
from ...records.workbook.model import Column, Model, Sheet, load, said
from ...records.workbook.tables import example
from ...records.workbook.template import empty, workbook
from ...tables.columns import grouped
from ...text import visible_in
from ..addresses import anchor, place_of
from ..context import PageContext, as_json

_INTERNAL = {"lookup", "check"}  # which are for those who keep the records
_STARTERS = ("in-force", "pillars", "victim-support", "lead-bodies", "measure-counts", "successions", "contradictions")
_QUERY_ENGINE = ("oxigraph/web.js", "oxigraph/web_bg.wasm", "yasqe/yasqe.esm.js", "yasqe/yasqe.min.css")
_PYTHON = ("oxigraph/web_bg.wasm", "pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip", "pyodide/pyodide-lock.json")
_ARCHIVE = "check/python.zip"
_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_BROWSER = os.path.join(_PACKAGE, "site", "browser")
_PARTS = ("project", "rdf", "records", "graph", "query", "tables", "validation")
_LIBRARIES = ("openpyxl", "et-xmlfile", "defusedxml", "jinja2", "markupsafe")
_FIRST = {"id", "kind"}  # the kinds of columns that stand before the fold beside those that are needed
_QUESTIONS = ("in-force", "victim-support", "lead-bodies")  # where nothing was found
_MOST_WORDS = 120  # characters of a resource's words beside its name, so that large data stay small to load
_NAMED_BY = ("label", "prefLabel", "altLabel", "title", "name", "alternative")
_TOLD = ("definition", "description", "abstract", "comment", "scopeNote")
_BRANCHES = {"theme": "Theme", "principle": "Principle", "group": "Group", "form": "Form of exploitation"}
_SPECIAL = {"ont": "Term", "tool": "Term", "shapes": "Rule", "workbook": "Field of the workbook"}
_ASIDE = ("/reading/", "/copy-")  # which repeat the name of a document
_COUNTRY, _PLAN, _THEME, _WORDS, _BODY, _QUESTION, _TERM = range(7)
_Entry = list[Any]
"""Kind (a number), what it is in words, title, place, code of the jurisdiction, the line below, other names, origin."""


def sparql(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page and the saved queries that its script reads."""
    kg, topics = context.kg, context.words["topics"]["en"]
    listed = [query for topic in topics for query in kg.queries if query.folder == topic]
    kinds = {parameter.kind: parameter for query in listed for parameter in query.parameters.values()}
    choices = {kind: _choices(context, parameter) for kind, parameter in kinds.items()}
    told = [
        {
            "name": query.name,
            "topic": topics[query.folder],
            "internal": query.folder in _INTERNAL,
            "question": query.header["question"],
            "description": query.header.get("description", ""),
            "text": "".join(line for line in query.text.splitlines(keepends=True) if line[:2] != "#+").lstrip(),
            "asserted": query.header.get("graph") == "asserted",
            "parameters": [
                {**each._asdict(), "default": "" if each.default == "UNDEF" else each.default.strip('"')}
                for each in query.parameters.values()
            ],
        }
        for query in listed
    ]
    yield "sparql/queries.json", as_json({"queries": told, "choices": choices})
    engine, (content, stated) = vendored(*_QUERY_ENGINE), context.dump
    settings = {
        "file": {"path": "dumps/whole.nt.gz", "bytes": len(content)},
        "stated": stated,
        "queries": "sparql/queries.json",
        "labels": kg.queries.get("labels").text,
        "prefixes": context.prefixes,
        "base": BASE,
        "first": "pillars",
    }
    given: dict[str, Any] = {"missing": engine is None, "megabytes": round((len(content) + (engine or 0)) / 1e6, 1)}
    named = {query.name: query for query in listed}
    starters = [named[name] for name in _STARTERS if name in named]
    own = [query for query in listed if query.folder not in _INTERNAL]
    yield context.page("sparql.html", "sparql/index.html", settings=settings, queries=own, starters=starters, **given)


def _choices(context: PageContext, parameter: Parameter) -> list[tuple[str, str]] | None:
    """Return the values that a parameter can take, as terms with their words; None where they cannot be listed."""
    kg, kind = context.kg, parameter.kind
    if kind.startswith("one of "):
        return [(json.dumps(value), value) for value in kind.removeprefix("one of ").split(" | ")]
    if kind in {"date", "integer", "text", "iri"}:
        return None
    if kind == "jurisdiction":
        named = {f"{BASE}jurisdiction/{code.lower()}": kg.names[code] for code in context.recorded}
    else:
        codes = {kg.space(kind) + code: code for code in kg.codes(kind)}
        named = {iri: kg.labels.get(iri, code) for iri, code in codes.items()}
    listed = ((f"<{iri}>", words) for iri, words in named.items())
    return sorted(listed, key=lambda choice: (choice[1].casefold(), choice[0]))


def check(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the pages to check a file and fill in a plan, their Python, the workbook, and the form in each language."""
    root, packed = context.kg.root, _archive(context.kg.root)
    yield _ARCHIVE, packed
    features = context.scheme("feature")
    yield context.page("record.html", "record/index.html", whole=features)
    model, most = load(root), f"{context.prefixes['sh']}maxCount"
    yield "check/template.xlsx", workbook(model, empty(model, "en"), "en", examples=True)
    engine, names = vendored(*_PYTHON), {each: context.words["every"][each]["name"] for each in LANGUAGES}
    size = (engine or 0) + len(packed)
    settings = {"archive": _ARCHIVE, "bytes": size, "megabytes": round(size / 1e6, 1), "language": "en"}
    endings = ",".join(ending for each in FORMATS.values() for ending in each.endings)
    given: dict[str, Any] = {"missing": engine is None, "names": names, "endings": endings}
    yield context.page("check.html", "check/index.html", settings=settings, **given)
    yield context.page("submit.html", "submit/index.html", settings={**settings, "names": names}, **given)
    shapes = context.part(files_below(root, "shapes", (".ttl",)))
    single = {
        shape.value
        for shape in shapes.subjects
        if any(each.value == most and getattr(value, "value", "") == "1" for each, value in shapes.of(shape))
    }
    for language in LANGUAGES:
        yield f"submit/form-{language}.json", as_json(_form(model, language, single))


def _archive(root: str) -> bytes:
    """Return napgraph as it is installed here, with what it uses, to unpack where Python looks for modules."""
    alone = (name for name in os.listdir(_PACKAGE) if name.endswith(".py"))
    parts = (files_below(_PACKAGE, part, (".py", ".css", ".html", ".txt", ".toml")) for part in _PARTS)
    paths = {f"napgraph/{path}": os.path.join(_PACKAGE, path) for path in chain(alone, *parts)}
    paths["pyoxigraph.py"] = os.path.join(_BROWSER, "engine.py")
    paths["napgraph_page.py"] = os.path.join(_BROWSER, "page.py")
    for path in chain(*(files_below(root, folder, (".ttl", ".rq", ".toml", ".jsonld")) for folder in FOLDERS)):
        if not path.startswith("data/jurisdictions/"):  # a file is judged by the rules and the code lists
            paths[f"napgraph/_resources/{path}"] = os.path.join(root, path)
    for file in chain(*(files(library) or () for library in _LIBRARIES)):
        if file.suffix == ".py" or "LICEN" in file.name:
            paths[file.as_posix()] = os.fspath(file.locate())
    content = {}
    for name, path in sorted(paths.items()):
        with open(path, "rb") as opened:
            content[name] = opened.read()
    return zipped(content)


def vendored(*names: str) -> int | None:
    """Return how many bytes files that ``make browser`` fetches hold together, None if one is not there."""
    found = [os.path.join(_PACKAGE, "site", "vendor", name) for name in names]
    return sum(map(os.path.getsize, found)) if all(map(os.path.isfile, found)) else None


def _form(model: Model, language: str, single: Collection[str]) -> dict[str, object]:
    """Return what the script of the form reads in a language; values of the rules ``single`` stand alone."""

    def told(each: Sheet | Column) -> dict[str, Any]:
        return {"name": each.name, "label": said(each.labels, language), "help": said(each.help, language)}

    def field(column: Column, sheet: Sheet) -> dict[str, Any]:
        listed = sheet.kinds if column.kind == "kind" else model.choices(column) if column.codes else ()
        several = sheet.down if column.kind == "kind" else not any(rule in single for rule in column.rules)
        named = column.name.endswith(("-name", "-title"))
        return told(column) | {
            "example": "" if column.kind == "id" else example(column, sheet, model, language),
            "kind": column.kind,
            "need": column.needed,
            "first": column.opens or bool(column.needed) or column.kind in _FIRST or named,
            "choices": [said(each.labels, language) for each in listed],
            "several": several,
        }

    sheets = [
        told(each) | {"down": each.down, "fields": [field(of, each) for of in each.columns if of.kind != "degree"]}
        for each in model.sheets.values()
        if each.columns
    ]
    words = {need: model.word(need, language) for need in ("required", "expected")}
    start = {sheet: records for sheet, records in empty(model, language).records.items() if records}
    return {"language": language, "words": words, "start": start, "sheets": sheets}


def search(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page, the lists that its script searches one after the other, and an answer for each jurisdiction."""
    topics = {code: Topics(code, context.gathered) for code in context.recorded}
    names = grouped(context.kg.query("names-of-jurisdictions"), "code")
    editions = {each.iri: each for told in topics.values() for each in told.editions}
    themes = {code: told.themes for code, told in topics.items()}
    saying = Counter(
        concept.code for told in themes.values() for concept, said in told if any(each.value in SAYING for each in said)
    )
    first, later, terms = list[_Entry](), list[_Entry](), list[_Entry]()
    for code, rows in names.items():
        if code not in topics or context.country(code, "").href:
            (first if code in topics else later).append(_country(context, code, rows, topics.get(code)))
    for stated in map(context.part, context.sources):
        for subject in stated.subjects:
            if (place := place_of(subject.value)) and not place.startswith("jurisdiction/"):
                entry = _entry(context, stated, subject, place, editions)
                if number := saying[place.removeprefix("theme/")]:
                    entry[5] = f"Named in plans of {number} countries and bodies"
                (first if entry[0] in {_PLAN, _THEME} else terms if entry[0] == _TERM else later).append(entry)
    asked = (query for query in context.kg.queries if query.folder in {"compare", "profile", "plan"})
    first += [[_QUESTION, "Question", each.header["question"], f"query/{each.name}/", "", "", [], ""] for each in asked]
    for name, listed in (("first", first), ("words", later), ("terms", terms)):
        yield f"search/{name}.json", as_json(visible_in([each for each in listed if each[2]]))
    for code, told in topics.items():
        yield f"search/answers/{code.lower()}.json", as_json(visible_in(_answers(told, themes[code])))
    yield context.page(
        "search.html",
        "search/index.html",
        settings={"lists": [f"search/{name}.json" for name in ("first", "words", "terms")]},
        countries=sorted((entry[2], entry[3]) for entry in first if entry[0] == _COUNTRY),
        themes=[row for row in context.scheme("theme") if not row["broader"]],
        questions=[query for query in context.kg.queries if query.name in _QUESTIONS],
        missing=vendored("minisearch/index.js") is None,
    )


def _country(context: PageContext, code: str, rows: Sequence[Row], topics: Topics | None) -> _Entry:
    names = [*dict.fromkeys(str(row["name"]) for row in rows if not str(row["name"]).isdecimal())]
    title, place = context.kg.names.get(code, names[0]), f"jurisdiction/{code.lower()}/"
    line = "No plan is recorded: unknown, not none"
    if topics is not None:
        years = [year for span in topics.spans.values() for year in span if year]
        number = len(topics.editions)
        line = counted("en", number, "{count} plan", "{count} plans") if number else "documents, but no plan"
        line += f", {min(years)} to {max(years)}" if years else ""
    return [_COUNTRY, "Country", title, place, code, line, [each for each in names if each != title], ""]


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
        elif isinstance(value, pyoxigraph.Literal) and last in _NAMED_BY:
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
        above = context.document_of(iri)
        years = editions[above].years if above in editions else ""
        kind = _PLAN if above == iri else _BODY if what == "organization" else _WORDS
        line = ", ".join(each for each in (country, years) if each)
        if kind == _WORDS and (origin not in {"printed", "ours"} or any(each in place for each in _ASIDE)):
            title = ""
    elif first == "body":
        kind = _BODY
    also = [each for each in dict.fromkeys(named) if each != title]
    return [kind, what, title, f"{place}/#{mark}" if mark else f"{place}/", code, line, also, origin]


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
    return {
        "name": topics.name,
        "plans": plans,
        "sources": sources,
        "themes": themes,
        "values": [each for each in VALUES if each in SAYING],
    }
