"""What brings the graph to others: ``napgraph site``, ``build``, ``push``, ``serve`` and ``notebooks``."""

import os
import sys
import time
from functools import partial
from importlib.resources import files
from typing import Any

import click

from ..errors import OutputError, ParameterError
from ..graph.build import build_store
from ..knowledge_graph import KnowledgeGraph
from ..project.root import resolve_root
from ..query.graph_store import SECONDS, Credentials
from ..query.graph_store import push as push_graph
from ..rdf.namespaces import BASE
from . import options
from .options import choice, command, emit, flag, graph_options, limit_option, load, option, save, say

_PASSWORD = "NAPGRAPH_PASSWORD"  # noqa: S105 the name of the variable # nosec B105


@command(
    option("-o --output", "FOLDER", "Where to: a new folder, or one written before.", required=True),
    option("--base", "ADDRESS", "The web address under which the folder will be found.", BASE),
    option("--store", "DIR", "Ask the graph that 'napgraph build' made here: for large data."),
    flag("--no-pictures", "Leave the pictures out, which take most of the time."),
    option("--jobs", "N", "Processes at once (default: one per core).", type=click.IntRange(min=1)),
)
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
    from ..site.build import publish_site

    watched = _watched()

    def seen(count: int) -> None:
        if watched and count % 50 == 0:
            click.echo(f"\r{count:,} files", err=True, nl=False)

    kg, processes = KnowledgeGraph.load(context.obj, store=store), jobs or min(os.cpu_count() or 1, 64)
    done = publish_site(kg, output, base=base, pictures=not no_pictures, processes=processes, seen=seen)
    start = "\r" if watched else ""  # over the count
    click.echo(f"{start}{output}: {done.files} files, {done.written} written, {done.removed} removed.", err=True)


def _watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


@command(option("--store", "DIR", "The folder to make; an older store there is replaced.", required=True))
def build(context: click.Context, store: str) -> None:
    """Build the graph on disk, with all that follows from it, for the other commands to ask with --store.

    \b
    napgraph build --store everything
    napgraph compare pillars --store everything
    """
    root, start = resolve_root(context.obj), time.monotonic()
    with click.progressbar(length=1, label="Building", file=sys.stderr, show_pos=False, hidden=not _watched()) as bar:

        def seen(done: int, steps: int, statements: int) -> None:
            speed = statements / max(time.monotonic() - start, 0.001)
            bar.length, bar.label = steps, f"{statements:,} statements, {speed:,.0f} a second"
            bar.update(done - bar.pos)

        manifest = build_store(root, store, seen)
    stated = sum(manifest.graphs.values())
    emit(
        f"{store}: {manifest.triples:,} statements, of which {stated:,} are stated in {len(manifest.graphs):,} named "
        f"graphs and the rest follows; {time.monotonic() - start:,.0f} seconds."
    )


@command(
    option("--endpoint", "URL", "Where the engine answers SPARQL queries.", required=True),
    option("--graph-store", "URL", "Where it takes graphs (default: as Oxigraph, Virtuoso, Fuseki, GraphDB have it)."),
    option("--store", "DIR", "Send the graph that 'napgraph build' made in this folder."),
    option("--user", "NAME", f"Who writes there; the password is taken from {_PASSWORD}."),
    option("--password-file", "FILE", "Take the password from the first line of this file instead."),
    option("--timeout", "SECONDS", "How long one piece of a graph may take (default: 600).", type=options.SECONDS),
)
def push(
    context: click.Context, endpoint: str, graph_store: str | None, store: str | None, timeout: float | None, **who: Any
) -> None:
    """Load the graph into a SPARQL engine, by the Graph Store Protocol, and count what it then holds.

    Loaded are two graphs, of what is stated and of all that follows too, with a note of their version; other commands
    find them by that note when they ask the engine with --endpoint. A load that was broken off begins anew.

    \b
    napgraph push --endpoint http://localhost:7878/query
    napgraph push --endpoint http://localhost:8890/sparql --user dba
    napgraph push --endpoint http://localhost:7878/query --store everything
    """

    def seen(graph: str, done: int, of: int) -> None:
        say(f"{graph}: {done} of {of} statements")

    credentials, kg = _credentials(**who), KnowledgeGraph.load(context.obj, store=store)
    made = push_graph(kg, endpoint, graph_store, credentials, seconds=timeout or SECONDS, tell=seen)
    lines = [f"{each.graph}: {each.held} statements, {each.sent} of them sent now" for each in made]
    emit("\n".join([*lines, f"All of version {kg.version} is there. Ask it with --endpoint {endpoint}"]))


def _credentials(user: str | None, password_file: str | None) -> Credentials | None:
    if user is None:
        if password_file is not None:
            raise ParameterError("--password-file needs a name too: give it with --user.")
        return None
    if password_file is None:
        if _PASSWORD not in os.environ:
            raise ParameterError(f"There is no password of {user!r}: set {_PASSWORD}, or name a --password-file.")
        return Credentials(user, os.environ[_PASSWORD])
    try:
        with open(password_file, encoding="utf-8") as opened:
            return Credentials(user, opened.readline().rstrip("\r\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(f"{password_file}: the password cannot be read from this file.") from error


@command(
    option("--host", None, "The address to listen at.", "127.0.0.1"),
    option("--port", None, "0: any that is free.", 8000, type=click.IntRange(0, 65535)),
    option("--site", "FOLDER", "Pages to serve besides, as 'napgraph site' wrote them."),
    option("--dataset", "FILE", "Ask SPARQL of this file of RDF alone (.nq, .trig, .nt, .ttl)."),
    option("--inbox", "DIR", "Take submissions into this folder, under its tokens."),
    choice("--log", ["words", "json"], "What it says: events in words, or as JSON with every request.", "words"),
    *graph_options,
    limit_option("seconds=60"),
)
def serve(
    context: click.Context, /, host: str, port: int, log: str, limits: dict[str, str], **given: str | None
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

    serve(partial(load, context), host, port, Settings.of(limits), log=log, **given)


@command(click.Argument(["folder"], metavar="FOLDER"))
def notebooks(_: click.Context, folder: str) -> None:
    """Write the notebooks into FOLDER, which is made if it is not there; none that is there is written over.

    They are: a first look, comparing pillars, bringing your own plan, and asking an endpoint.

    \b
    napgraph notebooks my-notebooks
    """
    found = {each.name: each.read_bytes() for each in files("napgraph.notebooks").iterdir() if each.name[0].isdigit()}
    there = sorted(name for name in found if os.path.exists(os.path.join(folder, name)))
    if there:
        raise OutputError(f"{os.path.join(folder, there[0])}: this is there already, so nothing was written.")
    save(folder, found)
    say(f"Wrote {', '.join(sorted(found))} into {folder}.")
