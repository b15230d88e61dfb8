"""What the model of the workbook is made of: sheets with their columns, kinds of rows, parts of rows, codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyoxigraph

    from .words import Texts


class Kind(NamedTuple):
    """A sort of thing that a row may be: its class, and how it is tied to its document."""

    name: str
    sheet: str
    cls: pyoxigraph.NamedNode
    word: str
    link: pyoxigraph.NamedNode | None
    back: pyoxigraph.NamedNode | None
    below: bool
    labels: Texts


class Part(NamedTuple):
    """A resource that a row describes besides its own, reached ``through`` a property; without ``word`` it is blank."""

    name: str
    cls: pyoxigraph.NamedNode
    through: pyoxigraph.NamedNode
    word: str
    link: pyoxigraph.NamedNode | None
    fixed: tuple[pyoxigraph.NamedNode, pyoxigraph.NamedNode] | None
    each: bool


class Column(NamedTuple):
    """A column of a sheet: how its cells are read and what they state.

    ``loose`` columns describe the row itself where nothing else is said of their part. ``needed`` is required,
    expected or empty.
    """

    name: str
    kind: str
    writes: tuple[pyoxigraph.NamedNode, ...]
    back: tuple[pyoxigraph.NamedNode, ...]
    part: Part | None
    loose: bool
    codes: str
    allowed: tuple[str, ...]
    points: tuple[str, ...]
    rules: tuple[str, ...]
    needed: str
    labels: Texts
    help: Texts
    examples: Texts
    others: tuple[str, ...]


class Sheet(NamedTuple):
    """A sheet: the kinds of its rows, the first of them the usual one, and its columns in their order."""

    name: str
    labels: Texts
    help: Texts
    kinds: tuple[Kind, ...]
    columns: tuple[Column, ...]

    @property
    def down(self) -> bool:
        """Whether each record is a column and each property a line."""
        return self.name == "document"

    def column(self, name: str) -> Column | None:
        """Return the column of this name."""
        return next((column for column in self.columns if column.name == name), None)

    def of_kind(self, kind: str) -> Column | None:
        """Return the first column whose cells are read as ``kind``."""
        return next((column for column in self.columns if column.kind == kind), None)


class Code(NamedTuple):
    """A code of a list: its IRI and its label in each language; a collection of codes is no value by itself."""

    iri: str
    labels: Texts
    collection: bool
