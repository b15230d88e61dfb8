"""``napgraph check``: what is wrong or missing in a file, and how to fix it."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext, suppress
from functools import partial
from typing import Any

import click

from ..errors import IntakeError, OutputError
from ..files import output_errors, writing_whole
from ..project.root import resolve_root
from ..records.limits import Limits
from ..records.source import files_of
from ..sandbox import run
from ..validation.report import Report
from ..validation.reports import FORMATS, form_of, own_workbook, render
from ..validation.validator import Checker
from . import options
from .screens import width


@options.command(
    click.Argument(["files"], nargs=-1, metavar="[FILE]..."),
    options.option("--profile", "NAME", "Judge by this profile (thin, summary, full-submission), not by the declared."),
    options.lang_option("The language of the sentences."),
    options.choice(
        "--format form",
        list(FORMATS),
        f"How to write it (default: text, or by the ending of -o: {' '.join(each[0] for each in FORMATS.values())}).",
    ),
    options.output_option,
    options.option("--jobs", None, "How many files at a time (default: one per core).", type=click.IntRange(1, 64)),
    options.option("--engine", "NAME", "Who judges: compiled or pyshacl.", "compiled"),
    options.limit_option(),
)
def check(context: click.Context, files: tuple[str, ...], form: str | None, output: str | None, **chosen: Any) -> int:
    """Check each FILE, or the bundled data if none is named; - is standard input.

    Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML, a workbook (.xlsx), a zip or a folder of CSV sheets, or a
    folder of such files. Reports in text and jsonl are written one by one as they come. In csv and xlsx, no cell is a
    formula: a csv cell that starts with = + - or @ has a ' before it.

    Exit status 0: all conform; 1: something needs mending; 2: a file could not be read.

    \b
    napgraph check my-plan.ttl
    napgraph check my-plan.xlsx -o my-plan.report.html
    napgraph check my-plan.ttl --profile full-submission --lang fr
    napgraph check submissions/ -o findings.jsonl
    """
    root, form = resolve_root(context.obj), form_of(form, output)
    options.say_missing_limits()
    if form == "xlsx" and output is None:
        raise OutputError("A workbook cannot be printed on the screen. Name a file with -o.")
    sources = files_of(*files)
    options.keep_apart(output, [str(source) for source in sources])
    chosen["jobs"] = chosen["jobs"] or min(os.cpu_count() or 1, 64)
    checker = Checker(root, chosen["profile"], chosen["engine"], chosen["lang"], Limits.of(chosen["limits"]))
    reports = checker.each(sources, chosen["jobs"])
    one_by_one = form == "jsonl" or (form == "text" and output is None)
    # reports that come one by one onto the same terminal show how far the check is themselves
    told = len(sources) == 1 or not sys.stderr.isatty() or (one_by_one and output is None and sys.stdout.isatty())
    with click.progressbar(reports, len(sources), "Checking", show_pos=True, file=sys.stderr, hidden=told) as shown:
        if one_by_one:
            return max(_write_one_by_one(shown, form, output, root), default=0)
        return max(_write_together(list(shown), form, output, root, chosen["limits"]), default=0)


def _status(report: Report) -> int:
    """Return the exit status of one report; say its error."""
    if report.error:
        options.say(f"napgraph: {report.error}")
    return 2 if report.error else 0 if report.conforms else 1


def _write_together(
    reports: list[Report], form: str, output: str | None, root: str, limits: dict[str, str]
) -> list[int]:
    """Write the reports when all are there; return the exit status of each. Workbooks are annotated in the sandbox."""
    content = b""
    if form == "xlsx":
        allowed, annotated = Limits.of(limits), partial(render, reports, "xlsx", root, original=own_workbook)
        with suppress(IntakeError):
            seconds, source = max(allowed.seconds, 30), reports[0].source
            content = run(annotated, seconds=seconds, memory=allowed.memory, source=source)
    content = content or render(reports, form, root, width=width())
    if output is None:
        options.emit(content.decode(), exact=form != "text")
    else:
        options.save(output, content)
    return [_status(report) for report in reports]


def _write_one_by_one(reports: Iterable[Report], form: str, output: str | None, root: str) -> Iterator[int]:
    """Write each report as it comes; yield its exit status."""
    gap = ""
    to_file = output is not None and output_errors(output)
    with to_file or nullcontext(), writing_whole(output) if output is not None else nullcontext() as file:
        for report in reports:
            status = _status(report)
            if not report.error or form == "jsonl":
                content = render([report], form, root, width=width())
                if file is None:
                    options.emit(gap + content.decode())
                else:
                    file.write(content)
                gap = "\n\n" if form == "text" else ""
            yield status
