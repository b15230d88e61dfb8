"""Targets: which subjects of a record a rule is applied to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from .index import View
    from .shapes import Target
    from .terms import Term

__all__ = ["focus_nodes"]


def focus_nodes(view: View, targets: frozenset[Target]) -> AbstractSet[Term]:
    """Return the subjects of the record that one of the targets means."""
    found: set[Term] = set()
    for target in targets:
        found |= _of(view, target)
    return found


def _of(view: View, target: Target) -> AbstractSet[Term]:
    if target.kind == "targetClass":
        return view.instances(target.value)
    if target.kind == "targetNode":
        return view.subjects & {target.value}
    if not isinstance(target.value, NamedNode):
        return set()
    table = view.forward(target.value) if target.kind == "targetSubjectsOf" else view.backward(target.value)
    return view.subjects & table.keys()
