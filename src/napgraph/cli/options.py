"""What several commands share: options, loading, and where output goes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from ..errors import OutputError, ParameterError
from ..project.language import LANGUAGES
from ..tables.write import ENDINGS, FORMS
from ..text import visible
from . import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..knowledge_graph import KnowledgeGraph
    from ..tables.table import Table

__all__ = [
    "TABLE_FORMATS",
    "country_option",
    "deliver",
    "emit",
    "form_of",
    "format_option",
    "graph_options",
    "keep_apart",
    "lang_option",
    "limits_of",
    "load",
    "match_option",
    "output_option",
    "say",
    "say_missing_limits",
    "tell_without_document",
    "width",
    "wrapped",
    "written",
]

TABLE_FORMATS = ("table", *FORMS)
_TEXT = ("", ".txt")
_GRAPH = "napgraph.graph."
_F = TypeVar("_F", bound=Callable[..., object])


def output_option(command: _F) -> _F:
    """Add ``-o/--output FILE``."""
    return click.option("-o", "--output", metavar="FILE", help="Write here instead of the screen.")(command)


def country_option(command: _F) -> _F:
    """Add ``-c/--country NAME``, which may be repeated."""
    return click.option(
        "--country",
        "-c",
        "countries",
        multiple=True,
        metavar="NAME",
        help="Only this jurisdiction, by its code or name (NOR, Norway); may be repeated.",
    )(command)


def match_option(command: _F) -> _F:
    """Add ``--match``: exact, close or broad."""
    return click.option(
        "--match",
        type=click.Choice(["exact", "close", "broad"]),
        default="broad",
        show_default=True,
        help="How near a plan's wording must be to a concept; broad also counts it for the wider concepts above.",
    )(command)


def format_option(command: _F) -> _F:
    """Add ``--format`` with the formats of a table."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(TABLE_FORMATS),
        help="How to write the answer (default: table, or by the ending of -o).",
    )(command)


def form_of(form: str | None, output: str | None) -> str:
    """Return the format that was asked for, or the one that the output file's name means.

    Raises OutputError for an ending that means none, so that no file holds something else than its name says.
    """
    if form:
        return form
    from os.path import splitext

    ending = splitext(output or "")[1].lower()
    if ending not in ENDINGS and ending not in _TEXT:
        known = ", ".join(ENDINGS)
        raise OutputError(f"{output}: {ending} means no format of a table. Use {known}, or name it with --format.")
    return ENDINGS.get(ending, "table")


def deliver(table: Table, form: str | None, output: str | None, screen: Callable[[], str] | None = None) -> None:
    """Print the table in ``form`` (or as the ending of ``output`` says), or write it to ``output``.

    ``screen`` makes the text for the terminal, where a command has one of its own. Beside a CSV file goes its CSVW
    description. Raises OutputError where that cannot be, also for a form that is no text without a file.
    """
    form = form_of(form, output)
    if form == "table":
        from .screen import table as laid_out

        emit(screen() if screen else laid_out(table.rows, table.names, width()), output)
        return
    from ..tables import write

    on_screen = output is None or output == "-"
    if on_screen and form in write.BINARY:
        what = "A workbook" if form == "xlsx" else f"A file of the format {form}"
        raise OutputError(f"{what} cannot be printed on the screen. Name a file with -o.")
    if output is None or on_screen:
        emit(write.written(table, form).decode(), output, exact=True)
    else:
        write.save(table, output, form)


