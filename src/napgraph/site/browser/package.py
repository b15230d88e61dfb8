"""The Python of the page as one archive: napgraph as it is installed here, what it reads, and the packages it uses."""

from __future__ import annotations

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
    for path in files_below(_HERE, "engine", (".py",)):
        yield path.replace("engine", "pyoxigraph", 1), os.path.join(_HERE, path)
    yield "napgraph_page.py", os.path.join(_HERE, "page.py")
    for folder in FOLDERS:
        for path in files_below(root, folder, _READ):
            if not path.startswith("data/jurisdictions/"):
                yield f"napgraph/_resources/{path}", os.path.join(root, path)
    for library in _LIBRARIES:
        for file in files(library) or []:
            if file.suffix == ".py" or "LICEN" in file.name:
                yield file.as_posix(), os.fspath(file.locate())
