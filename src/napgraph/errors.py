"""What can go wrong, as exceptions whose text says in plain words what, where, and how to mend it.

Every exception that napgraph raises on purpose is a :class:`NapgraphError`; the command line prints its
text and ends with status 2.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "FolderError",
    "InconsistencyError",
    "NapgraphError",
    "OutputError",
    "ParameterError",
    "QueryError",
    "SourceFileError",
    "UnknownNameError",
    "nearest",
]


class NapgraphError(Exception):
    """Base of all: the text is a sentence for the user."""


class FolderError(NapgraphError):
    """A folder that should hold ontology, data, shapes or queries is missing or cannot be read."""


class SourceFileError(NapgraphError):
    """A file cannot be read as what it should be: its path, the line where known, and the repair."""

    def __init__(self, path: str, problem: str, *, line: int | None = None, mend: str = "") -> None:
        self.path, self.line = path, line
        place = f"{path}:{line}" if line else path
        super().__init__(f"{place}: {problem}{' ' + mend if mend else ''}")


class UnknownNameError(NapgraphError):
    """A name that does not exist (command, query, axis, country, code), with the nearest that do."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, see: str = "") -> None:
        self.kind, self.name = kind, name
        near = nearest(name, known)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"There is no {kind} {name!r}.{hint}{' ' + see if see else ''}")


class ParameterError(NapgraphError):
    """A parameter that a query does not have, or a value that it cannot take."""


class QueryError(NapgraphError):
    """A SPARQL query that cannot be read or run."""


class InconsistencyError(NapgraphError):
    """The graph contradicts the ontology: each message names the resource."""


class OutputError(NapgraphError):
    """A result cannot be written where it was asked for."""


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return up to ``most`` of ``known`` that look like ``name``, best first; case does not count."""
    from difflib import get_close_matches

    by_fold: dict[str, str] = {}
    for candidate in known:
        by_fold.setdefault(candidate.casefold(), candidate)
    fold = name.casefold()
    close = get_close_matches(fold, by_fold, n=most, cutoff=0.6)
    close += [key for key in by_fold if fold and key.startswith(fold) and key not in close]
    return [by_fold[key] for key in close[:most]]
