"""What a judge says of statements: one result, in plain text, the same from whichever engine."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Result"]


class Result(NamedTuple):
    """One broken rule, as SHACL reports it.

    ``rule`` and ``component`` are IRIs, of a nameless rule ``_:`` and its name; ``severity`` is Violation, Warning or
    Info; ``focus`` and ``value`` are written as in N-Triples, ``value`` empty where the result has none; ``path`` is
    the property where the result has a single one, else empty.
    """

    rule: str
    severity: str
    focus: str
    path: str
    value: str
    component: str
