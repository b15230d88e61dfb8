"""What the pages do in a reader's browser: ask in SPARQL, check a file, fill in a plan."""

import json
import os
from collections.abc import Collection, Iterator
from importlib.metadata import files
from itertools import chain
from typing import Any

from ...project.language import LANGUAGES
from ...project.root import FOLDERS, files_below
from ...query.catalogue import Parameter, SavedQuery
from ...rdf.formats import FORMATS
from ...rdf.namespaces import BASE
from ...records.workbook.csv import zipped
from ...records.workbook.model import Column, Model, Sheet, load, said
from ...records.workbook.tables import example
from ...records.workbook.template import empty, workbook
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


def sparql(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page and the saved queries that its script reads."""
    kg, topics = context.kg, context.words["topics"]["en"]
    listed = [query for topic in topics for query in kg.queries if query.folder == topic]
    kinds = {parameter.kind: parameter for query in listed for parameter in query.parameters.values()}
    choices = {kind: _choices(context, parameter) for kind, parameter in kinds.items()}
    told = [_query(each, topics[each.folder]) for each in listed]
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


def _query(query: SavedQuery, topic: str) -> dict[str, object]:
    return {
        "name": query.name,
        "topic": topic,
        "internal": query.folder in _INTERNAL,
        "question": query.header["question"],
        "description": query.header.get("description", ""),
        "text": "".join(line for line in query.text.splitlines(keepends=True) if not line.startswith("#+")).lstrip(),
        "asserted": query.header.get("graph") == "asserted",
        "parameters": [
            {**each._asdict(), "default": "" if each.default == "UNDEF" else each.default.strip('"')}
            for each in query.parameters.values()
        ],
    }


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
    return sorted(((f"<{iri}>", words) for iri, words in named.items()), key=lambda choice: choice[1].casefold())


def check(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the pages to check a file and fill in a plan, their Python, the workbook, and the form in each language."""
    root, packed = context.kg.root, _archive(context.kg.root)
    yield _ARCHIVE, packed
    features = context.schemes.get(f"{BASE}feature", {}).get("en", [])
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
    start = empty(model, language)
    return {
        "language": language,
        "words": {need: model.word(need, language) for need in ("required", "expected")},
        "start": {sheet: records for sheet, records in start.records.items() if records},
        "sheets": [
            {
                "name": sheet.name,
                "label": said(sheet.labels, language),
                "help": said(sheet.help, language),
                "down": sheet.down,
                "fields": [
                    _field(column, sheet, model, language, single)
                    for column in sheet.columns
                    if column.kind != "degree"
                ],
            }
            for sheet in model.sheets.values()
            if sheet.columns
        ],
    }


def _field(column: Column, sheet: Sheet, model: Model, language: str, single: Collection[str]) -> dict[str, object]:
    listed = sheet.kinds if column.kind == "kind" else model.choices(column) if column.codes else ()
    several = sheet.down if column.kind == "kind" else not any(rule in single for rule in column.rules)
    named = column.name.endswith(("-name", "-title"))
    return {
        "name": column.name,
        "label": said(column.labels, language),
        "help": said(column.help, language),
        "example": "" if column.kind == "id" else example(column, sheet, model, language),
        "kind": column.kind,
        "need": column.needed,
        "first": column.opens or bool(column.needed) or column.kind in _FIRST or named,
        "choices": [said(each.labels, language) for each in listed],
        "several": several,
    }
