"""Saved queries by their address, and linked data: what a reader accepts is what a reader gets, once."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import csvw
import openpyxl
import pandas as pd
import pyoxigraph
import pytest

from napgraph import KnowledgeGraph
from napgraph.server.handlers import FORMS
from napgraph.tables.table import written

from .conftest import ROOT
from .serving import Server, running

PAGES = {
    "index.html": "<!doctype html><title>Home</title>",
    "jurisdiction/nor/index.html": "<!doctype html><title>Norway</title>",
    "theme/index.html": "<!doctype html><title>Themes</title>",
    "theme/index-fr.html": "<!doctype html><title>Thèmes</title>",
    "jurisdiction/nor.ttl": "<https://w3id.org/napgraph/jurisdiction/nor> a <x:y> .\n",
    "ont/index.html": "<!doctype html><title>Terms</title><p id=PolicyInstrument>",
    "query/index.html": "<!doctype html><title>Questions</title>",
    "query/pillars/index.html": "<!doctype html><title>Pillars</title>",
    "query/pillars.rq": "SELECT * {}",
    "query/pillars.csv": "not what is served",
    "sparql/index.html": "<!doctype html><title>Editor</title>",
    "assets/site.css": "p {}",
    "assets/part.mjs": "export {}",
    "robots.txt": "User-agent: *",
    "sitemap.xml": "<urlset/>",
    "dataset/index.json": "{}",
    "query/pillars.csv-metadata.json": "{}",
}
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a site of a few pages; what else lies in its folder is none of its affair."""
    folder = tmp_path_factory.mktemp("site")
    for path, text in PAGES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / ".napgraph-site.json").write_text(json.dumps(dict.fromkeys(PAGES, "")), encoding="utf-8")
    (folder / "secret.html").write_text("not on the list", encoding="utf-8")
    with running("--site", str(folder)) as made:
        yield made


def need(program: str, otherwise: str) -> None:
    if not shutil.which(program):
        assert not os.environ.get("CI"), otherwise
        pytest.skip(otherwise)


# Saved queries


@pytest.mark.parametrize("form", FORMS)
def test_a_saved_query_is_what_the_library_writes(server: Server, kg: KnowledgeGraph, form: str) -> None:
    table = kg.query("pillars", country=["NOR", "ISR"]).table()
    answer = server.ask(f"/query/pillars.{form}?country=NOR~ISR")
    assert (answer.status, answer.headers["content-type"]) == (200, FORMS[form])
    if form == "metadata.json":
        told = json.loads(answer.body)
        assert told["url"] == "pillars.csv?country=NOR~ISR"
        assert [each["titles"] for each in told["tableSchema"]["columns"]] == table.names
    elif form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(answer.body)).worksheets[0]
        assert sheet.max_row == len(table) + 1
    else:
        assert answer.body == written(table, form)
    assert 'rel="describedby"' in answer.headers["link"]


@pytest.mark.parametrize(
    "asked",
    [
        "pillars.csv",
        "pillars.csv?strictness=exact&country=NOR~ISR",
        "labels.csv?resource=https%3A%2F%2Fx.test%2Fa%26b%C3%A9&resource=https%3A%2F%2Fw3id.org%2Fnapgraph%2Ftheme",
        "scheme-concepts.csv?language=%22%3E+%3C%0D%0A",
    ],
)
def test_the_description_that_an_answer_leads_to_names_that_answer(server: Server, asked: str) -> None:
    answer = server.ask(f"/query/{asked}")
    assert answer.status == 200, answer.body
    link = answer.headers["link"].partition(">")[0].removeprefix("<")
    told = json.loads(server.ask(f"/query/{link}").body)
    assert urljoin(f"/query/{link}", told["url"]) == f"/query/{asked}"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = csvw.CSVW(f"{server.url}/query/{asked}")
    assert table.is_valid
    assert len(list(table.tables[0])) == len(list(csv.reader(io.StringIO(answer.body.decode())))) - 1


@pytest.mark.slow
def test_every_saved_query_answers(server: Server, kg: KnowledgeGraph) -> None:
    for name in kg.queries.names():
        assert server.ask(f"/query/{name}.csv").status == 200, name


