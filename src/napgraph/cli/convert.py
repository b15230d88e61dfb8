"""``napgraph convert`` and ``template``: records in another format, and a workbook to fill in."""

import os

import click

from ..errors import OutputError
from ..project.language import say as say_in
from ..project.root import resolve_root
from ..query.jurisdictions import jurisdiction
from ..rdf.namespaces import invented
from ..records.convert import convert as convert_record
from ..records.convert import form_of
from ..records.workbook import csv, model, tables
from ..records.workbook import template as sheets
from .options import (
    command,
    flag,
    keep_apart,
    lang_option,
    limit_option,
    option,
    save,
    say,
    say_missing_limits,
    say_notes,
)


@command(
    click.Argument(["source"], metavar="IN"),
    click.Argument(["output"], metavar="OUT"),
    lang_option("The language of headings, codes and messages (default: that of the record, else en).", None),
    flag("--upgrade", "Write a record of version 0.1 in the terms of this version."),
    limit_option(),
)
def convert(
    context: click.Context, source: str, output: str, lang: str | None, limits: dict[str, str], *, upgrade: bool
) -> int:
    """Write the record in IN as OUT; the ending of OUT says how.

    .xlsx is a workbook, .zip or a folder/ CSV sheets; .ttl, .trig, .nt, .nq, .jsonld and .rdf are formats of RDF.
    Sheets that are there already are not written over. Nothing is lost: what no sheet can hold goes to the sheet of
    other statements, and what was written is read again and compared. A target, charge or budget in brackets gets
    an address of its own, as it becomes a row.

    Exit status 0: all is in OUT; 1: something in IN could not be read, and each place is named; 2: nothing was written.

    \b
    napgraph convert plan.xlsx plan.ttl
    napgraph convert plan.ttl plan.xlsx --lang fr
    napgraph convert plan-of-0.1.ttl plan.ttl --upgrade
    """
    return _converted(source, output, lang, limits, resolve_root(context.obj), upgrade=upgrade)


def _converted(
    source: str, output: str, lang: str | None, limits: dict[str, str], root: str, *, upgrade: bool = False
) -> int:
    """Convert and write, and say what was; return the exit status."""
    keep_apart(output, [source])
    _keep_filled(output)
    say_missing_limits()
    made = convert_record(source, form_of(output), language=lang, limits=limits, root=root, upgrade=upgrade)
    save(output, made.content)
    lost = say_notes(made.notes, made.language, root)
    told = [say_in(made.language, "Wrote {output}: statements: {count}.", output=output, count=made.statements)]
    if made.others:
        told.append(say_in(made.language, "On the sheet of other statements: {count}.", count=made.others))
    if made.named:
        told.append(say_in(made.language, "Parts in brackets that have an address now: {count}.", count=made.named))
    say(" ".join(told))
    return 1 if lost else 0


def _keep_filled(output: str) -> None:
    """Refuse to write over sheets that are there: somebody may have filled them in."""
    sheets = form_of(output) in {"xlsx", "csv", "folder"}
    if sheets and (os.path.isfile(output) or (os.path.isdir(output) and os.listdir(output))):
        raise OutputError(
            f"{output} is there already, and may have been filled in, so nothing was written. Give another name, or "
            "delete it first."
        )


@command(
    option("-o --output", "FILE", "Write the workbook here (.xlsx, or .zip for CSV).", required=True),
    option("--country -c", "NAME", "The jurisdiction that the plan is of, by its code or name."),
    lang_option("The language of headings, lists and help (default: en, or that of --from).", None),
    option("--from plan", "FILE", "Fill it with this record, such as that of the last plan."),
)
def template(context: click.Context, output: str, country: str | None, lang: str | None, plan: str | None) -> int:
    """Write a workbook to record a strategy or plan in, with lists to choose from and help at each heading.

    \b
    napgraph template -o plan.xlsx --country KEN --lang fr
    napgraph template -o plan.xlsx --from last-plan.ttl
    """
    root, form = resolve_root(context.obj), form_of(output)
    if form not in {"xlsx", "csv", "folder"}:
        raise OutputError(f"{output}: a template is a workbook (.xlsx) or CSV sheets (.zip or a folder/).")
    _keep_filled(output)
    if plan is not None:
        return _converted(plan, output, lang, {}, root)
    known, shown, code = model.load(root), lang or "en", (country or "").strip()
    if code and not invented(code):
        code = jurisdiction(code, known.jurisdiction_names)
    filled = sheets.empty(known, shown, code.lower())
    if form == "xlsx":
        save(output, sheets.workbook(known, filled, shown, examples=True))
    else:
        files = csv.csv_files(tables.lay_out(known, filled, shown, examples=True))
        save(output, files if form == "folder" else csv.zipped(files))
    say(say_in(shown, "Wrote {output}. Fill it in, then run: napgraph check {output}", output=output))
    return 0
