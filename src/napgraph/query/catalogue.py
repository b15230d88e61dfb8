"""The saved queries: plain ``.rq`` files that run unchanged in any SPARQL tool.

A file documents itself in ``#+ key: value`` lines. ``#+ param-x: kind; words`` declares a parameter, which stands as a
slot ``VALUES ?x { UNDEF }`` (all) or with its default, once or in each branch of a union, which is faster.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Self

import pyoxigraph

from ..errors import ParameterError, QueryError, UnknownNameError, nearest
from ..project.root import files_below
from ..rdf.namespaces import BASE, XSD

Resolve = Callable[[str, str], list[pyoxigraph.NamedNode]]
Seen = Callable[[Sequence[str], str | None], str]
_OURS = ("queries/build/", "queries/describe/")  # CONSTRUCTs that napgraph itself runs
_SLOT = re.compile(r"VALUES \?(\w+) \{ ([^{}\n]*) \}")
_SOURCES = re.compile(r"VALUES \?source \{ UNDEF \}")
_LENS = ("source", "extent")
_TYPED = {
    "date": (re.compile(r"(?!0000)\d{4}-\d{2}-\d{2}"), "date", "a day such as 2006-07-01"),
    "integer": (re.compile(r"[+-]?\d{1,18}"), "integer", "a whole number such as 3"),
    "text": (re.compile(r".*", re.DOTALL), "string", "text"),
}


class Parameter(NamedTuple):
    """A query's parameter: its name, the kind of its values, what it means, and the slot's default text."""

    name: str
    kind: str
    words: str
    default: str


class SavedQuery(NamedTuple):
    """One ``.rq`` file: its name (the file's), folder, header and text."""

    name: str
    folder: str
    header: dict[str, str]
    text: str

    @property
    def parameters(self) -> dict[str, Parameter]:
        """The declared parameters by name; raises QueryError for one that has no slot, or slots that differ."""
        made = {}
        for key, value in ((key, value) for key, value in self.header.items() if key.startswith("param-")):
            name = key.removeprefix("param-")
            kind, _, words = value.partition("; ")
            slot_of = "source" if kind == "extent" else name  # an extent narrows the sources
            defaults = {slot[2] for slot in _SLOT.finditer(self.text) if slot[1] == slot_of}
            if len(defaults) != 1:
                slot = f"VALUES ?{name} {{ UNDEF }}"
                raise QueryError(f"{self.name}: the parameter {name!r} needs a slot {slot!r}, or equal ones.")
            made[name] = Parameter(name, kind, words, defaults.pop())
        return made

    @property
    def columns(self) -> list[str]:
        """The columns that the header promises, in order."""
        return [name.strip() for name in self.header.get("columns", "").split(",") if name.strip()]

    def with_slot(self, name: str, values: str) -> Self:
        """Return the query with each slot of ``name`` filled with ``values``, already SPARQL terms."""
        filled = f"VALUES ?{name} {{ {values} }}"
        return self._replace(text=_SLOT.sub(lambda slot: filled if slot[1] == name else slot[0], self.text))


class Catalogue:
    """The saved queries under ``queries/``, read when asked for; a query's name is its file's name."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._held: dict[str, SavedQuery] = {}
        paths = files_below(root, "queries", (".rq",))
        self._paths = {os.path.basename(path).removesuffix(".rq"): path for path in paths if not path.startswith(_OURS)}

    def hold(self) -> None:
        """Read every file now and never again, for who answers for long while the files may change."""
        self._held = {path: self._read(path) for path in self._paths.values()}

    def __iter__(self) -> Iterator[SavedQuery]:
        return (self._read(path) for path in self._paths.values())

    def __len__(self) -> int:
        return len(self._paths)

    def names(self) -> list[str]:
        """Return the names in the order of folders and files."""
        return list(self._paths)

    def get(self, name: str) -> SavedQuery:
        """Return the saved query ``name``, its folder before it or not, or a ``.rq`` file; raises UnknownNameError."""
        if name.endswith(".rq") and os.path.exists(name):
            return read_query(name, "")
        path = self._paths.get(name) or self._paths.get(name.removesuffix(".rq").rpartition("/")[2])
        if path is None:
            raise UnknownNameError("saved query", name, self._paths, see="'napgraph queries' lists them all.")
        return self._read(path)

    def _read(self, path: str) -> SavedQuery:
        return self._held.get(path) or read_query(os.path.join(self._root, path), path.split("/")[1])


def read_query(path: str, folder: str) -> SavedQuery:
    """Read one ``.rq`` file; raises QueryError if it cannot be read or is not UTF-8 text."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except OSError as error:
        raise QueryError(f"{path}: this file cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise QueryError(f"{path}: this file is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from error
    lines = (line[3:] for line in text.splitlines() if line.startswith("#+ ") and ": " in line)
    header = dict(line.split(": ", maxsplit=1) for line in lines)
    return SavedQuery(os.path.basename(path).removesuffix(".rq"), folder, header, text)


def bind(query: SavedQuery, parameters: Mapping[str, object], resolve: Resolve, seen: Seen) -> SavedQuery:
    """Return ``query`` with each parameter's slot filled; None and empty lists leave the default.

    Values become terms first, so that none can change the query around it; ``resolve`` is :meth:`Session.meant`,
    ``seen`` :meth:`Session.seen`. Where jurisdictions are named, those below and above the state count too, as they do
    where the tier is ``all``.
    """
    known = query.parameters
    lens: dict[str, list[str]] = {}
    for name, value in parameters.items():
        if not known:
            raise ParameterError(f"The query {query.name!r} has no parameters, so {name!r} cannot be set.")
        if name not in known:
            near = nearest(name, list(known))
            hint = f"Did you mean {' or '.join(near)}?" if near else f"It has: {', '.join(known)}."
            raise ParameterError(f"The query {query.name!r} has no parameter {name!r}. {hint}")
        given = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
        given = [item for item in given if item is not None]
        if name == "tier" and "all" in given:
            query = query.with_slot(name, "UNDEF")
            continue
        terms = [str(term) for item in given for term in _terms(known[name], item, resolve)]
        if terms and known[name].kind in _LENS:
            lens[known[name].kind] = terms
        elif terms:
            query = query.with_slot(name, " ".join(terms))
    if lens:
        least = lens.get("extent", [])
        if len(least) > 1:
            raise ParameterError("There can be only one least extent.")
        query = query._replace(text=_SOURCES.sub(seen(lens.get("source", []), least[0] if least else None), query.text))
    if "tier" in known and parameters.get("country") and not parameters.get("tier"):
        query = query.with_slot("tier", "UNDEF")
    return query


def _terms(
    parameter: Parameter, value: object, resolve: Resolve
) -> Sequence[pyoxigraph.NamedNode | pyoxigraph.Literal]:
    """Make the terms that a user's ``value`` names, by the parameter's kind: several for a region."""
    text = str(value).strip()
    if parameter.kind in _TYPED:
        from ..rdf.datatypes import fault

        pattern, datatype, words = _TYPED[parameter.kind]
        if not pattern.fullmatch(text) or (datatype == "date" and fault(text, XSD + datatype)):
            raise ParameterError(f"{parameter.name} needs {words}, not {text!r}.")
        return [pyoxigraph.Literal(text, datatype=pyoxigraph.NamedNode(XSD + datatype))]
    if parameter.kind.startswith("one of "):
        choices = parameter.kind.removeprefix("one of ").split(" | ")
        if text not in choices:
            raise UnknownNameError(parameter.name, text, choices, see=f"It is one of: {', '.join(choices)}.")
        return [pyoxigraph.Literal(text)]
    if parameter.kind == "iri":
        try:
            return [pyoxigraph.NamedNode(text)]
        except ValueError as error:
            raise ParameterError(f"{parameter.name} needs an IRI such as {BASE}theme, not {text!r}.") from error
    return resolve(parameter.kind, text)
