"""The graph with someone's own files joined to it for one run: what they state, and what follows from it.

Nothing is written, neither to the data folder nor to the cache: a draft may be confidential.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from ..errors import IntakeError
from ..graph.build import as_quads, build, stated_quads
from ..graph.files import JURISDICTIONS, fingerprint
from ..graph.store import MemoryGraph
from ..query.engine import EmbeddedEngine
from ..rdf.namespaces import BASE
from .record import Record

if TYPE_CHECKING:
    from .source import Source


def read(source: Source | Record, root: str) -> Record:
    """Read a file that someone sent, in a child as all of them; raises IntakeError, also where nothing stands in it."""
    from functools import partial

    from ..sandbox import run
    from . import read as intake
    from .limits import DEFAULT
    from .source import name_of, take

    if isinstance(source, Record):
        return source
    name = name_of(source)
    path = isinstance(source, (str, os.PathLike)) and source != "-"
    reading = partial(intake.read, source if path else take(source, name, DEFAULT), name=name, root=root)
    record = run(reading, seconds=DEFAULT.seconds, memory=DEFAULT.memory, source=name)
    if not record.triples:
        raise IntakeError(name, "nothing is stated here, so there is nothing to join.", mend="Name another file.")
    return record


def join(root: str, records: Sequence[Record]) -> EmbeddedEngine:
    """Return an engine over the folders under ``root`` and ``records``; raises InconsistencyError as a build does."""
    import pyoxigraph

    parts = {
        f"data-{number}": pyoxigraph.serialize(record.triples, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
        for number, record in enumerate(records, 1)
    }
    digest = blake2b(fingerprint(root).encode(), digest_size=20)
    for part in parts.values():
        digest.update(part)
    made = build(root, instead={f"{JURISDICTIONS}{name}": part for name, part in parts.items()})
    stated = [content for _, content in stated_quads(root)]
    stated += [as_quads(part, name, f"{BASE}graph/{name}") for name, part in parts.items()]
    return EmbeddedEngine(MemoryGraph(digest.hexdigest(), *made, stated))
