"""What several commands share: their options, the graph that they ask, and where their output goes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ..errors import NapgraphError, OutputError, ParameterError
from ..files import output_errors, write_whole
from ..project.language import LANGUAGES
from ..project.root import resolve_root
from ..rdf.namespaces import slug
from ..tables.table import BINARY, ENDINGS, FORMS, Table, written
from ..text import visible
from .screens import grid

if TYPE_CHECKING:
    from ..knowledge_graph import KnowledgeGraph
    from ..records.record import Note

_GRAPH = "napgraph.graph"
NEARNESS = ("exact", "close", "broad")
SECONDS = click.FloatRange(min=0, min_open=True)


def command(*params: click.Parameter) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of a function of the context and the values of ``params``; its docstring is the help."""

    def made(function: Callable[..., Any]) -> click.Command:
        run = click.pass_context(function)
        return click.Command(function.__name__, help=function.__doc__, params=[*params], callback=run)

    return made


def option(names: str, metavar: str | None, text: str, default: object = None, **more: Any) -> click.Option:
    """Return an option with a value; ``names`` are those of the option, and of the parameter where it differs."""
    given: dict[str, Any] = {} if default is None else {"default": default, "show_default": True}
    return click.Option(names.split(), metavar=metavar, help=text, **given, **more)


def flag(names: str, text: str) -> click.Option:
    """Return an option without a value; ``names`` as in :func:`option`."""
    return click.Option(names.split(), is_flag=True, help=text)


def choice(names: str, choices: Sequence[str], text: str, default: str | None = None, **more: Any) -> click.Option:
    """Return an option with a fixed set of values; ``names`` as in :func:`option`."""
    return option(names, None, text, default, type=click.Choice(choices), **more)


def lang_option(text: str, default: str | None = "en", **more: Any) -> click.Option:
    """Return ``--lang``, which the variable NAPGRAPH_LANG sets too."""
    return choice("--lang", LANGUAGES, text, default, envvar="NAPGRAPH_LANG", **more)


def limit_option(example: str = "bytes=50MB") -> click.Option:
    """Return ``--limit``, which may be repeated: a dictionary."""
    text = f"Allow more or less, such as {example}."
    return option("--limit limits", "NAME=VALUE", text, multiple=True, callback=_limits)


def _limits(_context: click.Context, _option: click.Parameter, texts: Iterable[str]) -> dict[str, str]:
    made = {}
    for text in texts:
        made[text.partition("=")[0]] = value = text.partition("=")[2]
        if not value:
            raise ParameterError(f"--limit needs NAME=VALUE, such as bytes=50MB, not {text!r}.")
    return made


