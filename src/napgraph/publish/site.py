"""The site as a whole: every kind of page into one folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..namespaces import BASE
from .folder import write_site
from .material import Material
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..knowledge_graph import KnowledgeGraph
    from .folder import Written

__all__ = ["publish_site"]

_KINDS = (search, comparison, views, questions, sparql, check, submit, resources, schemes, dumps, home, hosting)


def publish_site(
    kg: KnowledgeGraph,
    folder: str,
    *,
    base: str = BASE,
    pictures: bool = True,
    seen: Callable[[str], object] | None = None,
) -> Written:
    """Make ``folder`` the site of ``kg``, to be found under ``base``; ``seen`` is told of each file.

    Without ``pictures``, which take most of the time, the tables stand alone.

    Only files that changed are written, and an interrupted run leaves the old site whole. Raises OutputError for a
    folder that cannot be written or holds other things, ParameterError for a ``base`` that is no web address,
    MissingPackageError where the packages that make pages or pictures are not installed.
    """
    from ..errors import ParameterError

    if not base.startswith(("https://", "http://")) or not base.endswith("/") or any(map(str.isspace, base)):
        raise ParameterError(f"--base needs the web address of the site with / at its end, not {base!r}.")
    kinds = dict.fromkeys((*_KINDS, *resources.SPECIAL))
    sections = [kind.SECTION for kind in kinds if hasattr(kind, "SECTION")]
    return write_site(folder, _told(_files(Material(kg, base, sections, pictures=pictures)), seen))


def _files(material: Material) -> Iterator[tuple[str, bytes]]:
    paths: list[str] = []
    for kind in _KINDS:
        for path, content in kind.files(material):
            paths.append(path)
            yield path, content
    yield hosting.site_map(material, paths)


def _told(files: Iterator[tuple[str, bytes]], seen: Callable[[str], object] | None) -> Iterator[tuple[str, bytes]]:
    for path, content in files:
        if seen:
            seen(path)
        yield path, content
