"""The site as a whole: every kind of page into one folder, with the home page and what a host needs."""

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from ..charts import colours, signs
from ..compare.matrix import VALUES
from ..errors import ParameterError, StoreError
from ..graph.files import fingerprint
from ..graph.store import StoredGraph
from ..knowledge_graph import KnowledgeGraph
from ..project.root import files_below
from ..query.engine import embedded
from ..rdf.namespaces import BASE
from .context import PageContext
from .pages import comparison, dataset, front, resources, sources, tools
from .writer import Written, write_site

_FOR_HOSTS = {
    "htaccess.txt": ".htaccess",
    "nginx.txt": "nginx.conf",
    "robots.txt": "robots.txt",
    "site.css": "assets/site.css",
}
_HERE = os.path.dirname(os.path.abspath(__file__))


def publish_site(
    kg: KnowledgeGraph,
    folder: str,
    *,
    base: str = BASE,
    pictures: bool = True,
    processes: int = 1,
    seen: Callable[[int], object] = lambda _: None,
) -> Written:
    """Make ``folder`` the site of ``kg``, to be found under ``base``; ``seen`` is told how many files there are.

    Only files that changed are written, and an interrupted run leaves the old site. Raises OutputError for a folder
    that cannot be written or holds other things, ParameterError for a ``base`` that is no web address, StoreError for
    a graph on disk that was made from other files, MissingPackageError where packages for pictures are not installed.
    """
    if not base.startswith(("https://", "http://")) or not base.endswith("/") or any(map(str.isspace, base)):
        raise ParameterError(f"--base needs the web address of the site with / at its end, not {base!r}.")
    graph = embedded(kg)
    if isinstance(graph, StoredGraph) and fingerprint(kg.root) != kg.version:
        raise StoreError(
            f"{graph.folder}: this store was made from other files than those under {kg.root}, which the pages "
            "show. Build it anew with: napgraph build --store DIR"
        )
    context = PageContext(kg, base, pictures=pictures)
    context.load()
    shares = [
        # Pictures are drawn by threads of this process, which no helper has.
        chain(comparison.files(context), comparison.views(context), comparison.concepts(context)),
        dataset.questions(context),
        # The home page tells what the dumps have found, and the page of the engine how large they are.
        chain(dataset.files(context), front.files(context), tools.sparql(context)),
        *(make(context) for make in (tools.search, sources.files, tools.check, resources.lists, _hosting)),
        *(resources.files(context, paths) for paths in context.sources),
    ]

    def site_map(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        pages = sorted(
            path.removesuffix("index.html") for path in paths if path.endswith(".html") and path != "404.html"
        )
        yield "sitemap.xml", context.templates.get_template("sitemap.xml").render(pages=pages).encode()

    return write_site(folder, *shares, last=site_map, helpers=processes - 1, seen=seen)


def _hosting(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the style, the scripts, what was vendored for them, and the rules for hosts that negotiate."""
    for folder in ("assets", "vendor"):
        for path in files_below(_HERE, folder, ("",)) if os.path.isdir(os.path.join(_HERE, folder)) else ():
            with open(os.path.join(_HERE, path), "rb") as file:
                yield path, file.read()
    yield context.page("404.html", "404.html")
    for template, path in _FOR_HOSTS.items():
        yield (
            path,
            context.templates.get_template(template)
            .render(colours=colours, signs=signs(), values=list(VALUES))
            .encode(),
        )
