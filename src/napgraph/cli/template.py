"""``napgraph template``: a workbook to fill in."""

from __future__ import annotations

import click

from ..errors import OutputError
from ..project.language import say as said
from .options import lang_option, say, written

__all__ = ["command"]


@click.command("template")
@click.option("-o", "--output", metavar="FILE", required=True, help="Write the workbook here (.xlsx, or .zip for CSV).")
@click.option("--country", "-c", metavar="NAME", help="The jurisdiction that the plan is of, by its code or name.")
@lang_option(None, "The language of headings, lists and help (default: en, or that of --from).")
@click.option("--from", "plan", metavar="FILE", help="Fill it with this record, such as that of the last plan.")
@click.pass_context
def command(context: click.Context, output: str, country: str | None, lang: str | None, plan: str | None) -> int:
    """Write a workbook to record a strategy or plan in, with lists to choose from and help at each heading.

    \b
    napgraph template -o plan.xlsx --country KEN --lang fr
    napgraph template -o plan.xlsx --from last-plan.ttl
    """
    from ..project.root import resolve_root
    from ..query.jurisdictions import jurisdiction
    from ..rdf.namespaces import invented
    from ..records.convert import form_of

    root, form = resolve_root(context.obj), form_of(output)
    if form not in {"xlsx", "csv", "folder"}:
        raise OutputError(f"{output}: a template is a workbook (.xlsx) or CSV sheets (.zip or a folder/).")
    if plan is not None:
        from .convert import carry_over

        return carry_over(plan, output, lang, (), root)
    from ..records.workbook.model import load
    from ..records.workbook.template import empty

    model, shown = load(root), lang or "en"
    code = (country or "").strip()
    if code and not invented(code):
        code = jurisdiction(code, model.jurisdiction_names)
    code = code.lower()
    filled = empty(model, shown, code)
    if form == "xlsx":
        from ..records.workbook.template import workbook

        written(output, workbook(model, filled, shown, examples=True))
    else:
        from ..records.workbook.csvs import csv_files, zipped
        from ..records.workbook.tables import lay_out

        files = csv_files(lay_out(model, filled, shown, examples=True))
        written(output, files if form == "folder" else zipped(files))
    say(said(shown, "Wrote {output}. Fill it in, then run: napgraph check {output}", output=output))
    return 0
