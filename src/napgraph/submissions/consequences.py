"""What would follow if a file were written, and whether it would say anything of somebody else's resources.

A statement about one's own plan can be a statement about another's by what the ontology concludes from it: a copy
*of* a plan is one that the plan *has*. So the conclusions are drawn before anything is written, and compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ..rdf.namespaces import BASE
from ..validation.policy import spaces

_NAMELESS = re.compile(rb" _:\w+ \.$")


def said_of_others(before: bytes, after: bytes, code: str, kind: str) -> list[str]:
    """Return the conclusions, as N-Triples, that are new or gone and concern resources of others than ``code``.

    ``before`` and ``after`` are what follows from all files without and with the submission. Whoever is pointed to may
    turn out to be of a general ``kind`` (the property that types), such as an agent; nothing else.
    """
    old, new = Counter(_lines(before)), Counter(_lines(after))
    own = tuple(f"<{space}".encode() for space in spaces(code))
    general = re.compile(f"<[^>]*> <{re.escape(kind)}> <(?!{re.escape(BASE)})[^>]*> [.]".encode())
    changed = sorted((new - old) + (old - new))
    return [line.decode() for line in changed if not line.startswith(own) and not general.fullmatch(line)]


def _lines(content: bytes) -> Iterator[bytes]:
    """Yield the statements about named resources, the labels of nameless ones left out."""
    for line in content.splitlines():
        if not line.startswith(b"_:"):
            yield _NAMELESS.sub(b" _: .", line)
