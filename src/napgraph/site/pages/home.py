"""The home page, and what a host needs: style, scripts, rules that lead addresses to pages or files, the site map."""

from collections.abc import Iterable, Iterator
from importlib.resources import files as resources
from importlib.resources.abc import Traversable

from ...rdf.namespaces import BASE
from ...rdf.write import embeddable_json
from ...tables.origins import citation
from ..context import PageContext


def home(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the home page; what it tells search engines, the page of the dataset has left in ``context``."""
    kg = context.kg
    counted: dict[str, set[str]] = {}
    for row in kg.query("levels-and-statuses"):
        counted.setdefault(str(row["country"]).rpartition("/")[2], set()).add(str(row["document"]))
    shown = {code: context.shown(f"{BASE}jurisdiction/{code}", "index.html") for code in counted}
    places = [(shown[code], kg.names.get(code.upper(), code.upper()), len(found)) for code, found in counted.items()]
    places.sort(key=lambda each: each[1].casefold())
    yield context.page(
        "home.html",
        "index.html",
        places=places,
        documents=sum(count for _, _, count in places),
        citation=citation(kg.root, kg.version),
        doors=context.sections,
        script=embeddable_json(context.for_search_engines),
    )


def hosting(context: PageContext) -> Iterator[tuple[str, bytes]]:
    """Yield the style, the scripts, what was vendored for them, and the rules for hosts that negotiate."""
    package = resources("napgraph.site")
    yield from _below(package.joinpath("assets"), "assets")
    if package.joinpath("vendor").is_dir():
        yield from _below(package.joinpath("vendor"), "vendor")
    for template, path in (("htaccess.txt", ".htaccess"), ("nginx.txt", "nginx.conf"), ("robots.txt", "robots.txt")):
        yield path, context.templates.get_template(template).render().encode()


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_dir():
            yield from _below(each, f"{path}/{each.name}")
        else:
            yield f"{path}/{each.name}", each.read_bytes()


def site_map(context: PageContext, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the map of the site over its pages."""
    pages = [path.removesuffix("index.html") for path in paths if path.endswith(".html")]
    yield "sitemap.xml", context.templates.get_template("sitemap.xml").render(pages=sorted(pages)).encode()
