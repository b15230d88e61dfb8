"""How much of anything a file may hold, in one table. An error names the limit that is met, and how to raise it."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from ..errors import IntakeError, ParameterError, UnknownNameError

MEANINGS = {
    "bytes": "size of the file",
    "unpacked": "size of what a workbook or zip unpacks to",
    "entries": "files inside a workbook or zip",
    "ratio": "how many times larger a file inside a workbook or zip may be than its packed form",
    "cells": "cells of a workbook or of CSV sheets, empty ones between included",
    "literal": "characters of one text",
    "iri": "characters of one IRI",
    "nesting": "brackets, or elements of XML, inside one another",
    "json-depth": "objects and lists of JSON inside one another",
    "triples": "statements",
    "blank-nodes": "nodes without an IRI",
    "seconds": "computing time to read and check one file",
    "memory": "memory to read and check one file",
}
_SIZES = {"bytes", "unpacked", "memory", "question", "answer", "received", "unsent", "head", "kept"}
_TIMES = {"seconds", "patience", "idle", "body-seconds", "wait-seconds", "send-seconds"}
_BYTES = {"": 1, "b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3, "kib": 1024, "mib": 1024**2, "gib": 1024**3}
_VALUE = re.compile(r"\s*([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*([A-Za-z]*)\s*")


class Limits(NamedTuple):
    """The limits of intake; ``MEANINGS`` says in words what each one bounds. Sizes are in bytes."""

    bytes: int = 20 * 1000**2
    unpacked: int = 50 * 1000**2
    entries: int = 200
    ratio: int = 100
    cells: int = 200_000
    literal: int = 65_536
    iri: int = 2_048
    nesting: int = 64
    json_depth: int = 64
    triples: int = 100_000
    blank_nodes: int = 5_000
    seconds: float = 10
    memory: int = 2 * 1000**3

    @classmethod
    def of(cls, values: Mapping[str, str | float]) -> Self:
        """Return the default limits with ``values`` in their place; raises as :func:`amounts`."""
        return cls()._replace(**amounts(values, MEANINGS))  # type: ignore[arg-type]

    def exceeded(self, name: str, found: float | None, source: str, *, line: int | None = None) -> IntakeError:
        """Return the error for a limit that was met; ``found`` is None where counting stopped at the limit."""
        limit = getattr(self, name.replace("-", "_"))
        amount = in_words(name, found) if found is not None else "more"
        wanted = int(limit * 2 if found is None else found)
        step = int(10 ** max(0, len(str(wanted)) - 2))  # two figures count
        ask = in_words(name, -(-wanted // step) * step).replace(" ", "").replace(",", "")
        problem = f"the limit {name!r} ({MEANINGS[name]}) is {in_words(name, limit)}, and here is {amount}."
        fix = f"If that is meant, allow it with --limit {name}={ask}."
        return IntakeError(source, problem, line=line, mend=fix, key=name)


DEFAULT = Limits()


def amounts(values: Mapping[str, str | float], known: Iterable[str]) -> dict[str, float]:
    """Return amounts by the names of their fields; raises UnknownNameError, ParameterError for what is no amount."""
    changed = {}
    for given, value in values.items():
        name = given.strip().lower().replace("_", "-")
        if name not in known:
            raise UnknownNameError("limit", given, known, see=f"The limits are: {', '.join(known)}.")
        units, example = ({"": 1, "s": 1, "min": 60}, "60") if name in _TIMES else ({"": 1}, "1000")
        if name in _SIZES:
            units, example = _BYTES, "50 MB"
        match = _VALUE.fullmatch(str(value).replace(",", ""))
        amount = float(match[1]) * units.get(match[2].lower(), 0) if match else 0
        if amount <= 0:
            raise ParameterError(f"The limit {name} needs an amount above zero such as {example}, not {str(value)!r}.")
        changed[name.replace("-", "_")] = amount if name in _TIMES else int(amount)
    return changed


def in_words(name: str, amount: float) -> str:
    """Return an amount of the limit ``name`` with its unit: ``31.2 MB``, ``10 s``, ``70,000``."""
    if name in _TIMES:
        return f"{amount:g} s"
    if name in _SIZES:
        units = (("GB", 1000**3), ("MB", 1000**2), ("kB", 1000), ("B", 1))
        unit, factor = next((pair for pair in units if amount >= pair[1]), units[-1])
        return f"{round(amount / factor, 1):g} {unit}"
    return f"{amount:,.0f}"
