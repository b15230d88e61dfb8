"""The site as a whole: every kind of page into one folder."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from ..rdf.namespaces import BASE
from .context import Material
from .dump import refuse_other
from .pages import (
    check,
    comparison,
    dumps,
    home,
    hosting,
    questions,
    resources,
    schemes,
    search,
    sparql,
    submit,
    views,
)
from .writer import write_site

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..knowledge_graph import KnowledgeGraph
    from .writer import Written

__all__ = ["publish_site"]

_SECTIONS = (search, comparison, questions, sparql, check, submit, schemes, dumps, *resources.SPECIAL)
_ALONE = (search, check, submit, schemes, hosting)


def publish_site(
    kg: KnowledgeGraph,
    folder: str,
    *,
    base: str = BASE,
    pictures: bool = True,
    processes: int = 1,
    seen: Callable[[int], object] | None = None,
) -> Written:
    """Make ``folder`` the site of ``kg``, to be found under ``base``, by so many ``processes``.

    Without ``pictures``, which take most of the time, the tables stand alone. ``seen`` is told now and then how many
    files there are.

    Only files that changed are written, and an interrupted run leaves the old site whole. Raises OutputError for a
    folder that cannot be written or holds other things, ParameterError for a ``base`` that is no web address,
    StoreError for a graph on disk that was made from other files, MissingPackageError where the packages that make
    pages or pictures are not installed.
    """
    from ..errors import ParameterError

    if not base.startswith(("https://", "http://")) or not base.endswith("/") or any(map(str.isspace, base)):
        raise ParameterError(f"--base needs the web address of the site with / at its end, not {base!r}.")
    sections = [kind.SECTION for kind in dict.fromkeys(_SECTIONS)]
    refuse_other(kg)
    material = Material(kg, base, sections, pictures=pictures)
    material.gather()
    shares = [
        # Pictures are drawn by threads of this process, which no helper has.
        chain(comparison.files(material), views.files(material)),
        questions.files(material),
        # The home page tells what the dumps have found, and the page of the engine how large they are.
        chain(dumps.files(material), home.files(material), sparql.files(material)),
        *(kind.files(material) for kind in _ALONE),
        *(resources.files(material, paths) for paths in material.sources),
    ]
    last = partial(hosting.site_map, material)
    return write_site(folder, *shares, last=last, helpers=processes - 1, seen=seen)
