"""What is believed of a child that does a stranger's work: plain values, named tuples and exceptions of napgraph's.

A stranger's file or query that took over the child, by a fault of an engine, reaches nobody else by it.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

from ..errors import revived

if TYPE_CHECKING:
    import io

__all__ = ["plain"]

_OURS = "napgraph"


def plain(file: io.BytesIO) -> object:
    """Return what is pickled in ``file``; raises UnpicklingError where it is of another class, or as pickle does."""
    return _Plain(file).load()


class _Plain(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        """Return a class that an answer may be of; raises UnpicklingError for anything else."""
        if module.partition(".")[0] == _OURS or module == "builtins":
            found = super().find_class(module, name)
            if found is revived or (isinstance(found, type) and issubclass(found, (tuple, BaseException))):
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")
