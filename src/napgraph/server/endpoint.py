"""``/sparql``: the endpoint of the SPARQL 1.1 Protocol, and what it says of itself (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .handlers import Description
from .http import accept_of, has, read, wanted
from .service import Service
from .sparql import GRAPHS, question

_CHANGING = ("now", "rand", "uuid")  # functions that answer otherwise each time


async def sparql(request: Request) -> Response:
    """Answer a question, or tell what the endpoint is when there is none.

    Whoever has the answer of these data already is told so, and nothing is evaluated.
    """
    service: Service = request.state.service
    sent = await read(request, service.settings.question)
    address = str(request.url.replace(query="", fragment=""))
    asked = question(request.method, sent, accept=accept_of(request), base=address)
    if asked is None:
        return await _service_description(request, service, address)
    headers = {"vary": "accept", "cache-control": "no-cache"}
    if request.method != "POST" and not service.asks_other_data and not _changes(asked.text):
        tag = service.tag(*asked)
        headers["etag"] = f"W/{tag}"
        if has(request, tag):
            return Response(status_code=304, headers=headers)
    answer = await service.ask(request, asked)
    return Response(answer.content, media_type=answer.media, headers=headers)


def _changes(text: str) -> bool:
    """Whether a question may have another answer each time; plain search, which takes a tenth of a pattern's time."""
    words = text.lower()
    return any(each in words for each in _CHANGING)


async def _service_description(request: Request, service: Service, address: str) -> Response:
    page = ("text/html",) if service.site and "sparql/index.html" in service.site else ()
    media = wanted(accept_of(request), (*GRAPHS, *page))
    if media in page:
        return RedirectResponse("/sparql/", 303, headers={"vary": "accept"})
    cached = await service.cached(request, Description("endpoint", media, address))
    return Response(cached.answer.content, media_type=media, headers={"vary": "accept", "etag": cached.tag})
