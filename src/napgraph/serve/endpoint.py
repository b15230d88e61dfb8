"""``/sparql``: the endpoint of the SPARQL 1.1 Protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from .described import service_description
from .formats import accept_of
from .protocol import question
from .requests import body

if TYPE_CHECKING:
    from starlette.requests import Request

    from .service import Service

__all__ = ["sparql"]


async def sparql(request: Request) -> Response:
    """Answer a question, or tell what the endpoint is when there is none."""
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
    answer = await service.ask(request, asked)
    return Response(answer.content, media_type=answer.media, headers={"vary": "accept", "cache-control": "no-cache"})
