"""The comparison of pillars by a plain script with rdflib: parse the same files, run the same query, count the cells.

The statements that follow from the files are read ready-made from the file named first; to compute them with owlrl
would cost this script some seconds more.
"""

from __future__ import annotations

import sys
from pathlib import Path

import rdflib


def main(entailed: str, root: Path) -> None:
    graph = rdflib.Graph()
    for path in [*root.glob("ontology/**/*.ttl"), *root.glob("data/**/*.ttl")]:
        graph.parse(path, format="turtle")
    graph.parse(entailed, format="nt")
    cells: dict[tuple[str, str], set[str]] = {}
    for row in graph.query((root / "queries" / "compare" / "pillars.rq").read_text(encoding="utf-8")):
        if isinstance(row, rdflib.query.ResultRow) and row.concept is not None:
            cells.setdefault((str(row.country), str(row.concept)), set()).add(str(row.value))
    print(len(cells))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