def completed(kind: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """Return what completes a word in the shell: axes, codes of jurisdictions that have documents, or saved queries."""

    def found(context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
        from ..compare.matrix import axes
        from ..knowledge_graph import KnowledgeGraph

        try:
            kg = KnowledgeGraph.load(context.find_root().params.get("root"))
            if kind == "country":
                recorded = {slug(str(row["country"])).upper() for row in kg.query("levels-and-statuses", tier="all")}
                known = {code: kg.names[code] for code in sorted(recorded)}
            else:
                some = axes(kg) if kind == "axis" else kg.queries.names()
                known = {name: kg.queries.get(name).header["summary"] for name in some}
        except NapgraphError:  # the command itself will say what is wrong
            return []
        wanted = begun.casefold()
        return [
            CompletionItem(word, help=told)
            for word, told in known.items()
            if word.casefold().startswith(wanted) or (wanted and told.casefold().startswith(wanted))
        ]

    return found


output_option = option("-o --output", "FILE", "Write here instead of the screen.")
_how = "How to write the answer (default: table, or by the ending of -o)."
format_option = choice("--format form", ["table", *FORMS], _how)
text_or_json = choice("--format form", ["text", "json"], "How to write it.", "text")
_only = "Only this jurisdiction, by its code or name (NOR, Norway); may be repeated."
country_option = option(
    "--country --region -c country", "NAME", _only, multiple=True, shell_complete=completed("country")
)
_near = "How near a plan's wording must be to a concept; broad also counts it for the wider concepts above."
near_match_option = choice("--match", NEARNESS, _near, "broad")
_when = "Only documents in force on this day, in this year or in these (2006-2009), or possibly so."
filter_options = [
    option("--level", "CODE", "Only documents on this level: strategic or operational."),
    option("--status", "CODE", "Only documents of this status, such as adopted."),
    option("--in-force", "WHEN", _when),
]
_source = "Only what this source says, by its key, or sources of this kind, such as own-text; may be repeated."
_extent = "Only sources that show at least so much of a document: bare-mention, summary-paragraph, excerpt, full-text."
source_options = [
    option("--source", "KEY", _source, multiple=True),
    option("--extent --depth extent", "CODE", _extent),
]
_tier = "Only jurisdictions of this tier: national (where no country is named), state, local, regional, or all."
_statements = "One row per statement behind the answer: document, wording and paragraph."
evidence_option = flag("--evidence", _statements)
lens_options = [*source_options, option("--tier", "CODE", _tier)]


def _keep(context: click.Context, option: click.Parameter, value: object) -> None:
    context.meta.setdefault(_GRAPH, {})[option.name] = value


_kept: dict[str, Any] = {"expose_value": False, "callback": _keep}
graph_options = [
    option("--store", "DIR", "Ask the graph that 'napgraph build' made in this folder, not the files here.", **_kept),
    option("--data", "FILE", "Join your own file to the graph, for this run; may be repeated.", multiple=True, **_kept),
    option("--endpoint", "URL", "Ask this SPARQL endpoint, not the files here.", **_kept),
    option("--timeout", "SECONDS", "How long an endpoint may take to answer (default: 60).", type=SECONDS, **_kept),
    lang_option("The language of sentences and names of concepts.", **_kept),
]
"""Which graph :func:`load` gives."""


def load(context: click.Context, countries: Sequence[str] = ()) -> KnowledgeGraph:
    """Load the graph that the user named: by ``--root``, or the one napgraph ships; and by ``graph_options``.

    Tells which of ``countries`` have no document, and ends the command where none of them has one.
    """
    from ..knowledge_graph import KnowledgeGraph

    given = {name: value for name, value in context.meta[_GRAPH].items() if value not in {None, ()}}
    if "timeout" in given and "endpoint" not in given:
        raise ParameterError("--timeout is for an endpoint: name one with --endpoint.")
    if "data" in given and "endpoint" not in given:
        from ..records.convert import read_to_join

        say_missing_limits()
        root = resolve_root(context.obj)
        given["data"] = [read_to_join(each, root) for each in given["data"]]
        for record in given["data"]:
            say_notes(record.notes, given["lang"], root)
    kg = KnowledgeGraph.load(context.obj, **given)
    if countries and say_without_document(kg, countries):
        context.exit(2)
    return kg


def say_without_document(kg: KnowledgeGraph, countries: Sequence[str]) -> bool:
    """Tell which of ``countries`` have no document, and return whether that is all of them."""
    meant = [[slug(each.value).upper() for each in kg.meant("jurisdiction", country)] for country in countries]
    every = [code for codes in meant for code in codes]
    found = {slug(str(row["country"])).upper() for row in kg.query("levels-and-statuses", country=every)}
    # Of a region nobody asked for each country.
    asked = dict.fromkeys(codes[0] for codes in meant if len(codes) == 1 or not found)
    without = [f"{code} {name}" for code, name in kg.names_of(asked.keys() - found).items()]
    if without:
        say(f"napgraph: {kg.say('no document of {named} is recorded', named=', '.join(sorted(without)))}.")
    return not found


def say_missing_limits() -> None:
    """Say which limits this system cannot set, where there are such."""
    from ..sandbox import missing_limits

    if sentence := missing_limits():
        say(f"napgraph: {sentence}")


def say(text: str) -> None:
    """Print ``text`` on standard error, control characters as signs."""
    click.echo(visible(text), err=True)


def say_notes(notes: Sequence[Note], lang: str, root: str) -> bool:
    """Print each note of a reader on standard error; return whether something could not be read."""
    from ..project.messages import Catalogue, grades

    catalogue = Catalogue.load(root, lang) if notes else None
    for note in notes:
        words = catalogue.note(note.key) if catalogue else None
        if words is not None:
            say(f"{note.place.text}: " + f"{words['message']} {words['fix']}".format_map(note.values))
    return bool(notes) and any(grades(root)["severity"].get(note.key) == "Violation" for note in notes)


def form_of(form: str | None, output: str | None) -> str:
    """Return the format that was asked for, or the one that the ending of the output file's name means.

    Raises OutputError for an ending that means none, so that no file holds something else than its name says.
    """
    ending = os.path.splitext(output or "")[1].lower()
    if not form and ending not in {*ENDINGS, "", ".txt"}:
        known = ", ".join(ENDINGS)
        raise OutputError(f"{output}: {ending} means no format of a table. Use {known}, or name it with --format.")
    return form or ENDINGS.get(ending, "table")


def deliver(table: Table, form: str, output: str | None) -> None:
    """Print the table in ``form``, or write it to ``output``; raises OutputError, for bytes also without a file."""
    if form == "table":
        emit(grid(table.rows, table.names), output)
    elif output is not None and output != "-":
        table.save(output, form)
    elif form in BINARY:
        what = "A workbook" if form == "xlsx" else f"A file of the format {form}"
        raise OutputError(f"{what} cannot be printed on the screen. Name a file with -o.")
    else:
        emit(written(table, form).decode(), None, exact=True)


def emit(text: str, output: str | None = None, *, exact: bool = False) -> None:
    """Print ``text``, or write it to the file ``output``; raises OutputError where that cannot be.

    Control characters are shown as signs; what programs read is ``exact``, unless it goes to a terminal.
    """
    on_screen = output in {None, "-"}
    if not exact or (on_screen and sys.stdout is not None and sys.stdout.isatty()):
        text = visible(text)
    text = text if text.endswith("\n") else text + "\n"
    if not on_screen:
        save(str(output), text.encode())
        return
    if sys.stdout is None:
        raise OutputError("There is no standard output to write to: name a file with -o.")
    if hasattr(sys.stdout, "reconfigure") and (sys.stdout.encoding or "").lower() not in {"utf-8", "utf8"}:
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stdout = None  # what is still in its buffer cannot be written either
        raise OutputError(f"The answer could not be written ({error.strerror}).") from error


def emit_json(content: object, output: str | None = None) -> None:
    """Print ``content`` as JSON, or write it to the file ``output``."""
    emit(json.dumps(content, ensure_ascii=False, indent=1), output, exact=True)


def save(output: str, content: bytes | dict[str, bytes]) -> None:
    """Write ``content`` to a file, or a folder's files, each whole or not at all; raises OutputError."""
    with output_errors(output):
        if isinstance(content, dict):
            os.makedirs(output, exist_ok=True)
            for name, part in content.items():
                write_whole(os.path.join(output, name), part)
        else:
            write_whole(output, content)


def keep_apart(output: str | None, sources: Iterable[str]) -> None:
    """Refuse to write over a file that is read: a sender may have no other copy of it."""
    there = output is not None and (os.path.isfile(output) or os.path.isdir(output))
    for source in sources:
        if there and os.path.exists(source) and os.path.samefile(source, str(output)):
            raise OutputError(f"{output}: this is the file that is read, so nothing was written. Give another name.")
