"""What brings the graph to others: ``napgraph site``, ``build``, ``push``, ``serve`` and ``notebooks``."""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import click

from ..errors import OutputError, ParameterError
from .options import choice_option, emit, graph_options, limit_option, limits_of, load, save, say, seconds_option

if TYPE_CHECKING:
    from ..query.credentials import Credentials

_PASSWORD = "NAPGRAPH_PASSWORD"  # noqa: S105 the name of the variable # nosec B105


@click.command("site")
@click.option("-o", "--output", metavar="FOLDER", required=True, help="Where to: a new folder, or one written before.")
@click.option(
    "--base",
    metavar="ADDRESS",
    default="https://w3id.org/napgraph/",
    show_default=True,
    help="The web address under which the folder will be found.",
)
@click.option("--store", metavar="DIR", help="Ask the graph that 'napgraph build' made here: for large data.")
@click.option("--no-pictures", is_flag=True, help="Leave the pictures out, which take most of the time.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes at once (default: one per core).")
@click.pass_context
def site(
    context: click.Context, output: str, base: str, store: str | None, no_pictures: bool, jobs: int | None
) -> None:
    """Write pages for people and files for programs into a folder: comparisons, every resource, downloads.

    A second run writes only what changed. Needs: pip install "napgraph[site]".

    \b
    napgraph site -o public
    napgraph site -o public --base https://example.org/plans/
    napgraph build --store everything && napgraph site -o public --store everything
    """
    from ..knowledge_graph import KnowledgeGraph
    from ..site.build import publish_site

    def seen(count: int) -> None:
        if count % 50 == 0:
            click.echo(f"\r{count:,} files", err=True, nl=False)

    watched = sys.stderr is not None and sys.stderr.isatty()
    done = publish_site(
        KnowledgeGraph.load(context.obj, store=store),
        output,
        base=base,
        pictures=not no_pictures,
        processes=jobs or min(os.cpu_count() or 1, 64),
        seen=seen if watched else None,
    )
    if watched:
        click.echo("\r" + " " * 20 + "\r", err=True, nl=False)
    click.echo(f"{output}: {done.files} files, {done.written} written, {done.removed} removed.", err=True)


@click.command("build")
@click.option("--store", metavar="DIR", required=True, help="The folder to make; an older store there is replaced.")
@click.pass_context
def build(context: click.Context, store: str) -> None:
    """Build the graph on disk, with all that follows from it, for the other commands to ask with --store.

    \b
    napgraph build --store everything
    napgraph compare pillars --store everything
    """
    from ..graph.store import build_store
    from ..project.root import resolve_root

    root, start = resolve_root(context.obj), time.monotonic()
    if sys.stderr is not None and sys.stderr.isatty():
        with click.progressbar(length=1, label="Building", file=sys.stderr, show_pos=False) as bar:

            def seen(done: int, steps: int, statements: int) -> None:
                speed = statements / max(time.monotonic() - start, 0.001)
                bar.length, bar.label = steps, f"{statements:,} statements, {speed:,.0f} a second"
                bar.update(done - bar.pos)

            manifest = build_store(root, store, seen)
    else:
        manifest = build_store(root, store)
    stated = sum(number for number, _ in manifest.files.values())
    emit(
        f"{store}: {manifest.merged[0]:,} statements, of which {stated:,} are stated in {len(manifest.files):,} files "
        f"and the rest follows; {time.monotonic() - start:,.0f} seconds."
    )


