"""The packages that draw: optional, large, and so imported when something is drawn."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import OutputError

if TYPE_CHECKING:
    from altair import ConcatChart

Picture: TypeAlias = "ConcatChart"


class _Package:
    """A package by its name, imported at its first use; raises OutputError that says how to get it where it is not."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        try:
            return getattr(import_module(self._name), attribute)
        except ImportError as error:
            raise OutputError(
                f'Pictures need packages that are not installed here ({error.name}): pip install "napgraph[charts]".'
            ) from error


alt: Any = _Package("altair")
renderer: Any = _Package("vl_convert")
