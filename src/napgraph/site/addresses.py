"""Where the resources of the graph lie in the folder of the site, and how one page points to another.

The page of a resource is ``index.html`` in a folder named like its address, with its files beside that folder.
"""

import re
from hashlib import blake2b

from ..rdf.namespaces import BASE
from ..rdf.write import PAGE_ENDINGS

_PLAIN = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*")
_LONGEST_PART, _LONGEST = 100, 200


def place_of(iri: str) -> str | None:
    """Return the folder of a resource's page, ``""`` for the home page; None for what is no address of the graph.

    An address that would be unsafe as a name, too long, or the same as another where case does not count, lies in a
    folder named by its digest instead.
    """
    if not iri.startswith(BASE):
        return None
    name = iri[len(BASE) :].partition("#")[0].rstrip("/")
    if not name:
        return ""
    fits = _PLAIN.fullmatch(name) and len(name) <= _LONGEST and max(map(len, name.split("/"))) <= _LONGEST_PART
    return name if fits else f"other/{blake2b(name.encode(), digest_size=16).hexdigest()}"


def page_of(place: str, language: str = "en") -> str:
    """Return the path of the page in a folder of the site; in English it is what the address of the folder gives."""
    name = "index.html" if language == "en" else f"index-{language}.html"
    return f"{place}/{name}" if place else name


def anchor(iri: str) -> str:
    """Return the fragment of an address, by which its page marks it; nothing where it has none."""
    return iri.partition("#")[2]


def root_of(path: str) -> str:
    """Return what leads from the page at ``path`` to the top of the site: ``../`` for each folder."""
    return "../" * path.count("/") or "./"


def beside(path: str) -> list[tuple[str, str]]:
    """Return the ending of each file for programs beside the folder of the page at ``path``, and the link to it."""
    return [(ending, f"{root_of(path)}{path.rpartition('/')[0]}{ending}") for ending in PAGE_ENDINGS]


def link(iri: str, path: str) -> str | None:
    """Return what the page at ``path`` writes to point to a resource; None for an address that is no web address."""
    place = place_of(iri)
    if place is None:
        return iri if re.fullmatch(r"https?://[^\s<>\"]+", iri) else None
    mark = anchor(iri)
    return f"{root_of(path)}{place}{'/' if place else ''}{'#' + mark if mark else ''}"
