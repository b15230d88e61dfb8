"""Between workbooks, CSV sheets and the formats of RDF, with nothing lost: what was written is read again."""

import os
from collections.abc import Mapping
from typing import NamedTuple

import pyoxigraph

from ..errors import IntakeError, OutputError, UnknownNameError
from ..project.language import LANGUAGES
from ..project.messages import grades
from ..project.root import resolve_root
from ..query.catalogue import read_query
from ..query.engine import store_of
from ..rdf.descriptions import Descriptions
from ..rdf.formats import FORMATS, RDF, format_of_name
from ..rdf.namespaces import BASE, prefixes, shorten, slug
from ..rdf.write import turtle
from ..sandbox import run
from .limits import Limits
from .read import read, read_in_sandbox
from .record import Location, Note, Record, languages_of, name_of_term
from .source import Source, name_of
from .workbook.csv import csv_files, zipped
from .workbook.model import load
from .workbook.tables import lay_out
from .workbook.write import fill, with_addresses

_PATIENCE = 6  # converting may take so many times as long as reading
_NAMED = 3
_AMPLE = Limits(*[1_000_000_000] * len(Limits._fields))  # what was read within the limits is read again without them
Content = bytes | dict[str, bytes]


class Converted(NamedTuple):
    """What a conversion gives: content (by name for a folder), notes on the input, counts, and the language to use.

    ``named`` is how many parts of elements stood in brackets and have an address now, as a row must have one.
    """

    content: Content
    notes: list[Note]
    statements: int
    others: int
    named: int
    language: str


def form_of(name: str) -> str:
    """Return the format that an output's name says, ``folder`` for ``name/``; raises OutputError where it says none."""
    if name.endswith(("/", "\\")):
        return "folder"
    form = format_of_name(name)
    if form and (form.rdf or name.lower().endswith(form.endings[0])):
        return form.name
    endings = ", ".join(each.endings[0] for each in FORMATS.values() if each.rdf)
    fix = f"Use .xlsx, .zip or a folder/ for CSV sheets, or for RDF {endings}."
    raise OutputError(f"{name}: its ending says no format that can be written. {fix}")


def convert(
    source: Source,
    form: str,
    *,
    name: str | None = None,
    language: str | None = None,
    limits: Mapping[str, str | float] | None = None,
    root: str | None = None,
    upgrade: bool = False,
) -> Converted:
    """Read ``source`` and write it in ``form``; headings and codes of sheets are in ``language``.

    With ``upgrade``, a record of version 0.1 is written in the terms of this version. Raises IntakeError for what
    cannot be read, OutputError for what cannot be written, UnknownNameError for a form.
    """
    if form not in (known := (*FORMATS, "folder")):
        raise UnknownNameError("format", form, known, see=f"The formats are: {', '.join(known)}.")
    bounds, told = Limits.of(limits or {}), name or name_of(source)
    arguments = (source, form, name, language, bounds, resolve_root(root), upgrade)
    return run(_converted, *arguments, seconds=_PATIENCE * bounds.seconds, memory=bounds.memory, source=told)


def read_to_join(source: Source | Record, root: str) -> Record:
    """Return a record, read in a sandbox where it is a source; raises IntakeError also where it states nothing.

    One of version 0.1 is carried over, which is noted: no query knows its terms.
    """
    if isinstance(source, Record):
        return source
    record = read_in_sandbox(source, root)
    if not record.triples:
        problem = "nothing is stated here, so there is nothing to join."
        raise IntakeError(record.source, problem, mend="Name another file.")
    if old := _former_terms(record.triples, root):
        record.triples[:] = carried_over(record.triples, root)
        record.notes.append(Note("former-terms", {"terms": ", ".join(old[:_NAMED])}, Location(record.source)))
    _leave_countries(record, root)
    return record


def _leave_countries(record: Record, root: str) -> None:
    """Let a document of a part of a country count for that part, a report by an international body for none; note it.

    So the cells of a country show what its own documents say.
    """
    made = _described(record.triples, "own-jurisdictions", root)
    moved = {triple.subject: triple for triple in made if slug(triple.predicate.value) in {"jurisdiction", "reportsOn"}}
    kept = []
    for triple in record.triples:
        subject, link, country = triple
        if subject not in moved or slug(link.value) != "jurisdiction":
            kept.append(triple)
            continue
        values = {"text": name_of_term(subject).removeprefix(f"{BASE}id/"), "key": slug(name_of_term(country)).upper()}
        own = slug(name_of_term(moved[subject].object)).upper()
        key = "of-others" if own == values["key"] else "of-a-part"
        record.notes.append(Note(key, {**values, "value": own}, record.place(*triple)))
    record.triples[:] = [*kept, *made] if moved else record.triples


