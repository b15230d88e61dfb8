"""The checking service says what ``napgraph check`` says, takes what the EU Test Bed sends, and fetches nothing."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pyoxigraph
import pytest

from napgraph import check
from napgraph.server.handlers import REPORT_LANGUAGES, REPORTS
from napgraph.validation.reports import render

from .conftest import ROOT
from .serving import Reply, Server, running

WHOLE = (ROOT / "tests/world/data/jurisdictions/xaa.ttl").read_bytes()
BROKEN = b"@prefix nap: <https://w3id.org/napgraph/ont#> .\n<x:a> a nap:Plan\n<x:b> a nap:Plan .\n"
MULTIPART = "multipart/form-data; boundary=b"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as made:
        yield made


def multipart(*parts: tuple[str, bytes]) -> bytes:
    return (
        b"".join(
            b"--b\r\ncontent-disposition: form-data; " + head.encode() + b"\r\n\r\n" + content + b"\r\n"
            for head, content in parts
        )
        + b"--b--\r\n"
    )


def sent(server: Server, content: bytes, **fields: str) -> list[Reply]:
    """Send a file every way that there is."""
    from urllib.parse import urlencode

    given = urlencode({"name": "xaa.ttl", **fields})
    embedded = {"contentSyntax": "text/turtle", **fields}
    texts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    whole = {"contentToValidate": content.decode(), **embedded}
    packed = {"contentToValidate": base64.b64encode(content).decode(), "embeddingMethod": "BASE64", **embedded}
    return [
        server.ask(f"/api/check?{given}", "POST", content, content_type="text/turtle"),
        server.ask(f"/api/check?{given}", "POST", content, content_type="application/octet-stream"),
        server.ask(
            "/api/check",
            "POST",
            multipart(('name="file"; filename="xaa.ttl"', content), *texts),
            content_type=MULTIPART,
        ),
        server.ask("/api/check", "POST", json.dumps(whole).encode(), content_type="application/json"),
        server.ask("/api/check", "POST", json.dumps(packed).encode(), content_type="application/json"),
        server.ask("/api/check", "POST", urlencode(whole).encode(), content_type="application/x-www-form-urlencoded"),
    ]


def test_every_way_of_sending_gives_the_findings_of_the_library(server: Server) -> None:
    content = WHOLE.replace(b"dcterms:title", b"dcterms:titel", 1)
    (report,) = check(content)
    told = [(found.rule, found.message, found.place.line if found.place else None) for found in report.findings]
    assert told
    for answer in sent(server, content):
        assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
        text = answer.body.decode()
        assert all(json.dumps(message, ensure_ascii=False)[1:-1] in text for _, message, _ in told)


def test_one_byte_order_mark_before_a_file_is_no_part_of_it(server: Server) -> None:
    mark = b"\xef\xbb\xbf"
    plain, marked = sent(server, WHOLE), sent(server, mark + WHOLE)
    assert [answer.status for answer in marked] == [200] * 6
    assert [answer.body for answer in marked] == [answer.body for answer in plain]
    whole = json.dumps({"contentToValidate": WHOLE.decode(), "contentSyntax": "text/turtle"}).encode()
    assert server.ask("/api/check", "POST", mark + whole, content_type="application/json").status == 200


@pytest.mark.slow
@pytest.mark.parametrize("media", REPORTS)
def test_reports_in_every_format_by_accept_and_by_field(server: Server, media: str, tmp_path: Path) -> None:
    path = tmp_path / "xaa.ttl"
    path.write_bytes(WHOLE)
    asked = server.ask("/api/check?name=xaa.ttl", "POST", WHOLE, content_type="text/turtle", accept=media)
    assert (asked.status, asked.headers["content-type"].partition(";")[0]) == (200, media)
    assert [answer.status for answer in sent(server, WHOLE, reportSyntax=media)] == [200] * 6
    if media == "text/turtle":
        assert list(pyoxigraph.parse(asked.body, format=pyoxigraph.RdfFormat.TURTLE))
    if media in {"text/csv", "application/sarif+json"}:
        report = check(WHOLE)[0]._replace(source="xaa.ttl")
        expected = render([report], REPORTS[media], str(ROOT))
        assert len(asked.body.splitlines()) == len(expected.splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("language", REPORT_LANGUAGES)
def test_reports_in_every_language(server: Server, language: str) -> None:
    bodies = {answer.body for answer in sent(server, WHOLE, locale=language, reportSyntax="text/csv")}
    (report,) = check(WHOLE, lang=language)
    assert all(found.title.encode() in body for found in report.findings for body in bodies)


def test_another_profile_judges_otherwise(server: Server) -> None:
    record = (ROOT / "data/jurisdictions/nor.ttl").read_bytes()
    counts = {}
    for profile in ("thin", "full-submission"):
        told = server.ask(f"/api/check?validationType={profile}", "POST", record, accept="application/sarif+json")
        counts[profile] = sum(each["level"] == "error" for each in json.loads(told.body)["runs"][0]["results"])
    assert counts["thin"] != counts["full-submission"]


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (BROKEN, 422, "line"),
        (b"%PDF-1.7", 422, "PDF"),
        (b"[" * 100_000, 422, ""),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><rdf:RDF/>', 422, ""),
        (b'{"@context": "http://127.0.0.1:1/", "@id": "x:a"}', 422, ""),
    ],
)
def test_what_cannot_be_read_is_422_in_plain_words(server: Server, content: bytes, status: int, words: str) -> None:
    answer = server.ask("/api/check", "POST", content, content_type="application/octet-stream")
    assert answer.status == status
    assert words in answer.detail or words == "line"
    assert "Traceback" not in answer.detail


@pytest.mark.parametrize(
    ("kind", "body", "status", "words"),
    [
        ("application/json", b'{"contentToValidate": "http://127.0.0.1:1/", "embeddingMethod": "URL"}', 400, "fetched"),
        ("application/json", b'{"contentToValidate": "%%%", "embeddingMethod": "BASE64"}', 400, "BASE64"),
        ("application/json", b'{"contentToValidate": "x", "embeddingMethod": "FTP"}', 400, "FTP"),
        ("application/json", b'{"contentToValidate": 1}', 400, "texts"),
        ("application/json", b'{"contentToValidate": "x"', 400, "JSON"),
        ("application/json", b'{"contentToValidate": "x", "rules": "y"}', 400, "'rules'"),
        ("application/json", b'{"contentToValidate": "x", "locale": "xx"}', 400, "'xx'"),
        ("application/json", b'{"contentToValidate": "x", "reportSyntax": "a/b"}', 400, "'a/b'"),
        ("application/json", b'{"contentToValidate": "x", "validationType": "thinn"}', 400, "Did you mean thin?"),
        (MULTIPART, b"nothing", 400, "form"),
        (MULTIPART, multipart(('name="locale"', b"en")), 400, "no file here"),
        (MULTIPART, multipart(*[('name="file"; filename="a.ttl"', b"")] * 2), 400, "one file"),
        (MULTIPART, multipart(*[(f'name="f{n}"', b"x") for n in range(50)]), 400, "form"),
    ],
)
def test_errors(server: Server, kind: str, body: bytes, status: int, words: str) -> None:
    answer = server.ask("/api/check", "POST", body, content_type=kind)
    assert answer.status == status, answer
    assert words in answer.detail


def test_a_name_is_only_a_name(server: Server) -> None:
    answer = server.ask("/api/check?name=../../etc/%1B%5B31mplan.ttl", "POST", BROKEN)
    assert answer.detail.startswith("[31mplan.ttl:")


def test_a_file_of_more_than_20_mb_is_413(server: Server) -> None:
    assert server.ask("/api/check", "POST", b"#" * 20_000_001, content_type="text/turtle").status == 413


def test_a_record_is_posted_and_not_read(server: Server) -> None:
    answer = server.ask("/api/check")
    assert (answer.status, answer.headers["allow"]) == (405, "POST, OPTIONS")


@pytest.mark.slow
def test_the_description_is_openapi_and_names_what_there_is(server: Server) -> None:
    made = json.loads(server.ask("/openapi.json").body)
    jsonschema.Draft202012Validator.check_schema(
        made["components"]["responses"]["Problem"]["content"]["application/problem+json"]["schema"]
    )
    assert made["openapi"].startswith("3.1")
    names = made["paths"]["/query/{name}.{form}"]["get"]["parameters"][0]["schema"]["enum"]
    assert "pillars" in names
    assert server.ask("/").status == 303


CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,unsupported_method"
)


@pytest.mark.slow
def test_the_description_is_true(server: Server, tmp_path: Path) -> None:
    """Requests that a program makes of it are answered as it says: a bounded number, the same each time."""
    schemathesis = str(Path(sys.executable).parent / "schemathesis")
    options = [
        "--max-examples",
        "8",
        "--generation-deterministic",
        "--checks",
        CHECKS,
        "--phases",
        "examples,coverage,fuzzing",
    ]
    command = [schemathesis, "run", f"{server.url}/openapi.json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
