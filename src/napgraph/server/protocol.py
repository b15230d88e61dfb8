"""The SPARQL 1.1 Protocol, query operation: what a request asks, or why it asks nothing that can be answered.

https://www.w3.org/TR/sparql11-protocol/#query-operation names the three ways of asking and their parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import parse_qsl

from werkzeug.http import parse_options_header

from .http import Refusal
from .sparql import Question

FORM = "application/x-www-form-urlencoded"
TEXT = "application/sparql-query"
_UPDATE = "application/sparql-update"
_BOM = "\ufeff"  # which some editors write before a text; it is no part of it
_READ_ONLY = "The data here can be read and not changed: no update is taken."
_MOST_FIELDS = 1000


def question(
    method: str, query_string: bytes, content_type: str, body: bytes, *, accept: str, base: str
) -> Question | None:
    """Return what a request asks; None for a GET that asks nothing, which is told what the service is.

    Raises Refusal with the status that the standard names.
    """
    given = [*_address(query_string)]
    media, parameters = parse_options_header(content_type.lower())
    text = None
    if method == "POST":
        if media not in {FORM, TEXT, _UPDATE}:
            what = f"not {media}" if media else "and this request names none"
            raise Refusal(415, f"A question is sent by POST as {FORM} or {TEXT}, {what}.", headers=_ACCEPTED)
        if media == _UPDATE:
            raise Refusal(403, _READ_ONLY)
        if parameters.get("charset", "utf-8").lower() not in {"utf-8", "utf8", "us-ascii"}:
            raise Refusal(415, f"The text of a question is UTF-8, not {parameters['charset']}.", headers=_ACCEPTED)
        if media == FORM:
            given += pairs(body)
        else:
            text = utf8(body, "The text of the question")
    texts = [value.removeprefix(_BOM) for name, value in given if name == "query"] + ([] if text is None else [text])
    if len(texts) > 1:
        raise Refusal(400, "One request asks one question, and here are several: give 'query' once.")
    if not texts:
        if any(name == "update" for name, _ in given):
            raise Refusal(403, _READ_ONLY)
        if method != "POST" and not given:
            return None
        raise Refusal(400, "The question is missing: give it as the parameter 'query'.")
    return Question(texts[0], _named(given, "default-graph-uri"), _named(given, "named-graph-uri"), accept, base)


_ACCEPTED = {"accept-post": f"{FORM}, {TEXT}"}


@lru_cache(maxsize=250)  # of at most the size of a head each
def _address(query_string: bytes) -> list[tuple[str, str]]:
    """Return its pairs; what is asked often is read once."""
    return pairs(query_string)


def pairs(text: bytes) -> list[tuple[str, str]]:
    """Return the names and values of a query string or a form; raises Refusal (400) for what is no UTF-8."""
    try:
        return parse_qsl(
            utf8(text, "A parameter"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except UnicodeDecodeError as error:
        raise Refusal(400, "A parameter is not UTF-8 text.") from error
    except ValueError as error:
        raise Refusal(400, f"There are more than {_MOST_FIELDS} parameters.") from error


def utf8(content: bytes, what: str) -> str:
    """Return ``content`` as text, without the byte order mark; raises Refusal (400) for what is no UTF-8."""
    try:
        return content.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        raise Refusal(400, f"{what} is not UTF-8 text (byte {error.start}).") from error


def _named(given: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(value for key, value in given if key == name)
