"""Formats, addresses, axes and limits are the same wherever they stand, so that a change is followed everywhere."""

from __future__ import annotations

import ast
import json
import re

import pyoxigraph
import pytest

from napgraph import KnowledgeGraph
from napgraph.compare.matrix import axes
from napgraph.rdf.formats import FORMATS, RDF
from napgraph.records.detect import detect_text
from napgraph.records.locations import SCANS
from napgraph.server.settings import Settings
from napgraph.server.sparql import GRAPHS

from .conftest import ROOT

SERVER = ROOT / "src" / "napgraph" / "server"
A, B, C, G = (pyoxigraph.NamedNode(f"https://example.org/{name}") for name in "abcg")


@pytest.mark.parametrize("name", RDF)
def test_a_format_of_rdf_is_known_by_content_has_lines_and_is_served(name: str) -> None:
    form, spaces = RDF[name], {"ex": "https://example.org/"}
    if form.supports_datasets:
        made = pyoxigraph.serialize([pyoxigraph.Quad(A, B, C, G)], format=form, prefixes=spaces)
    else:
        made = pyoxigraph.serialize([pyoxigraph.Triple(A, B, C)], format=form, prefixes=spaces)
    content = (made or b"").decode()
    assert detect_text(content, "plan", "")[0] == name
    assert name in SCANS or name == "json-ld"
    assert FORMATS[name].media[0] in GRAPHS


def test_the_page_knows_the_formats_of_rdf() -> None:
    code = ast.parse((ROOT / "src" / "napgraph" / "site" / "browser" / "engine.py").read_text(encoding="utf-8"))
    named = next(each for each in ast.walk(code) if isinstance(each, ast.ClassDef) and each.name == "RdfFormat")
    assigned = [each.value for each in named.body if isinstance(each, ast.Assign)]
    media = {each.value for each in assigned if isinstance(each, ast.Constant)}
    assert media == {FORMATS[name].media[0] for name in RDF}


def test_each_route_is_described() -> None:
    routes = set(re.findall(r'_route\("([^"]+)"', (SERVER / "app.py").read_text(encoding="utf-8")))
    described = json.loads((SERVER / "openapi.json").read_text(encoding="utf-8"))["paths"]
    assert routes - {"/{path:path}"} == {path.replace("{name}.{form}", "{file:path}") for path in described}


def test_each_axis_is_summed_up_at_the_build(kg: KnowledgeGraph) -> None:
    text = (ROOT / "queries" / "build" / "summary-1-documents.rq").read_text(encoding="utf-8")
    assert {axis for axis in axes(kg) if f'"{axis}"' in text} == set(axes(kg)) > set()


def test_what_stands_before_the_server_waits_longer_than_it() -> None:
    limits = Settings()
    told = {
        name: int(number)
        for file in ("nginx.conf", "napgraph.service")
        for name, number in re.findall(r"(\w+)[ =](\d+)s?;?", (SERVER / file).read_text(encoding="utf-8"))
    }
    assert told["proxy_read_timeout"] > limits.wait_seconds + limits.wall
    assert told["TimeoutStopSec"] > limits.wall
