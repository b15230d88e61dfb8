"""The packages that draw, which are optional."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

from ..errors import OutputError


def altair() -> Any:
    """Return the plotting package; raises OutputError that says how to get it where it is not installed."""
    return _imported("altair")


@cache
def _imported(name: str) -> ModuleType:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise OutputError(
            f'Pictures need packages that are not installed here ({error.name}): pip install "napgraph[charts]".'
        ) from error


def renderer() -> Any:
    """Return the package that turns a picture into SVG and PNG; raises OutputError as :func:`altair`."""
    return _imported("vl_convert")
