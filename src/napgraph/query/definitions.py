"""Saved look-ups over what is no graph of plans: shapes, code lists and ontology, or one record."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyoxigraph

from .catalogue import read_query
from .engine import evaluate

if TYPE_CHECKING:
    from .results import Results


def store_of(triples: Iterable[pyoxigraph.Triple]) -> pyoxigraph.Store:
    """Return a store in memory with ``triples`` in its default graph."""
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.Quad(*triple) for triple in triples)
    return store


def ask(root: str, name: str, store: pyoxigraph.Store) -> Results:
    """Return the answer of the look-up ``name`` (``queries/lookup/<name>.rq``) over ``store``."""
    query = read_query(os.path.join(root, "queries", "lookup", f"{name}.rq"), "lookup")
    return evaluate(store, query.text, name)
