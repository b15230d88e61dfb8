"""The page for those who record a plan or report a wrong datum, and the list of all sources with what each shows."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from ...compare.overview import depth
from ...rdf.namespaces import BASE
from ..addresses import link
from ..context import PageContext
from .countries import bars


class Source(NamedTuple):
    """A source: its IRI, kind, web address and host, what it shows of which document, in bars and words, and when."""

    iri: str
    kind: str
    address: str
    host: str
    shows: list[tuple[str, int, str]]
    days: list[str]


def files(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the page that leads to form, check and workbook, and the list of the sources by jurisdiction."""
    yield context.page(
        "record.html", "record/index.html", whole=context.schemes.get(f"{BASE}feature", {}).get("en", [])
    )
    path, several = "sources/index.html", list[Source]()
    by_code: dict[str, list[Source]] = {}
    kinds, depths = Counter[str](), Counter[int]()
    code_of = {str(row["document"]): code for code, rows in context.gathered.readings.items() for row in rows}
    for iri, readings in context.readings.of_source.items():
        url = next((each for reading in readings for each in reading.addresses), "")
        kind = next((context.name(f"{BASE}source-kind/{each}") for each in context.source_kinds.get(iri, [])), "")
        shows = [(each.document, bars(each.extent), depth(context.kg, each.extent)) for each in readings]
        host = urlsplit(url).netloc.removeprefix("www.")
        days = sorted({each.day for each in readings if each.day})
        source = Source(iri, kind, link(url, path) or "" if url else "", host, shows, days)
        codes = {code_of[each.document] for each in readings if each.document in code_of}
        kinds[kind] += 1
        depths[max(number for _, number, _ in shows)] += 1
        (by_code.setdefault(codes.pop(), []) if len(codes) == 1 else several).append(source)
    named = {code: context.kg.names.get(code, code) for code in by_code}
    pages = {code: context.shown(f"{BASE}jurisdiction/{code.lower()}", path) for code in by_code}
    yield context.page(
        "sources.html",
        path,
        several=sorted(several, key=lambda each: -len(each.shows)),
        listed=sorted((named[code], code.lower(), pages[code], each) for code, each in by_code.items()),
        number=len(context.readings.of_source),
        documents=len(context.readings.of_document),
        kinds=kinds.most_common(),
        depths=depths,
    )
