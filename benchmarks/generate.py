"""Make submissions of about 1,000 statements from the invented country of the tests: ``FOLDER COUNT [SEED]``.

Each is that country's strategy, plan and report under a code of its own, some activities repeated with their parts:
indicators, targets, responsibilities, means and periods. Every tenth has faults. A seed makes the same files each time.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Any

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, Triple

from napgraph.graph.files import read_turtle
from napgraph.namespaces import BASE, prefixes
from tests.mutants import apart, mutants

__all__ = ["submission", "write"]

ROOT = Path(__file__).resolve().parent.parent
SIZE = 1000
FAULTY = 10
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_ACTIVITY = NamedNode(f"{BASE}ont#PlannedActivity")
_PARTS = {
    f"{BASE}ont#{name}"
    for name in ("hasIndicator", "hasTarget", "hasResponsibility", "hasResourcePlan", "timeline", "amount")
}


def submission(number: int, seed: int = 0) -> list[Triple]:
    """Return one submission: number and seed say which."""
    random = Random(f"{seed} {number}")
    triples = list(_country())
    activities = sorted(
        {triple.subject for triple in triples if triple.predicate == _TYPE and triple.object == _ACTIVITY}, key=str
    )
    size, copies = random.randint(SIZE * 9 // 10, SIZE * 11 // 10), 0
    while len(triples) < size:
        copies += 1
        triples += _copied(triples, random.choice(activities), f"-again-{copies}")
    if number % FAULTY == FAULTY - 1:
        for _ in range(3):
            (triples,) = mutants(triples, random, 1)
    code = "".join(ascii_lowercase[number // 26**power % 26] for power in (2, 1, 0))
    return apart(triples, code)


@cache
def _country() -> tuple[Triple, ...]:
    path = ROOT / "tests" / "world" / "data" / "jurisdictions" / "xaa.ttl"
    return tuple(read_turtle(path.read_bytes(), str(path)))


def _subtree(triples: list[Triple], top: Any) -> set[Any]:
    """Return an activity and what is its alone."""
    found, waiting = {top}, [top]
    while waiting:
        node = waiting.pop()
        parts = {triple.object for triple in triples if triple.subject == node and triple.predicate.value in _PARTS}
        waiting += parts - found
        found |= parts
    return found


def _copied(triples: list[Triple], activity: Any, suffix: str) -> Iterator[Triple]:
    """Yield what is said of an activity and its parts, and what points to them, once more under other names."""
    own = {
        node: BlankNode() if isinstance(node, BlankNode) else NamedNode(node.value + suffix)
        for node in _subtree(triples, activity)
    }
    for triple in triples:
        if triple.subject in own or triple.object in own:
            subject: Any = own.get(triple.subject, triple.subject)
            value: Any = own.get(triple.object, triple.object)
            yield Triple(subject, triple.predicate, value)


def write(folder: Path, count: int, seed: int = 0) -> list[Path]:
    """Write submissions as Turtle; return their paths in order."""
    folder.mkdir(parents=True, exist_ok=True)
    table = prefixes(str(ROOT))
    paths = [folder / f"{number:05}.ttl" for number in range(count)]
    for number, path in enumerate(paths):
        content = pyoxigraph.serialize(submission(number, seed), format=pyoxigraph.RdfFormat.TURTLE, prefixes=table)
        path.write_bytes(content or b"")
    return paths


if __name__ == "__main__":
    folder, *numbers = sys.argv[1:]
    write(Path(folder), *map(int, numbers))
