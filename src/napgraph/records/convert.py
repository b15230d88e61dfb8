"""Between workbooks, CSV sheets and the formats of RDF, with nothing lost: what was written is read again."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import pyoxigraph

from ..errors import OutputError, UnknownNameError
from ..project.language import LANGUAGES
from ..project.root import resolve_root
from ..rdf.descriptions import Descriptions
from ..rdf.formats import FORMATS, RDF, format_of_name
from ..rdf.namespaces import BASE, prefixes
from ..rdf.write import turtle
from ..sandbox import run
from .limits import Limits
from .read import read
from .record import Note, Record
from .source import Source, name_of
from .workbook.csv import csv_files, zipped
from .workbook.model import load
from .workbook.tables import lay_out
from .workbook.write import fill

_PATIENCE = 6  # converting may take so many times as long as reading
_AMPLE = Limits(*[1_000_000_000] * len(Limits._fields))  # what was read within the limits is read again without them
Content = bytes | dict[str, bytes]


class Converted(NamedTuple):
    """What a conversion gives: content (by name for a folder), notes on the input, counts, and the language to use."""

    content: Content
    notes: list[Note]
    statements: int
    others: int
    language: str


def form_of(name: str) -> str:
    """Return the format that an output's name says, ``folder`` for ``name/``; raises OutputError where it says none."""
    if name.endswith(("/", "\\")):
        return "folder"
    form = format_of_name(name)
    if form and (form.rdf or name.lower().endswith(form.endings[0])):
        return form.name
    raise OutputError(
        f"{name}: its ending says no format that can be written. "
        "Use .xlsx, .zip or a folder/ for CSV sheets, "
        f"or for RDF {', '.join(each.endings[0] for each in FORMATS.values() if each.rdf)}."
    )


def convert(
    source: Source,
    form: str,
    *,
    name: str | None = None,
    language: str | None = None,
    limits: Mapping[str, str | float] | None = None,
    root: str | None = None,
) -> Converted:
    """Read ``source`` and write it in ``form``; headings and codes of sheets are in ``language``.

    Raises IntakeError for what cannot be read, OutputError for what cannot be written, UnknownNameError for a form.
    """
    if form not in (known := (*FORMATS, "folder")):
        raise UnknownNameError("format", form, known, see=f"The formats are: {', '.join(known)}.")
    bounds, told = Limits.of(limits or {}), name or name_of(source)
    arguments = (source, form, name, language, bounds, resolve_root(root))
    return run(_converted, *arguments, seconds=_PATIENCE * bounds.seconds, memory=bounds.memory, source=told)


def _converted(
    source: Source, form: str, name: str | None, language: str | None, limits: Limits, root: str
) -> Converted:
    record = read(source, name=name, limits=limits, root=root)
    language = language or _main_language(record)
    in_sheets = form in {"xlsx", "csv", "folder"}
    content, others = _sheets(record, form, language, root) if in_sheets else (_rdf(record, form, root), 0)
    written = zipped(content) if isinstance(content, dict) else content
    again = read(written, name=record.source, limits=_AMPLE, root=root)
    if not same(record.triples, again.triples):
        raise OutputError(
            f"{record.source}: what was written does not say the same as what was read, so nothing was written. "
            "This is a mistake of napgraph; N-Triples (.nt) takes everything."
        )
    return Converted(content, record.notes, len(record.triples), others, language)


def _main_language(record: Record) -> str:
    """Return the language of most texts of a record if sentences can be printed in it, else English."""
    found = (triple.object for triple in record.triples if isinstance(triple.object, pyoxigraph.Literal))
    most = Counter(value.language for value in found if value.language).most_common(1)
    return most[0][0] if most and most[0][0] in LANGUAGES else "en"


def _sheets(record: Record, form: str, language: str, root: str) -> tuple[Content, int]:
    model = load(root)
    filled = fill(record.triples, model, language)
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
