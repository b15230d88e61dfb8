"""No query is written in a form whose cost grows faster than the data.

Looked at is the text, since a time cannot be asserted; ``make bench`` measures how each query grows.
"""

from __future__ import annotations

import re

import pytest

from .conftest import ROOT

QUERIES = sorted((ROOT / "queries").rglob("*.rq"))
_WORDS = re.compile(r'"[^"\n]*"|<[^<>\s]*>|#[^\n]*')


def correlated(text: str) -> list[str]:
    """Return what stands in each NOT EXISTS or EXISTS of a query that holds more than one pattern, or a path.

    Oxigraph asks such a group anew for every row, and goes through all that it matches each time: on 1,000 plans
    minutes for what MINUS, which is one join, answers in a fifth of a second.
    """
    text = _WORDS.sub("<x>", text)
    found = []
    for start in re.finditer(r"\bEXISTS\s*\{", text):
        depth, end = 1, start.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        body = text[start.end() : end - 1].strip().rstrip(".").strip()
        if re.search(r"[.;{|]|\S/\S|[*+](?=\s)", body):
            found.append(body)
    return found


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_nothing_is_asked_anew_for_every_row(path: object) -> None:
    assert correlated(path.read_text(encoding="utf-8")) == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        "?a nap:x ?b . ?b nap:y ?c",
        "?a nap:x/nap:y ?c .",
        "?a nap:x ?b ; nap:y ?c",
        "?a skos:broader* ?b",
        "{ ?a nap:x ?b } UNION { ?a nap:y ?b }",
    ],
)
def test_the_forms_are_recognised(body: str) -> None:
    assert correlated(f'SELECT ?a WHERE {{ ?a nap:z "EXISTS {{" . FILTER NOT EXISTS {{ {body} }} }}')
    assert not correlated(f"SELECT ?a WHERE {{ ?a nap:z ?z MINUS {{ {body} }} }}")
    assert not correlated("SELECT ?a WHERE { ?a nap:z ?z FILTER NOT EXISTS { ?a nap:x ?b . } }")
