"""``napgraph site``: publish the graph as a folder that any static host serves."""

from __future__ import annotations

import sys

import click

__all__ = ["command"]


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
def command(
    context: click.Context, output: str, base: str, store: str | None, no_pictures: bool, jobs: int | None
) -> None:
    """Write pages for people and files for programs into a folder: comparisons, every resource, downloads.

    A second run writes only what changed. Needs: pip install "napgraph[site]".

    \b
    napgraph site -o public
    napgraph site -o public --base https://example.org/plans/
    napgraph build --store everything && napgraph site -o public --store everything
    """
    import os

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
