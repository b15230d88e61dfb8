"""The packages import downwards only: no circle, and no floor that reaches above itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import napgraph

from .conftest import ROOT

PACKAGE = ROOT / "src" / "napgraph"
FLOORS = [
    ("errors", "text", "rdf"),
    ("project", "sandbox", "files"),
    ("graph", "tables"),
    ("query", "charts"),
    ("records", "compare"),
    ("validation", "knowledge_graph"),
    ("submissions", "site"),
    ("server",),
    ("cli", "notebooks"),
]
"""What stands at the top of the package; each imports from the floors below its own only."""


def paths() -> dict[str, Path]:
    """Return the file of each module by its name below napgraph."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts).removesuffix("__init__").removesuffix(".")] = path
    return found


def modules() -> dict[str, list[str]]:
    """Return each module by its name below napgraph, with those it imports, at run time or for types only."""
    known = paths()
    found: dict[str, list[str]] = {}
    for name, path in known.items():
        package = path.relative_to(PACKAGE.parent).parts[:-1]
        imported = []
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else ()
                base = ".".join([*above, *([node.module] if node.module else [])])
                submodules = [f"{base}.{alias.name}" for alias in node.names]
                imported += [each if each.removeprefix("napgraph.") in known else base for each in submodules]
        own = {each.removeprefix("napgraph.") for each in imported if each.startswith("napgraph.")}
        assert own <= set(known), (name, own - set(known))
        found[name] = sorted(own - {name})
    return found


def reached(start: str, imports: dict[str, list[str]]) -> set[str]:
    """Return the modules of the same package that importing ``start`` imports in the end."""
    seen: set[str] = set()
    ahead, package = [start], start.partition(".")[0]
    while ahead:
        inside = {each for each in imports[ahead.pop()] if each.partition(".")[0] == package}
        ahead += inside - seen
        seen |= inside
    return seen


def test_each_package_imports_only_from_the_floors_below() -> None:
    floors = {name: number for number, floor in enumerate(FLOORS) for name in floor}
    imports = modules()
    assert {name.split(".")[0] for name in imports} == {*floors, "", "__main__"}
    for name, imported in imports.items():
        package = name.split(".")[0]
        others = {each.split(".")[0] for each in imported} - {package}
        above = {each for each in others if package in floors and floors[each] >= floors[package]}
        assert not above, (name, above)


def test_no_module_is_part_of_a_circle() -> None:
    imports = modules()
    reach = {name: reached(name, imports) for name in imports}
    circles = [{each for each in found if name in reach[each]} for name, found in reach.items() if name in found]
    assert circles == []


def test_no_module_has_the_name_of_a_public_function() -> None:
    """Else ``from napgraph import check`` gives the one or the other, by what was imported before."""
    assert not set(napgraph.__all__) & {path.stem for path in PACKAGE.iterdir()}


def test_modules_stay_small_and_hold_no_queries() -> None:
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= (500 if path.name != "shacl.py" else 600), path
        for mark in (r"PREFIX \w*:", r"@prefix \w+: <http[^>]*> \.\s", "napgraph/ont#", r"CONSTRUCT \{", r"SELECT \?"):
            assert not re.search(mark, text), (path, mark)
