"""``napgraph check``: what is wrong or missing in a file, and how to mend it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ..errors import OutputError
from .options import emit, keep_apart, lang_option, limits_of, output_option, say, say_missing_limits, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..validation.report import Report

__all__ = ["command"]

_FORMATS = ("text", "html", "json", "jsonl", "csv", "xlsx", "sarif", "junit", "turtle")
_STREAMED = ("text", "jsonl")


@click.command("check")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--profile",
    metavar="NAME",
    help="Judge by this profile (thin, summary, full-submission) instead of the declared one.",
)
@lang_option(told="The language of the sentences.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="How to write it (default: text, or by the ending of -o: .html .json .jsonl .csv .xlsx .sarif .xml .ttl).",
)
@output_option
@click.option("--jobs", type=click.IntRange(1, 64), help="How many files at a time (default: one for each processor).")
@click.option(
    "--engine", metavar="NAME", default="compiled", show_default=True, help="Who judges: compiled or pyshacl."
)
@click.option("--limit", "limits", multiple=True, metavar="NAME=VALUE", help="Allow more or less, such as bytes=50MB.")
@click.pass_context
def command(
    context: click.Context,
    files: tuple[str, ...],
    profile: str | None,
    lang: str,
    form: str | None,
    output: str | None,
    jobs: int | None,
    engine: str,
    limits: tuple[str, ...],
) -> int:
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
    import os

    from ..project.root import resolve_root
    from ..records.source import files_of
    from ..validation import check_each
    from ..validation.reports.formats import form_of

    root, named = resolve_root(context.obj), form_of(form, output)
    say_missing_limits()
    if named == "xlsx" and output is None:
        raise OutputError("A workbook cannot be printed on the screen. Name a file with -o.")
    sources = files_of(*files)
    keep_apart(output, [str(source) for source in sources])
    at_once = jobs or min(os.cpu_count() or 1, 64)
    reports = check_each(
        *sources, profile=profile, lang=lang, engine=engine, jobs=at_once, limits=limits_of(limits), root=root
    )
    streamed = named in _STREAMED and output is None
    told = _told(_watched(reports, len(sources), streamed=streamed), named, output, root, limits_of(limits))
    return max(map(_status, told), default=0)


def _told(
    reports: Iterator[Report], form: str, output: str | None, root: str, limits: Mapping[str, str]
) -> Iterator[Report]:
    """Write the reports, text and lines one by one as they come, and pass them on."""
    from ..validation.reports import render

    if form == "jsonl" or (form == "text" and output is None):
        yield from _streamed(reports, form, output, root)
        return
    every = list(reports)
    content = _own(every, root, limits) if form == "xlsx" else render(every, form, root, width=width())
    if output is None:
        emit(content.decode(), None, exact=form != "text")
    else:
        _write(content, output)
    for report in every:
        if report.error:
            say(f"napgraph: {report.error}")
    yield from every


def _streamed(reports: Iterator[Report], form: str, output: str | None, root: str) -> Iterator[Report]:
    from contextlib import nullcontext

    from ..files import writing_whole
    from ..validation.reports import render

    gap = ""
    try:
        with nullcontext() if output is None else writing_whole(output) as file:
            for report in reports:
                if report.error:
                    say(f"napgraph: {report.error}")
                if not report.error or form == "jsonl":
                    content = render([report], form, root, width=width())
                    if file is None:
                        emit(gap + content.decode(), None)
                    else:
                        file.write(content)
                    gap = "\n\n" if form == "text" else ""
                yield report
    except OSError as error:
        if output is None:
            raise
        raise _unwritten(output, error) from error


def _own(reports: list[Report], root: str, limits: Mapping[str, str]) -> bytes:
    """Return the sender's workbook with its findings, made in a child as all else that a stranger's file needs.

    What cannot be made so in time is a sheet of findings alone.
    """
    from functools import partial

    from ..errors import IntakeError
    from ..records.limits import Limits
    from ..sandbox import run
    from ..validation.reports import render

    allowed = Limits.of(limits)
    whole = partial(render, reports, "xlsx", root, original=_original)
    try:
        return run(whole, seconds=max(allowed.seconds, 30), memory=allowed.memory, source=reports[0].source)
    except IntakeError:
        return render(reports, "xlsx", root)


def _write(content: bytes, output: str) -> None:
    from ..files import write_whole

    try:
        write_whole(output, content)
    except OSError as error:
        raise _unwritten(output, error) from error


def _unwritten(output: str, error: OSError) -> OutputError:
    return OutputError(f"{output}: nothing was written here ({error.strerror}).")


def _status(report: Report) -> int:
    return 2 if report.error else 0 if report.conforms else 1


def _watched(reports: Iterator[Report], count: int, *, streamed: bool) -> Iterator[Report]:
    """Show how far the check is, on standard error, where that is a terminal and there are several files.

    Reports that come one by one onto the same terminal show it themselves.
    """
    if count < 2 or not sys.stderr.isatty() or (streamed and sys.stdout.isatty()):  # noqa: PLR2004
        return reports
    return _with_bar(reports, count)


def _with_bar(reports: Iterable[Report], count: int) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = Console(stderr=True)
    with Progress(*columns, console=shown, transient=True, redirect_stdout=False, redirect_stderr=False) as progress:
        task = progress.add_task("Checking", total=count)
        for report in reports:
            progress.advance(task)
            yield report


def _original(report: Report) -> bytes | None:
    """Return the workbook that a report is about, if it is one that lies in a file."""
    if report.format != "xlsx":
        return None
    try:
        with open(report.source, "rb") as file:
            return file.read()
    except OSError:
        return None
