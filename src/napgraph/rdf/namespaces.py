"""The base IRI, and the prefixes as ``ontology/prefixes.ttl`` declares them. Terms themselves live in the files."""

import os

BASE = "https://w3id.org/napgraph/"
XSD = "http://www.w3.org/2001/XMLSchema#"


NOWHERE = "zzz"  # the code of what does not say which jurisdiction it is of; ISO 3166-1 has given it to none


def invented(code: str) -> bool:
    """Whether an alpha-3 code is one that ISO leaves to its users: xaa to xzz."""
    return len(code) == len("xaa") and "xaa" <= code.lower() <= "xzz"


def prefixes(root: str) -> dict[str, str]:
    """Return prefix -> namespace IRI as the prefix table under ``root`` declares them."""
    import pyoxigraph

    with open(os.path.join(root, "ontology", "prefixes.ttl"), "rb") as file:
        parser = pyoxigraph.parse(file, format=pyoxigraph.RdfFormat.TURTLE)
        for _ in parser:
            pass
        return dict(parser.prefixes)


def shorten(iri: str, table: dict[str, str]) -> str:
    """Return ``iri`` as ``prefix:name`` by the longest namespace that fits, or in angle brackets."""
    fitting = [(len(space), prefix, space) for prefix, space in table.items() if iri.startswith(space)]
    if not fitting:
        return f"<{iri}>"
    _, prefix, space = max(fitting)
    return f"{prefix}:{iri[len(space) :]}"


def slug(iri: str) -> str:
    """Return the last part of an IRI: what stands behind its last ``/`` or ``#``."""
    return iri.rstrip("/").replace("#", "/").rpartition("/")[2]
