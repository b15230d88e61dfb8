"""The folder of a published site, as ``napgraph site`` wrote it: only files on its own list are given out."""

from __future__ import annotations

import json
import mimetypes
import os
from hashlib import blake2b
from typing import Protocol

from ..errors import ServerError
from ..rdf.formats import FORMATS
from ..tables.write import ENDING as OF_A_TABLE
from .formats import ENDINGS
from .handlers import FORMS
from .sparql import Answer, Kept

_LIST = ".napgraph-site.json"
_PLAIN = "application/octet-stream"
_MEDIA = ENDINGS | {
    "js": "text/javascript",
    "mjs": "text/javascript",
    "gz": "application/gzip",
    "rq": "application/sparql-query",
    "xml": "application/xml",
}


class Cache(Protocol):
    """Where answers are kept."""

    def find(self, key: object) -> Kept | None:
        """Return the answer that was kept under ``key``."""

    def keep(self, key: object, kept: Kept) -> None:
        """Keep an answer."""


class Folder:
    """A site: its files by their paths, each with the digest that its entity tag is made of."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.abspath(folder)
        try:
            with open(os.path.join(folder, _LIST), encoding="utf-8") as file:
                self._digests: dict[str, str] = json.load(file)
        except (OSError, ValueError) as error:
            raise ServerError(f"{folder}: this is no site. Make one with: napgraph site -o {folder}") from error

    def __contains__(self, path: str) -> bool:
        return path in self._digests

    def get(self, cache: Cache, path: str) -> Kept:
        """Return a file that is on the list; raises ServerError where it is no longer what was written."""
        kept = cache.find((self._folder, path))
        if kept is None:
            try:
                with open(os.path.join(self._folder, *path.split("/")), "rb") as file:
                    content = file.read()
            except OSError as error:
                raise ServerError(f"{path}: this page cannot be read ({error.strerror}).") from error
            tag = f'"{blake2b(content, digest_size=16).hexdigest()}"'
            kept = Kept(Answer(content, media_of(path)), tag)
            cache.keep((self._folder, path), kept)
        return kept


def media_of(path: str) -> str:
    """Return the media type of a file by the ending of its name."""
    if path.startswith(".well-known/"):
        return FORMATS["turtle"].media[0]
    if path.endswith(OF_A_TABLE):
        return FORMS["metadata.json"]
    ending = path.rpartition("/")[2].rpartition(".")[2]
    return _MEDIA.get(ending) or mimetypes.guess_type(path)[0] or _PLAIN