def test_the_tag_is_that_of_the_data_the_question_and_the_form(server: Server) -> None:
    paths = ["pillars.csv", "pillars.tsv", "pillars.csv?country=NOR", "pillars.csv?country=ISR", "principles.csv"]
    tags = [server.ask(f"/query/{path}").headers["etag"] for path in paths]
    assert len(set(tags)) == len(tags)
    assert all(tag.startswith('"') for tag in tags)
    assert [server.ask(f"/query/{path}").headers["etag"] for path in paths] == tags
    same = server.ask("/query/pillars.csv?country=&country=NOR")
    assert same.headers["etag"] == tags[2]


def test_who_has_it_is_told_so(server: Server) -> None:
    path = "/query/principles.csv?country=NOR"
    first = server.ask(path)
    tag = first.headers["etag"]
    for header in (tag, f'"other", {tag}', "*", f"W/{tag}"):
        again = server.ask(path, if_none_match=header)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert server.ask(path, if_none_match='"other"').body == first.body
    assert server.ask(path, "HEAD").headers["etag"] == tag


@pytest.mark.slow
def test_who_has_it_is_told_so_by_a_new_server(server: Server) -> None:
    tag = server.ask("/query/groups.csv").headers["etag"]
    with running() as second:
        assert second.ask("/query/groups.csv", if_none_match=tag).status == 304


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("pillers.csv", 404, "Did you mean pillars?"),
        ("pillars.pdf", 404, ".csv"),
        ("principles", 404, ".csv"),
        ("..%2F..%2Fqueries%2Fcompare%2Fpillars.rq.csv", 404, "There is no saved query"),
        ("pillars.csv?countri=NOR", 400, "Did you mean country?"),
        ("pillars.csv?country=NRO", 400, "Did you mean NOR"),
        ("pillars.csv?name=x", 400, "has no parameter 'name'"),
        ("in-force.csv?date=2006-13-01", 400, "a day such as"),
        ("pillars.csv?country=NOR%22%20%7D", 400, "is not known as a jurisdiction"),
    ],
)
def test_errors_are_in_the_words_of_the_library(server: Server, path: str, status: int, words: str) -> None:
    answer = server.ask(f"/query/{path}")
    assert answer.status == status
    assert words in answer.detail


def test_pandas_reads_it_by_one_line(server: Server, kg: KnowledgeGraph) -> None:
    frame = pd.read_csv(f"{server.url}/query/pillars.csv?country=NOR~ISR", keep_default_na=False, na_values=[""])
    table = kg.query("pillars", country=["NOR", "ISR"]).table()
    assert list(frame.columns) == table.names
    assert list(frame["phrase"].dropna()) == [row["phrase"] for row in table.rows if row["phrase"] is not None]
    sheet = pd.read_excel(f"{server.url}/query/pillars.xlsx?country=NOR~ISR")
    assert len(sheet) == len(table)


def test_r_reads_it_by_one_line(server: Server, kg: KnowledgeGraph) -> None:
    need("Rscript", "R is not installed")
    line = f'x <- read.csv("{server.url}/query/pillars.csv?country=NOR~ISR", na.strings = ""); cat(nrow(x), names(x))'
    done = subprocess.run(["Rscript", "-e", line], capture_output=True, text=True, check=True)
    table = kg.query("pillars", country=["NOR", "ISR"]).table()
    assert done.stdout.split() == [str(len(table)), *table.names]


def test_curl_reads_it(server: Server, kg: KnowledgeGraph, tmp_path: Path) -> None:
    need("curl", "curl is not installed")
    out = tmp_path / "pillars.csv"
    subprocess.run(["curl", "-sf", "-o", out, f"{server.url}/query/pillars.csv?country=NOR"], check=True)
    assert out.read_bytes() == written(kg.query("pillars", country=["NOR"]).table(), "csv")


