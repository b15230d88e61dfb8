"""What the endpoint says of itself: its SPARQL 1.1 Service Description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from .formats import GRAPHS, accept_of, wanted
from .handlers import Described
from .sparql import Kept

if TYPE_CHECKING:
    from starlette.requests import Request

    from .service import Service


async def service_description(request: Request) -> Response:
    """Answer with the description of the endpoint at the address that was asked."""
    service: Service = request.state.service
    endpoint = str(request.url.replace(query="", fragment=""))
    editor = "sparql/index.html"
    page = ("text/html",) if service.site and editor in service.site else ()
    media = wanted(accept_of(request), (*GRAPHS, *page))
    if media in page:
        return RedirectResponse("/sparql/", 303, headers={"vary": "accept"})
    asked = Described(endpoint, media)
    kept = service.find(asked)
    if kept is None:
        kept = Kept(await service.ask(request, asked), service.tag(*asked))
        service.keep(asked, kept)
    return Response(kept.answer.content, media_type=media, headers={"vary": "accept", "etag": kept.tag})