def lang_option(
    default: str | None = "en",
    told: str = "The language of sentences and names of concepts.",
    *,
    kept: bool = False,
) -> Callable[[_F], _F]:
    """Add ``--lang``, which the variable NAPGRAPH_LANG sets too; ``kept`` for :func:`load`, or a parameter."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default=default,
        show_default=default is not None,
        envvar="NAPGRAPH_LANG",
        help=told,
        expose_value=not kept,
        callback=_keep if kept else None,
    )


def _keep(context: click.Context, option: click.Parameter, value: object) -> None:
    context.meta[_GRAPH + str(option.name)] = value


def graph_options(command: _F) -> _F:
    """Add ``--store``, ``--data``, ``--endpoint``, ``--timeout`` and ``--lang``: which graph :func:`load` gives."""
    keep = _keep
    options = [
        click.option(
            "--store",
            metavar="DIR",
            help="Ask the graph that 'napgraph build' made in this folder, not the files here.",
            expose_value=False,
            callback=keep,
        ),
        click.option(
            "--data",
            multiple=True,
            metavar="FILE",
            help="Join a file of your own to the graph, for this run; may be repeated.",
            expose_value=False,
            callback=keep,
        ),
        click.option(
            "--endpoint",
            metavar="URL",
            help="Ask this SPARQL endpoint, not the files here.",
            expose_value=False,
            callback=keep,
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            metavar="SECONDS",
            help="How long an endpoint may take for a question (default: 60).",
            expose_value=False,
            callback=keep,
        ),
        lang_option(kept=True),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def load(context: click.Context, countries: Sequence[str] = ()) -> KnowledgeGraph:
    """Load the graph that the user named: by ``--root``, or the one napgraph ships; and by :func:`graph_options`.

    Tells which of ``countries`` have no document, and ends the command where none of them has one.
    """
    kg = _load(context)
    if countries and tell_without_document(kg, countries):
        context.exit(2)
    return kg


def tell_without_document(kg: KnowledgeGraph, countries: Sequence[str]) -> bool:
    """Tell which of ``countries`` have no document, and return whether that is all of them."""
    from ..query.run import resolve
    from ..rdf.namespaces import slug

    codes = dict.fromkeys(slug(resolve(kg, "jurisdiction", country).value).upper() for country in countries)
    found = {slug(str(row["country"])).upper() for row in kg.query("levels-and-statuses", country=list(codes))}
    without = [f"{code} {name}" for code, name in kg.names_of(codes.keys() - found).items()]
    if without:
        say(f"napgraph: {kg.say('no document of {named} is recorded', named=', '.join(sorted(without)))}.")
    return not found


def _load(context: click.Context) -> KnowledgeGraph:
    from ..knowledge_graph import KnowledgeGraph

    endpoint, timeout, data = (context.meta.get(_GRAPH + name) for name in ("endpoint", "timeout", "data"))
    lang = context.meta.get(_GRAPH + "lang") or "en"
    if timeout is not None and endpoint is None:
        raise ParameterError("--timeout is for an endpoint: name one with --endpoint.")
    store = context.meta.get(_GRAPH + "store")
    if store is not None:
        if endpoint is not None or data:
            raise ParameterError("--store names a graph of its own: leave out --endpoint and --data.")
        return KnowledgeGraph.load(context.obj, store=store, lang=lang)
    if endpoint is not None:
        more = {} if timeout is None else {"timeout": timeout}
        return KnowledgeGraph.load(context.obj, endpoint=endpoint, data=data or (), lang=lang, **more)
    if not data:
        return KnowledgeGraph.load(context.obj, lang=lang)
    from ..project.root import resolve_root
    from ..records.joined import read
    from .notes import tell

    root = resolve_root(context.obj)
    records = [read(each, root) for each in data]
    for record in records:
        tell(record.notes, lang, root)
    return KnowledgeGraph.load(root, data=records, lang=lang)


def say_missing_limits() -> None:
    """Say which limits this system cannot set, where there are such."""
    from ..sandbox import missing_limits

    if sentence := missing_limits():
        say(f"napgraph: {sentence}")


def say(text: str) -> None:
    """Print ``text`` on standard error, whatever characters of a file it quotes."""
    click.echo(visible(text), err=True)


def emit(text: str, output: str | None, *, exact: bool = False) -> None:
    """Print ``text``, or write it to ``output`` whole; raises OutputError where that cannot be.

    Control characters are shown as signs; what programs read is ``exact``, unless it goes to a terminal.
    """
    on_screen = output is None or output == "-"
    if not exact or (on_screen and sys.stdout is not None and sys.stdout.isatty()):
        text = visible(text)
    if on_screen:
        if sys.stdout is None:
            raise OutputError("There is no standard output to write to: name a file with -o.")
        if hasattr(sys.stdout, "reconfigure") and (sys.stdout.encoding or "").lower() not in {"utf-8", "utf8"}:
            sys.stdout.reconfigure(encoding="utf-8")
        try:
            sys.stdout.write(text if text.endswith("\n") else text + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            sys.stdout = None  # what is still in its buffer cannot be written either
            raise OutputError(f"The answer could not be written ({error.strerror}).") from error
        return
    from ..files import write_whole

    try:
        write_whole(str(output), (text if text.endswith("\n") else text + "\n").encode())
    except OSError as error:
        raise OutputError(f"{output}: nothing was written here ({error.strerror}).") from error


def written(output: str, content: bytes | dict[str, bytes]) -> None:
    """Write ``content`` to the file ``output`` whole, or the files of a folder; raises OutputError as :func:`emit`."""
    import os

    from ..files import write_whole

    try:
        if isinstance(content, dict):
            os.makedirs(output, exist_ok=True)
            for name, part in content.items():
                write_whole(os.path.join(output, name), part)
        else:
            write_whole(output, content)
    except OSError as error:
        raise OutputError(f"{output}: nothing was written here ({error.strerror}).") from error


def keep_apart(output: str | None, sources: Iterable[str]) -> None:
    """Refuse to write over a file that is read: a sender may have no other copy of it."""
    from os import path

    if output is None or not (path.isfile(output) or path.isdir(output)):
        return
    for source in sources:
        if path.exists(source) and path.samefile(source, output):
            raise OutputError(f"{output}: this is the file that is read, so nothing was written. Give another name.")


def width() -> int:
    """Return how many columns the terminal has, or 100 where there is none."""
    from shutil import get_terminal_size

    return get_terminal_size((100, 24)).columns


def wrapped(text: str, indent: int, hang: int = 2) -> list[str]:
    """Break ``text`` into lines of the terminal's width, the first ``indent`` in, the others ``hang`` further."""
    return cells.wrapped(text, width(), " " * indent, " " * (indent + hang))


def limits_of(texts: Iterable[str]) -> dict[str, str]:
    """Return the limits that ``--limit NAME=VALUE`` sets; raises ParameterError for what is none."""
    pairs = [text.partition("=") for text in texts]
    for name, mark, value in pairs:
        if not mark or not value:
            raise ParameterError(f"--limit needs NAME=VALUE, such as bytes=50MB, not {name + mark + value!r}.")
    return {name: value for name, _, value in pairs}
