"""``napgraph build``: a store on disk, for graphs larger than memory."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from .options import emit

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..graph.store import Manifest

__all__ = ["command"]


@click.command("build")
@click.option("--store", metavar="DIR", required=True, help="The folder to make; an older store there is replaced.")
@click.pass_context
def command(context: click.Context, store: str) -> None:
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
            manifest = build_store(root, store, _drawn(bar, start))
    else:
        manifest = build_store(root, store)
    emit(_told(store, manifest, time.monotonic() - start), None)


def _drawn(bar: click._termui_impl.ProgressBar[int], start: float) -> Callable[[int, int, int], None]:
    def told(done: int, steps: int, statements: int) -> None:
        bar.length = steps
        bar.label = f"{statements:,} statements, {statements / max(time.monotonic() - start, 0.001):,.0f} a second"
        bar.update(done - bar.pos)

    return told


def _told(store: str, manifest: Manifest, seconds: float) -> str:
    stated = sum(number for number, _ in manifest.files.values())
    return (
        f"{store}: {manifest.merged[0]:,} statements, of which {stated:,} are stated in {len(manifest.files):,} files "
        f"and the rest follows; {seconds:,.0f} seconds."
    )
