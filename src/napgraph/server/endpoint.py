"""``/sparql``: the endpoint of the SPARQL 1.1 Protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from .described import service_description
from .formats import accept_of, has
from .protocol import question
from .requests import body

if TYPE_CHECKING:
    from starlette.requests import Request

    from .service import Service

_CHANGING = ("now", "rand", "uuid")  # functions that answer otherwise each time


async def sparql(request: Request) -> Response:
    """Answer a question, or tell what the endpoint is when there is none.

    Whoever has the answer of these data already is told so, and nothing is evaluated.
    """
    service: Service = request.state.service
    content = await body(request, service.settings.question, service.settings.body_seconds)
    asked = question(
        request.method,
        request.scope["query_string"],
        request.headers.get("content-type", ""),
        content,
        accept=accept_of(request),
        base=str(request.url.replace(query="", fragment="")),
    )
    if asked is None:
        return await service_description(request)
    headers = {"vary": "accept", "cache-control": "no-cache"}
    if request.method != "POST" and not service.asks_other_data and not _changes(asked.text):
        headers["etag"] = tag = f"W/{service.tag(*asked)}"
        if has(request.headers.get("if-none-match"), tag.removeprefix("W/")):
            return Response(status_code=304, headers=headers)
    answer = await service.ask(request, asked)
    return Response(answer.content, media_type=answer.media, headers=headers)


def _changes(text: str) -> bool:
    """Whether a question may have another answer each time; plain search, which takes a tenth of a pattern's time."""
    words = text.lower()
    return any(each in words for each in _CHANGING)