@click.command("push")
@click.option("--endpoint", metavar="URL", required=True, help="Where the engine answers SPARQL queries.")
@click.option(
    "--graph-store",
    metavar="URL",
    help="Where it takes graphs (default: as Oxigraph or Virtuoso have it beside the endpoint).",
)
@click.option("--store", metavar="DIR", help="Send the graph that 'napgraph build' made in this folder.")
@click.option("--user", metavar="NAME", help=f"Who writes there; the password is taken from {_PASSWORD}.")
@click.option("--password-file", metavar="FILE", help="Take the password from the first line of this file instead.")
@seconds_option("--timeout", "How long one piece of a graph may take (default: 600).")
@click.pass_context
def push(
    context: click.Context,
    endpoint: str,
    graph_store: str | None,
    store: str | None,
    user: str | None,
    password_file: str | None,
    timeout: float | None,
) -> None:
    """Load the graph into a SPARQL engine, by the Graph Store Protocol, and count what it then holds.

    Loaded are two graphs, of what is stated and of all that follows too, with a note of their version; other commands
    find them by that note when they ask the engine with --endpoint. A load that was broken off goes on where it
    stopped.

    \b
    napgraph push --endpoint http://localhost:7878/query
    napgraph push --endpoint http://localhost:8890/sparql --user dba
    napgraph push --endpoint http://localhost:7878/query --store everything
    """
    from ..knowledge_graph import KnowledgeGraph
    from ..query.graph_store import SECONDS, push

    def seen(graph: str, done: int, of: int) -> None:
        say(f"{graph}: {done} of {of} statements")

    credentials = _credentials(user, password_file)
    kg = KnowledgeGraph.load(context.obj, store=store)
    made = push(kg, endpoint, graph_store, credentials, seconds=timeout or SECONDS, tell=seen)
    lines = [f"{each.graph}: {each.held} statements, {each.sent} of them sent now" for each in made]
    emit("\n".join([*lines, f"All of version {kg.version} is there. Ask it with --endpoint {endpoint}"]))


def _credentials(user: str | None, file: str | None) -> Credentials | None:
    from ..query.credentials import Credentials

    if user is None:
        if file is not None:
            raise ParameterError("--password-file needs a name too: give it with --user.")
        return None
    if file is None:
        password = os.environ.get(_PASSWORD)
        if password is None:
            raise ParameterError(f"There is no password of {user!r}: set {_PASSWORD}, or name a --password-file.")
        return Credentials(user, password)
    try:
        with open(file, encoding="utf-8") as opened:
            return Credentials(user, opened.readline().rstrip("\r\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(f"{file}: the password cannot be read from this file.") from error


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option("--site", metavar="FOLDER", help="Pages to serve besides, as 'napgraph site' wrote them.")
@click.option("--dataset", "data", metavar="FILE", help="Ask SPARQL of this file of RDF alone (.nq, .trig, .nt, .ttl).")
@click.option("--inbox", metavar="DIR", help="Take submissions into this folder, under its tokens.")
@choice_option(
    "--log", ["words", "json"], "What it says while it runs: events in words, or as JSON with every request.", "words"
)
@graph_options
@limit_option("seconds=60")
@click.pass_context
def serve(
    context: click.Context, /, host: str, port: int, log: str, limits: tuple[str, ...], **given: str | None
) -> None:
    """Serve the graph: questions in SPARQL at /sparql, saved queries at /query/NAME.csv and the like.

    It is stopped by Ctrl-C or SIGTERM, after what is being answered, and reads its data again at SIGHUP: what is wrong
    with them is said, and the old ones are served on. 'napgraph inbox' makes the tokens that --inbox needs.

    \b
    napgraph serve
    napgraph serve --site public
    napgraph serve --port 8080 --limit seconds=60 --limit memory=1GB
    """
    from ..server.run import serve
    from ..server.settings import Settings

    serve(partial(load, context), host, port, Settings.of(limits_of(limits)), log=log, **given)


@click.command("notebooks")
@click.argument("folder", metavar="FOLDER")
def notebooks(folder: str) -> None:
    """Write the notebooks into FOLDER, which is made if it is not there; none that is there is written over.

    They are: a first look, comparing pillars, bringing your own plan, and asking an endpoint.

    \b
    napgraph notebooks my-notebooks
    """
    from importlib.resources import files

    found = {each.name: each.read_bytes() for each in files("napgraph.notebooks").iterdir() if each.name[0].isdigit()}
    there = sorted(name for name in found if os.path.exists(os.path.join(folder, name)))
    if there:
        raise OutputError(f"{os.path.join(folder, there[0])}: this is there already, so nothing was written.")
    save(folder, found)
    say(f"Wrote {', '.join(sorted(found))} into {folder}.")
