"""What answers SPARQL text. A session asks one engine; which one it is, no query and no analysis needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .results import ResultTable

__all__ = ["TIMEOUT", "Engine"]

TIMEOUT = 60.0
"""Seconds that an endpoint may take for a question, if nothing else is said."""


class Engine(Protocol):
    """One graph that can be asked, wherever it lies: in memory, on disk, or behind an address."""

    @property
    def version(self) -> str:
        """What tells this state of the data from any other, such as the digest of its files."""

    def answer(self, text: str, name: str, *, asserted: bool = False) -> ResultTable:
        """Return the answer to SPARQL ``text``, known to the user as ``name``.

        Asked is everything stated and everything that follows, or with ``asserted`` only what is stated. Raises
        QueryError for what is no query, or could not be answered whole.
        """
