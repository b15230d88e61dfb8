"""What a page with Python loads: one archive of napgraph as it is installed here, with what it reads and uses."""

import io
import os
import zipfile
from collections.abc import Iterator
from importlib.metadata import files
from itertools import chain

from ...project.root import FOLDERS, files_below

_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_HERE = os.path.dirname(os.path.abspath(__file__))
_PARTS = ("project", "rdf", "records", "graph", "query", "tables", "validation")
_READ = (".ttl", ".rq", ".toml", ".jsonld")
_LIBRARIES = ("openpyxl", "et-xmlfile", "defusedxml", "jinja2", "markupsafe")
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # no date of its own, so that the same files give the same archive


def archive(root: str) -> bytes:
    """Return the archive, to be unpacked where Python looks for modules; ``root`` holds the four folders.

    What jurisdictions are recorded to say is left out: a file is judged by the rules and the code lists.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name, path in sorted(_members(root)):
            with open(path, "rb") as file:
                target.writestr(zipfile.ZipInfo(name, _BEGINNING), file.read(), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _members(root: str) -> Iterator[tuple[str, str]]:
    """Yield name in the archive and path of each file."""
    alone = [name for name in os.listdir(_PACKAGE) if name.endswith(".py")]
    for path in chain(
        alone, *(files_below(_PACKAGE, part, (".py", ".css", ".html", ".txt", ".toml")) for part in _PARTS)
    ):
        yield f"napgraph/{path}", os.path.join(_PACKAGE, path)
    yield "pyoxigraph.py", os.path.join(_HERE, "engine.py")
    yield "napgraph_page.py", os.path.join(_HERE, "page.py")
    for folder in FOLDERS:
        for path in files_below(root, folder, _READ):
            if not path.startswith("data/jurisdictions/"):
                yield f"napgraph/_resources/{path}", os.path.join(root, path)
    for library in _LIBRARIES:
        for file in files(library) or []:
            if file.suffix == ".py" or "LICEN" in file.name:
                yield file.as_posix(), os.fspath(file.locate())


def vendored(*names: str) -> int | None:
    """Return how many bytes the named files of others hold together, or None if one is not there.

    ``make browser`` fetches them by their lock file.
    """
    folder = os.path.join(os.path.dirname(_HERE), "vendor")
    found = [os.path.join(folder, name) for name in names]
    return sum(map(os.path.getsize, found)) if all(map(os.path.isfile, found)) else None
