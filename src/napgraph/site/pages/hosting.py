"""What a host needs: the style and scripts, the map of the site, and how addresses are led to pages or to files."""

from __future__ import annotations

from importlib.resources import files as resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.resources.abc import Traversable

    from ..context import Material

__all__ = ["files", "site_map"]


def files(material: Material) -> Iterator[tuple[str, bytes]]:
    """Yield the style, the scripts, what was vendored for them, and the rules for hosts that negotiate."""
    package = resources("napgraph.site")
    yield from _below(package.joinpath("assets"), "assets")
    if package.joinpath("vendor").is_dir():
        yield from _below(package.joinpath("vendor"), "vendor")
    for template, path in (("htaccess.txt", ".htaccess"), ("nginx.txt", "nginx.conf"), ("robots.txt", "robots.txt")):
        yield path, material.templates.get_template(template).render().encode()


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_dir():
            yield from _below(each, f"{path}/{each.name}")
        else:
            yield f"{path}/{each.name}", each.read_bytes()


def site_map(material: Material, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the map of the site over its pages."""
    pages = [path.removesuffix("index.html") for path in paths if path.endswith(".html")]
    yield "sitemap.xml", material.templates.get_template("sitemap.xml").render(pages=sorted(pages)).encode()
