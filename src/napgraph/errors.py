"""What can go wrong, as exceptions; their text says in plain words what, where, and how to fix it."""

import copyreg
from collections.abc import Iterable, Sequence
from typing import Self


class NapgraphError(Exception):
    """Base of all: the text is a sentence for the user. It pickles with all that it holds."""

    def __reduce__(self) -> tuple[object, ...]:
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class FolderError(NapgraphError):
    """A folder that should hold ontology, data, shapes or queries is missing or cannot be read."""


class SourceFileError(NapgraphError):
    """A file cannot be read as what it should be: its path, the line where known, and the repair."""

    def __init__(self, path: str, problem: str, *, line: int | None = None, mend: str = "") -> None:
        self.path, self.line, self.problem, self.mend = path, line, problem, mend
        place = f"{path}:{line}" if line else path
        super().__init__(f"{place}: {problem}{' ' + mend if mend else ''}")


class IntakeError(SourceFileError):
    """A file that someone sent cannot be read.

    ``key`` names the reason: ``syntax``, ``encoding``, ``wrong-kind``, ``iri`` and the like, or the name of a limit;
    ``pointer`` is the JSON pointer where the file is JSON.
    """

    def __init__(
        self,
        path: str,
        problem: str,
        *,
        line: int | None = None,
        pointer: str = "",
        mend: str = "",
        key: str = "unreadable",
    ) -> None:
        super().__init__(path, f"{pointer}: {problem}" if pointer else problem, line=line, mend=mend)
        self.key, self.pointer = key, pointer


class UnknownNameError(NapgraphError):
    """A name that does not exist (command, query, axis, country, code), with the nearest that do."""

    def __init__(
        self,
        kind: str,
        name: str,
        known: Iterable[str],
        *,
        see: str = "",
        near: Sequence[str] | None = None,
        problem: str = "",
    ) -> None:
        self.kind, self.name = kind, name
        near = nearest(name, known) if near is None else near
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"{problem or f'There is no {kind} {name!r}'}.{hint}{' ' + see if see else ''}")


class ParameterError(NapgraphError):
    """A parameter that a query does not have, or a value that it cannot take."""


class QueryError(NapgraphError):
    """A SPARQL query that cannot be read or run."""


class EndpointError(QueryError):
    """An endpoint gave no answer, or not all of it; ``fault`` names the reason (see ``query/endpoint.py``)."""

    def __init__(self, endpoint: str, fault: str, words: str) -> None:
        self.endpoint, self.fault = endpoint, fault
        super().__init__(f"{endpoint}: {words}")


class ServerError(NapgraphError):
    """The server cannot be started."""


class ShapeError(NapgraphError):
    """A rule in the shape files cannot be applied as it is written."""


class InconsistencyError(NapgraphError):
    """The graph contradicts the ontology: each message names the resource."""

    @classmethod
    def listing(cls, found: Iterable[str]) -> Self:
        """Return an error that lists what was found, a sentence each."""
        listed = sorted(set(found))
        return cls(
            f"The data contradict the ontology ({len(listed)} time{'s' if len(listed) > 1 else ''}):\n  "
            + "\n  ".join(listed)
            + "\nCorrect the statements of the resources named here; nothing was written."
        )


class AxiomError(NapgraphError):
    """The ontology or the data state something whose consequences the compiled rules do not know."""


class StoreError(NapgraphError):
    """A folder is no store on disk that can be asked: it is missing, damaged, or made by another napgraph."""


class MissingPackageError(NapgraphError):
    """A package that only some answers need is not installed; ``extra`` is the group of napgraph that brings it."""

    def __init__(self, package: str, extra: str) -> None:
        self.package, self.extra = package, extra
        super().__init__(f'{package} is not installed. Install it with: pip install "napgraph[{extra}]"')


class OutputError(NapgraphError):
    """A result cannot be written where it was asked for."""


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return up to ``most`` of ``known`` that look like ``name``, best first; case decides between the same letters."""
    from difflib import SequenceMatcher, get_close_matches

    def likeness(one: str, other: str) -> float:
        return SequenceMatcher(None, one, other).ratio()

    by_fold: dict[str, list[str]] = {}
    for candidate in dict.fromkeys(known):
        by_fold.setdefault(candidate.casefold(), []).append(candidate)
    fold = name.casefold()
    close = get_close_matches(fold, by_fold, n=4 * most, cutoff=0.6)
    close.sort(key=lambda key: (sorted(key) != sorted(fold), -round(likeness(key, fold), 2), key[:2] != fold[:2]))
    close += [key for key in by_fold if fold and key.startswith(fold) and key not in close]
    found = (sorted(by_fold[key], key=lambda each: -likeness(each, name)) for key in close[:most])
    return [each for group in found for each in group][:most]