def test_the_lines_of_the_readme_read_it(server: Server, kg: KnowledgeGraph) -> None:
    """Each as it is shown, at the address of this server: pandas, R where it is installed, and what Excel opens."""
    readme = (ROOT / "docs" / "publish.md").read_text(encoding="utf-8").replace("http://127.0.0.1:8000", server.url)
    table = kg.query("pillars", country=["NOR", "ISR"]).table()
    (line,) = re.findall(r"`(pd\.read_csv\(.*?\))`", readme)
    frame = eval(line, {"pd": pd})  # noqa: S307 the project's own text
    assert (len(frame), list(frame.columns)) == (len(table), table.names)
    (address,) = re.findall(r"From Web, `(http\S+)`", readme)
    workbook = server.ask(address.removeprefix(server.url)).body
    assert openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0].max_row == len(table) + 1
    if shutil.which("Rscript"):
        (line,) = re.findall(r"`(read\.csv\(.*?\))`", readme)
        done = subprocess.run(["Rscript", "-e", f"cat(nrow({line}))"], capture_output=True, text=True, check=True)
        assert done.stdout == str(len(table))


# Linked data


@pytest.mark.parametrize(
    ("path", "accept", "to"),
    [
        ("/jurisdiction/nor", HTML, "/jurisdiction/nor/"),
        ("/jurisdiction/nor", "", "/jurisdiction/nor/"),
        ("/jurisdiction/nor", "text/turtle", "/jurisdiction/nor.ttl"),
        ("/jurisdiction/nor", "text/html;q=0.5, application/ld+json", "/jurisdiction/nor.jsonld"),
        ("/jurisdiction/nor", "application/rdf+xml;q=0.2, application/n-triples;q=0.9", "/jurisdiction/nor.nt"),
        ("/jurisdiction/nor", "application/trig", "/jurisdiction/nor.trig"),
        ("/ont", HTML, "/ont/"),
        ("/ont", "text/turtle", "/ont.ttl"),
        ("/jurisdiction/isr", "application/n-triples", "/jurisdiction/isr.nt"),
        ("/jurisdiction/isr", HTML, "/jurisdiction/isr.ttl"),
    ],
)
def test_a_resource_leads_to_what_is_accepted(server: Server, path: str, accept: str, to: str) -> None:
    answer = server.ask(path, accept=accept)
    assert (answer.status, answer.headers["location"]) == (303, to)
    assert "accept" in answer.headers["vary"].lower()
    assert f'<{path}.ttl>; rel="describedby"; type="text/turtle"' in answer.headers["link"]
    assert server.ask(to).status == 200


def test_a_resource_that_cannot_be_had_so_is_406_and_one_that_is_not_is_404(server: Server) -> None:
    assert server.ask("/jurisdiction/nor", accept="image/png").status == 406
    for path in ("/id/none", "/id/none.ttl", "/id/none/", "/../pyproject.toml", "/secret.html", "/.napgraph-site.json"):
        assert server.ask(path).status == 404, path


FORMATS = ("ttl", "jsonld", "nt", "rdf", "trig", "nq")


@pytest.mark.slow
@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("place", ["jurisdiction/isr", "theme/prevention", "ont", "id/nor/plan-2006-2009"])
def test_files_say_what_is_stated_of_a_resource(server: Server, kg: KnowledgeGraph, place: str, ending: str) -> None:
    """Of ``ont`` also what is stated of its terms, of a document what is stated of its parts."""
    from napgraph.query.engine import embedded
    from napgraph.site.addresses import files_of

    form = pyoxigraph.RdfFormat.from_extension(ending)
    assert form is not None
    answer = server.ask(f"/{place}.{ending}")
    assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, form.media_type)
    iri = f"https://w3id.org/napgraph/{place}"
    stated = pyoxigraph.parse(b"".join(embedded(kg).asserted()), format=pyoxigraph.RdfFormat.N_TRIPLES)
    expected = {
        (each.subject, each.predicate)
        for each in stated
        if isinstance(each.subject, pyoxigraph.NamedNode)
        and files_of(each.subject.value.partition("#")[0].removeprefix("https://w3id.org/napgraph/")) == place
    }
    assert (place.startswith("id/")) == any(subject.value.startswith(f"{iri}/") for subject, _ in expected)
    found = {(each.subject, each.predicate) for each in pyoxigraph.parse(answer.body, format=form)}
    assert expected
    assert expected == {each for each in found if isinstance(each[0], pyoxigraph.NamedNode)}
    assert server.ask(f"/{place}.{ending}", if_none_match=answer.headers["etag"]).status == 304


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/jurisdiction/nor/", "text/html"),
        ("/jurisdiction/nor.ttl", "text/turtle"),
        ("/query/", "text/html"),
        ("/query/pillars/", "text/html"),
        ("/query/pillars.rq", "application/sparql-query"),
        ("/assets/site.css", "text/css"),
        ("/assets/part.mjs", "text/javascript"),
        ("/robots.txt", "text/plain"),
        ("/sitemap.xml", "application/xml"),
        ("/dataset/index.json", "application/json"),
        ("/query/pillars.csv-metadata.json", "application/csvm+json"),
    ],
)
def test_pages_of_the_site(server: Server, path: str, kind: str) -> None:
    answer = server.ask(path)
    name = path[1:] + "index.html" if path.endswith("/") else path[1:]
    assert (answer.status, answer.body.decode()) == (200, PAGES[name])
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert answer.headers["etag"]
    assert server.ask(path, if_none_match=answer.headers["etag"]).status == 304
    if kind == "text/html":
        assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_a_browser_at_the_endpoint_is_led_to_the_editor(server: Server) -> None:
    answer = server.ask("/sparql", accept=HTML)
    assert (answer.status, answer.headers["location"]) == (303, "/sparql/")
    assert server.ask("/sparql/").body.decode() == PAGES["sparql/index.html"]
    assert server.ask("/sparql", accept="text/turtle").status == 200


