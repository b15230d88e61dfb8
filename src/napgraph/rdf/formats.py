"""The formats of files and answers: one table of their names, endings and media types."""

from typing import NamedTuple

from pyoxigraph import QueryResultsFormat, RdfFormat


class Format(NamedTuple):
    """A format of files; the first of its endings and of its media types is the one that is written."""

    name: str
    label: str
    endings: tuple[str, ...]
    media: tuple[str, ...]
    rdf: RdfFormat | None = None


_TURTLE = ("text/turtle", "application/x-turtle")
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    each.name: each
    for each in (
        Format("turtle", "Turtle", (".ttl", ".turtle", ".n3"), _TURTLE, RdfFormat.TURTLE),
        Format("json-ld", "JSON-LD", (".jsonld", ".json"), ("application/ld+json",), RdfFormat.JSON_LD),
        Format("n-triples", "N-Triples", (".nt", ".ntriples"), ("application/n-triples",), RdfFormat.N_TRIPLES),
        Format("rdf-xml", "RDF/XML", (".rdf", ".xml", ".owl", ".rdfxml"), ("application/rdf+xml",), RdfFormat.RDF_XML),
        Format("trig", "TriG", (".trig",), ("application/trig",), RdfFormat.TRIG),
        Format("n-quads", "N-Quads", (".nq", ".nquads"), ("application/n-quads",), RdfFormat.N_QUADS),
        Format("xlsx", "an Excel workbook", (".xlsx", ".xlsm", ".xls"), (_EXCEL,)),
        Format("csv", "CSV sheets", (".zip", ".csv"), ("application/zip", "text/csv")),
    )
}
RDF = {each.name: each.rdf for each in FORMATS.values() if each.rdf}
RDF_BY_ENDING = {ending: each.rdf for each in FORMATS.values() if each.rdf for ending in each.endings}
RESULTS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}


def format_of_name(name: str) -> Format | None:
    """Return the format that the ending of a file's name claims."""
    return next((each for each in FORMATS.values() if name.lower().endswith(each.endings)), None)


def ending_of_media(media: str) -> str:
    """Return the ending of a file of a media type, empty for a type that no format has."""
    names = (".csv" if media == "text/csv" else each.endings[0] for each in FORMATS.values() if media in each.media)
    return next(names, "")