def _former_terms(triples: list[pyoxigraph.Triple], root: str) -> list[str]:
    """Return the terms of version 0.1 that are used and that no later version has, by prefix and in order."""
    known = grades(root)
    former = {*known["renamed"], *known["links"]["turned"], *known["links"]["apart"]}
    used = {value for each in triples for value in (each.predicate.value, getattr(each.object, "value", ""))}
    return sorted(shorten(term, prefixes(root)) for term in used & former)


def carried_over(triples: list[pyoxigraph.Triple], root: str) -> list[pyoxigraph.Triple]:
    """Return a record of version 0.1 in the terms of this version; what is in them already stays as it is."""
    shared = grades(root)
    now = {pyoxigraph.NamedNode(old): pyoxigraph.NamedNode(new) for old, new in shared["renamed"].items()}
    turned, apart = ({*shared["links"][role]} for role in ("turned", "apart"))
    made = []
    for subject, link, value in triples:
        if link.value in apart or (isinstance(value, pyoxigraph.NamedNode) and value.value in apart):
            continue
        ends = (value, subject) if link.value in turned else (subject, now.get(value, value))
        made.append(pyoxigraph.Triple(ends[0], now.get(link, link), ends[1]))
    return list(dict.fromkeys([*made, *_described(triples, "carried-over", root)]))


def _described(triples: list[pyoxigraph.Triple], name: str, root: str) -> list[pyoxigraph.Triple]:
    """Return the graph that ``queries/describe/<name>.rq`` makes of a record."""
    query = read_query(os.path.join(root, "queries", "describe", f"{name}.rq"), "describe")
    return list(store_of(triples).query(query.text))  # type: ignore[arg-type]  # it makes a graph


def _converted(
    source: Source, form: str, name: str | None, language: str | None, limits: Limits, root: str, upgrade: bool
) -> Converted:
    record = read(source, name=name, limits=limits, root=root)
    if upgrade:
        record = Record(record.source, record.format, carried_over(record.triples, root), record.notes)
    language = language or next((tag for tag in languages_of(record.triples)[:1] if tag in LANGUAGES), "en")
    in_sheets = form in {"xlsx", "csv", "folder"}
    triples = with_addresses(record.triples, load(root)) if in_sheets else record.triples
    content, others = _sheets(triples, form, language, root) if in_sheets else (_rdf(record, form, root), 0)
    written = zipped(content) if isinstance(content, dict) else content
    again = read(written, name=record.source, limits=_AMPLE, root=root)
    if not same(triples, again.triples):
        raise OutputError(
            f"{record.source}: what was written does not say the same as what was read, so nothing was written. "
            "This is a mistake of napgraph; N-Triples (.nt) takes everything."
        )
    named = len({triple.subject for triple in triples} - {triple.subject for triple in record.triples})
    return Converted(content, record.notes, len(triples), others, named, language)


def _sheets(triples: list[pyoxigraph.Triple], form: str, language: str, root: str) -> tuple[Content, int]:
    model = load(root)
    filled = fill(triples, model, language)
    if form == "xlsx":
        from .workbook.template import workbook

        return workbook(model, filled, language, examples=False), len(filled.statements)
    files = csv_files(lay_out(model, filled, language, examples=False))
    return files if form == "folder" else zipped(files), len(filled.statements)


def _rdf(record: Record, form: str, root: str) -> bytes:
    table, described = prefixes(root), Descriptions(record.triples)
    try:
        if form == "turtle" and not described.tangled:
            subjects = [subject.value for subject in described.subjects if subject.value.startswith(f"{BASE}id/")]
            codes = {subject.removeprefix(f"{BASE}id/").partition("/")[0] for subject in subjects}
            return turtle(described.subjects, described, table, f"{BASE}id/{codes.pop()}/" if len(codes) == 1 else None)
        made = pyoxigraph.serialize(record.triples, format=RDF[form], prefixes=table if form != "rdf-xml" else None)
    except (ValueError, OSError) as error:
        raise OutputError(f"{record.source}: this record cannot be written so ({error}).") from error
    return made or b""


def same(first: list[pyoxigraph.Triple], second: list[pyoxigraph.Triple]) -> bool:
    """Whether two sets of triples are the same but for the labels of blank nodes."""
    one, other = Descriptions(first), Descriptions(second)
    if not one.tangled and not other.tangled:
        return one.all_told() == other.all_told()
    datasets = [pyoxigraph.Dataset(pyoxigraph.Quad(*triple) for triple in triples) for triples in (first, second)]
    for dataset in datasets:
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return datasets[0] == datasets[1]
