"""``napgraph serve``: the live server."""

from __future__ import annotations

from functools import partial

import click

from .options import graph_options, limits_of, load

__all__ = ["command"]


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option("--site", metavar="FOLDER", help="Pages to serve besides, as 'napgraph site' wrote them.")
@click.option("--dataset", metavar="FILE", help="Ask SPARQL of this file of RDF alone (.nq, .trig, .nt, .ttl).")
@click.option("--inbox", metavar="DIR", help="Take submissions into this folder, under its tokens.")
@click.option(
    "--log",
    type=click.Choice(["words", "json"]),
    default="words",
    show_default=True,
    help="What it says while it runs: events in words, or as JSON with every request.",
)
@graph_options
@click.option("--limit", "limits", multiple=True, metavar="NAME=VALUE", help="Allow more or less, such as seconds=60.")
@click.pass_context
def command(
    context: click.Context,
    host: str,
    port: int,
    site: str | None,
    dataset: str | None,
    inbox: str | None,
    log: str,
    limits: tuple[str, ...],
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

    settings = Settings.of(limits_of(limits))
    serve(partial(load, context), host, port, settings, site=site, data=dataset, inbox=inbox, log=log)
