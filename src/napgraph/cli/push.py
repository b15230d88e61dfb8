"""``napgraph push``: load an engine elsewhere, so that it answers as the files do."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ..errors import ParameterError
from .options import emit, say

if TYPE_CHECKING:
    from ..query.credentials import Credentials

__all__ = ["command"]

_PASSWORD = "NAPGRAPH_PASSWORD"  # noqa: S105 the name of the variable # nosec B105


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
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="How long one piece of a graph may take (default: 600).",
)
@click.pass_context
def command(
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

    credentials = _credentials(user, password_file)
    kg = KnowledgeGraph.load(context.obj, store=store)
    made = push(kg, endpoint, graph_store, credentials, seconds=timeout or SECONDS, tell=_tell)
    lines = [f"{each.graph}: {each.held} statements, {each.sent} of them sent now" for each in made]
    emit("\n".join([*lines, f"All of version {kg.version} is there. Ask it with --endpoint {endpoint}"]), None)


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


def _tell(graph: str, done: int, of: int) -> None:
    say(f"{graph}: {done} of {of} statements")
