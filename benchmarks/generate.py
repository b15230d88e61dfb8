"""Write invented plans: ``root FOLDER PLANS [SEED]`` or ``submissions FOLDER COUNT [SEED]``.

A root is a whole project folder: ontology, shapes and queries as they are, what the bundled data share, and a file for
each jurisdiction with its plans, all of which conform. No more jurisdictions are made than there are codes for users,
so that with more plans each has them in several versions. A submission is one plan with the bodies that it names;
every tenth has faults. A seed makes the same files each time.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from random import Random

import pyoxigraph
from pyoxigraph import Triple

from napgraph.graph.files import read_turtle
from napgraph.rdf.namespaces import prefixes
from tests.mutants import mutants

from .plans import CODES, bodies, plan

__all__ = ["submission", "write", "write_root"]

ROOT = Path(__file__).resolve().parent.parent
FAULTY = 10


def submission(number: int, seed: int = 0) -> list[Triple]:
    """Return one submission: number and seed say which."""
    version, place = divmod(number, len(CODES))
    text = f"{bodies(CODES[place], seed)}\n{plan(CODES[place], version, seed, alone=True)}"
    triples = list(read_turtle(text.encode(), CODES[place]))
    if number % FAULTY == FAULTY - 1:
        for _ in range(3):
            (triples,) = mutants(triples, Random(f"{seed} {number}"), 1)
    return triples


def write(folder: Path, count: int, seed: int = 0) -> list[Path]:
    """Write submissions as Turtle; return their paths in order."""
    folder.mkdir(parents=True, exist_ok=True)
    table = prefixes(str(ROOT))
    paths = [folder / f"{number:05}.ttl" for number in range(count)]
    for number, path in enumerate(paths):
        content = pyoxigraph.serialize(submission(number, seed), format=pyoxigraph.RdfFormat.TURTLE, prefixes=table)
        path.write_bytes(content or b"")
    return paths


def write_root(folder: Path, plans: int, seed: int = 0) -> Path:
    """Write a project folder with so many plans; return it."""
    for name in ("ontology", "shapes", "queries"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("jurisdictions"), dirs_exist_ok=True)
    place = folder / "data" / "jurisdictions"
    place.mkdir(exist_ok=True)
    for number, code in enumerate(CODES[:plans]):
        made = [plan(code, version, seed) for version in range(-(-(plans - number) // len(CODES)))]
        (place / f"{code}.ttl").write_text("\n".join([bodies(code, seed), *made]), encoding="utf-8")
    return folder


if __name__ == "__main__":
    what, where, *numbers = sys.argv[1:]
    {"root": write_root, "submissions": write}[what](Path(where), *map(int, numbers))
