"""Which format an answer is given in: what the engine can write, and what the ``Accept`` of a request wants."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header, parse_etags, parse_options_header

from ..project.language import LANGUAGES
from ..rdf.formats import FORMATS, RDF, RESULTS
from .http import Refusal

if TYPE_CHECKING:
    from starlette.requests import Request

_AS_JAVA_HAS_IT = re.compile(r"(q=)\.|(?<![^,\s])\*(?=\s*(?:[,;]|$))")  # "*; q=.2", what it sends if nothing is set
_SERVED = [FORMATS[name] for name in ("turtle", "json-ld", "n-triples", "rdf-xml", "trig", "n-quads")]

TABLES = {parse_options_header(form.media_type)[0]: form for form in RESULTS.values()} | {
    "application/json": RESULTS["json"],
    "application/xml": RESULTS["xml"],
}
GRAPHS = {each.media[0]: RDF[each.name] for each in _SERVED} | {
    "application/json": RDF["json-ld"],
    "application/xml": RDF["rdf-xml"],
}
ENDINGS = {each.endings[0].lstrip("."): each.media[0] for each in _SERVED}


def wanted(accept: str, offers: tuple[str, ...]) -> str:
    """Return which of ``offers``, media types, an ``Accept`` header wants most; on a tie the first.

    No header, or one that can be read in no part, is any format. Parameters such as a charset do not count. Raises
    Refusal (406) where none is wanted.
    """
    found = _best(accept, offers)
    if found is None:
        raise Refusal(406, f"This can be had as {', '.join(dict.fromkeys(offers))}, none of which was asked for.")
    return found


def accept_of(request: Request) -> str:
    """Return the ``Accept`` of a request, empty where it has none."""
    return ", ".join(request.headers.getlist("accept"))


def language_of(request: Request, default: str) -> str:
    """Return which of our languages the ``Accept-Language`` of a request wants most, else ``default``."""
    asked = parse_accept_header(", ".join(request.headers.getlist("accept-language")), LanguageAccept)
    return asked.best_match(LANGUAGES) or default if asked else default


def has(if_none_match: str | None, tag: str) -> bool:
    """Whether a client that sends this ``If-None-Match`` has what the strong ``tag`` stands for."""
    return if_none_match is not None and parse_etags(if_none_match).contains_weak(tag.strip('"'))


@lru_cache(maxsize=1000)
def _best(accept: str, offers: tuple[str, ...]) -> str | None:
    read = parse_accept_header(_AS_JAVA_HAS_IT.sub(_as_the_standard_has_it, accept), MIMEAccept)
    told = [(parse_options_header(value)[0].lower(), quality) for value, quality in read]
    asked = [(media, quality) for media, quality in told if "/" in media]
    return MIMEAccept(asked).best_match(offers) if asked else offers[0]


def _as_the_standard_has_it(found: re.Match[str]) -> str:
    return f"{found[1]}0." if found[1] else "*/*"
