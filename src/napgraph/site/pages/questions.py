"""The saved queries: a page each, with the question, the text, the answer, and its table to download."""

from collections.abc import Iterator

from ...rdf.descriptions import Descriptions
from ...rdf.namespaces import BASE
from ...rdf.write import rdf_files
from ..context import PageContext, table_files
from ..describe import Describer

_FOLDERS = {"compare": "Across jurisdictions", "profile": "One jurisdiction or document", "plan": "Parts of full plans"}
_SHOWN = 100  # rows of an answer on its page; the file beside it holds all


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page that lists the questions, a page and a table for each, and the queries as editors read them."""
    kg = context.kg
    describer = Describer(kg, context.base, [])
    prefixes = context.prefixes | describer.spaces
    listed: dict[str, list[tuple[str, str, int]]] = {words: [] for words in _FOLDERS.values()}
    examples = []
    for query in kg.queries:
        if query.folder not in _FOLDERS:
            continue
        place = f"query/{query.name}"
        path = f"{place}/index.html"
        table = kg.query(query.name).table()
        example = describer.example(BASE + place, query)
        examples += example
        told = Descriptions(example)
        yield from rdf_files(place, told.subjects, told, prefixes)
        yield f"{place}.rq", query.text.encode()
        yield from table_files(place, table)
        rows = [[_cell(context, row[name], path) for name in table.names] for row in table.rows[:_SHOWN]]
        yield context.page("question.html", path, query=query, table=table, rows=rows)
        listed[_FOLDERS[query.folder]].append((query.name, query.header.get("question", ""), len(table.rows)))
    told = Descriptions([*examples, *describer.prefixes(prefixes)])
    yield from rdf_files("query", told.subjects, told, prefixes)
    yield context.page("questions.html", "query/index.html", listed=listed)
    place = "query/prefixes"  # every example points to them
    subjects = [each for each in told.subjects if each.value.partition("#")[0] == BASE + place]
    yield from rdf_files(place, subjects, told, prefixes)
    yield context.page("prefixes.html", f"{place}/index.html", prefixes=sorted(prefixes.items()))


def _cell(context: PageContext, value: object, path: str) -> tuple[str, str | None, bool]:
    """Return a value in words, where it leads if it is the address of something, and whether it is a number."""
    text = "" if value is None else str(value)
    if isinstance(value, str) and value.startswith(("https://", "http://")):
        return context.name(value), context.shown(value, path), False
    return text, None, isinstance(value, (int, float)) and not isinstance(value, bool)
