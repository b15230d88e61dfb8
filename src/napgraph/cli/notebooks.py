"""``napgraph notebooks``: the notebooks that show how napgraph is used from Python."""

from __future__ import annotations

import click

from ..errors import OutputError
from .options import say, written

__all__ = ["command"]


@click.command("notebooks")
@click.argument("folder", metavar="FOLDER")
def command(folder: str) -> None:
    """Write the notebooks into FOLDER, which is made if it is not there; none that is there is written over.

    They are: a first look, comparing pillars, bringing your own plan, and asking an endpoint.

    \b
    napgraph notebooks my-notebooks
    """
    from importlib.resources import files
    from os import path

    found = {each.name: each.read_bytes() for each in files("napgraph.notebooks").iterdir() if each.name[0].isdigit()}
    there = sorted(name for name in found if path.exists(path.join(folder, name)))
    if there:
        raise OutputError(f"{path.join(folder, there[0])}: this is there already, so nothing was written.")
    written(folder, found)
    say(f"Wrote {', '.join(sorted(found))} into {folder}.")
