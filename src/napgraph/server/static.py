"""The folder of a published site, as ``napgraph site`` wrote it: only files on its own list are given out."""

from __future__ import annotations

import json
import mimetypes
import os

from ..errors import ServerError
from ..rdf.formats import FORMATS
from ..tables.csvw import ENDING as OF_A_TABLE
from .handlers import FORMS
from .sparql import ENDINGS, Answer

_LIST = ".napgraph-site.json"
_MEDIA = ENDINGS | {
    "js": "text/javascript",
    "mjs": "text/javascript",
    "gz": "application/gzip",
    "rq": "application/sparql-query",
    "xml": "application/xml",
}


class Folder:
    """A site: its files by their paths."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.abspath(folder)
        try:
            with open(os.path.join(folder, _LIST), encoding="utf-8") as file:
                self._paths = frozenset(json.load(file))
        except (OSError, ValueError) as error:
            raise ServerError(f"{folder}: this is no site. Make one with: napgraph site -o {folder}") from error

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def read(self, path: str) -> Answer:
        """Return a file that is on the list; raises ServerError where it is no longer there."""
        try:
            with open(os.path.join(self._folder, *path.split("/")), "rb") as file:
                return Answer(file.read(), _media_type(path))
        except OSError as error:
            raise ServerError(f"{path}: this page cannot be read ({error.strerror}).") from error


def _media_type(path: str) -> str:
    if path.startswith(".well-known/"):
        return FORMATS["turtle"].media[0]
    if path.endswith(OF_A_TABLE):
        return FORMS["metadata.json"]
    ending = path.rpartition("/")[2].rpartition(".")[2]
    return _MEDIA.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"