def test_what_is_known_of_the_dataset_and_of_its_questions(server: Server, kg: KnowledgeGraph) -> None:
    """VoID at its well-known address, and the saved queries as editors of SPARQL read them."""
    for accept, form in (("text/turtle", "ttl"), ("application/n-triples", "nt"), ("application/rdf+xml", "rdf")):
        store = pyoxigraph.Store()
        for path in ("void", "sparql-examples"):
            answer = server.ask(f"/.well-known/{path}", accept=accept)
            assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, accept)
            store.load(answer.body, format=pyoxigraph.RdfFormat.from_extension(form))
        found = store.query("""
            PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX void: <http://rdfs.org/ns/void#>
            SELECT (COUNT(DISTINCT ?query) AS ?queries) (COUNT(DISTINCT ?class) AS ?classes) {
              { ?query a sh:SPARQLExecutable ; sh:select ?text }
              UNION { ?data a void:Dataset ; void:classPartition ?class }
            }""")
        ((queries, classes),) = found  # type: ignore[misc]
        assert int(queries.value) == len(kg.queries)
        assert int(classes.value) > 10


def test_a_folder_that_is_no_site_is_told(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="this is no site"), running("--site", str(tmp_path)):
        pass


def test_a_table_is_in_the_language_that_is_asked_for_by_address_or_header(server: Server) -> None:
    path = "/query/pillar-phrases.{}?country=DNK"
    english = server.ask(path.format("html"))
    french = server.ask(path.format("html"), accept_language="fr-CH, fr;q=0.9, en;q=0.8")
    assert b"International cooperation" in english.body
    assert "Coopération internationale" in french.body.decode()
    assert server.ask(path.format("html"), accept_language="de").body == english.body
    assert english.headers["etag"] != french.headers["etag"]
    assert english.headers["vary"].lower() == french.headers["vary"].lower() == "accept-language"
    same = server.ask(path.format("html"), accept_language="fr", if_none_match=french.headers["etag"])
    assert (same.status, same.headers["vary"].lower()) == (304, "accept-language")
    assert (
        "Cooperación internacional" in server.ask(path.format("csv") + "&lang=es", accept_language="fr").body.decode()
    )
    assert b"International cooperation" in server.ask(path.format("csv"), accept_language="fr").body
    assert server.ask(path.format("csv") + "&lang=english").status == 400


@pytest.mark.slow
def test_an_address_leads_to_the_page_in_the_language_that_is_asked_for(server: Server) -> None:
    answer = server.ask("/theme", accept="text/html", accept_language="fr")
    assert (answer.status, answer.headers["location"]) == (303, "/theme/index-fr.html")
    assert "accept-language" in answer.headers["vary"]
    assert server.ask("/theme", accept="text/html", accept_language="es").headers["location"] == "/theme/"
