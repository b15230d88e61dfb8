"""The packages import downwards only: no circle, and no layer that reaches above itself."""

from __future__ import annotations

import ast
import re

import napgraph

from .conftest import ROOT

PACKAGE = ROOT / "src" / "napgraph"
LAYERS = [
    "errors",
    "signs",
    "resources",
    "namespaces",
    "rdf_formats",
    "jurisdictions",
    "language",
    "output",
    "tables",
    "charts",
    "seclusion",
    "unpickling",
    "answering",
    "child",
    "limited",
    "records",
    "graph",
    "query",
    "compare",
    "workbook",
    "intake",
    "conversion",
    "checking",
    "joined",
    "pushing",
    "knowledge_graph",
    "publish",
    "accepting",
    "inbox",
    "serve",
    "cli",
    "notebooks",
]


def imported(path: str) -> set[str]:
    """Return the napgraph layers that a module imports, at run time or for types only."""
    file = PACKAGE / path
    depth = len(file.relative_to(PACKAGE).parts)
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            names = [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]
            found |= {name for name in names if name in LAYERS}
    return found


def test_each_layer_imports_only_those_before_it() -> None:
    paths = [path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")]
    layers = {path.split("/")[0].removesuffix(".py") for path in paths}
    assert layers == {*LAYERS, "__init__", "__main__"}
    for path in paths:
        layer = path.split("/")[0].removesuffix(".py")
        if layer in LAYERS:
            above = {name for name in imported(path) if LAYERS.index(name) > LAYERS.index(layer)}
            assert not above, (path, above)


def test_no_module_has_the_name_of_a_public_function() -> None:
    """Else ``from napgraph import check`` gives the one or the other, by what was imported before."""
    assert not set(napgraph.__all__) & {path.stem for path in PACKAGE.iterdir()}


def test_modules_stay_small_and_hold_no_queries() -> None:
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 350, path
        for mark in (r"PREFIX \w*:", r"@prefix \w+: <http[^>]*> \.\s", "napgraph/ont#", r"CONSTRUCT \{", r"SELECT \?"):
            assert not re.search(mark, text), (path, mark)
