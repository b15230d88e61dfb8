"""Programs that people use ask the server: SPARQLWrapper, curl, rdflib's remote store, comunica."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from SPARQLWrapper import GET, JSON, POST, POSTDIRECTLY, RDFXML, TURTLE, URLENCODED, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from napgraph import KnowledgeGraph

from .serving import Server, running

pytestmark = pytest.mark.server

QUERY = "PREFIX nap: <https://w3id.org/napgraph/ont#> SELECT ?s { ?s a nap:PolicyInstrument } ORDER BY ?s"
GRAPH = "PREFIX nap: <https://w3id.org/napgraph/ont#> CONSTRUCT WHERE { ?s a nap:PolicyInstrument }"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running("--limit", "seconds=1") as made:
        yield made


@pytest.fixture(scope="module")
def plans(kg: KnowledgeGraph) -> list[str]:
    from napgraph.query.engine import embedded

    return [row[0].value for row in embedded(kg).store.query(QUERY)]  # type: ignore[union-attr]


@pytest.mark.parametrize("form", [JSON, XML])
@pytest.mark.parametrize(("method", "how"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
def test_sparqlwrapper(server: Server, plans: list[str], form: str, method: str, how: str) -> None:
    client = SPARQLWrapper(f"{server.url}/sparql", returnFormat=form)
    client.setMethod(method)
    client.setRequestMethod(how)
    client.setQuery(QUERY)
    found: Any = client.queryAndConvert()
    if form == JSON:
        assert [row["s"]["value"] for row in found["results"]["bindings"]] == plans
    else:
        assert [node.firstChild.data for node in found.getElementsByTagName("uri")] == plans


def test_sparqlwrapper_reads_graphs_and_errors(server: Server, plans: list[str]) -> None:
    client = SPARQLWrapper(f"{server.url}/sparql")
    client.setQuery(GRAPH)
    client.setReturnFormat(RDFXML)
    found: Any = client.queryAndConvert()
    assert {str(subject) for subject in found.subjects()} == set(plans)
    client.setReturnFormat(TURTLE)
    found = client.queryAndConvert()
    assert b"PolicyInstrument" in found
    client.setReturnFormat(JSON)
    client.setQuery("SELECT * {")
    with pytest.raises(QueryBadFormed, match="not valid SPARQL"):
        client.query()
    client.setQuery("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    with pytest.raises(OSError, match="503"):
        client.query()


def test_rdflib_as_a_remote_store(server: Server, plans: list[str]) -> None:
    import rdflib
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    remote = rdflib.Graph(SPARQLStore(f"{server.url}/sparql"))
    assert [str(row[0]) for row in remote.query(QUERY)] == plans  # type: ignore[index]


def test_napgraph_itself_asks_it_as_an_endpoint(server: Server, kg: KnowledgeGraph) -> None:
    remote = KnowledgeGraph.load(kg.root, endpoint=f"{server.url}/sparql")
    assert remote.query("pillars", country=["NOR"]).rows() == kg.query("pillars", country=["NOR"]).rows()


def test_curl(server: Server, plans: list[str]) -> None:
    need("curl")
    command = ["curl", "-sf", "--data-urlencode", f"query={QUERY}", "-H", "Accept: text/csv", f"{server.url}/sparql"]
    assert subprocess.check_output(command, text=True).split()[1:] == plans


def test_comunica(server: Server, plans: list[str]) -> None:
    need("comunica-sparql")
    command = ["comunica-sparql", f"{server.url}/sparql", "-q", QUERY, "-t", "application/json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert [row["s"] for row in json.loads(done.stdout)] == plans


def need(program: str) -> None:
    if not shutil.which(program):
        assert not os.environ.get("CI"), f"{program} is not installed"
        pytest.skip(f"{program} is not installed")
