"""Linked data: every address of the graph leads to a page or a file, by what the reader accepts.

``/jurisdiction/nor`` is a jurisdiction and no document: it answers 303 with the address of one, with ``/`` at its end
for people and with ``.ttl`` and the like for programs. ``/ont#Plan`` lands on its anchor in the page of ``/ont``.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..rdf.namespaces import BASE
from ..site.addresses import page_of, place_of
from .handlers import Description
from .http import Problem, accept_of, language_of, wanted
from .service import Service, respond
from .sparql import ENDINGS

_KNOWN = {f".well-known/{what}": what for what in ("void", "sparql-examples")}
_HTML = "text/html"
_FILES = {media: ending for ending, media in ENDINGS.items()}
_PAGE = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; script-src 'self' 'wasm-unsafe-eval'; "
    "style-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
}


async def resource(request: Request) -> Response:
    """Answer for a page, a file, or the address of a resource."""
    return await resource_at(request, request.path_params["path"])


async def resource_at(request: Request, path: str) -> Response:
    """Answer as :func:`resource` does, for a path without its first ``/``."""
    service: Service = request.state.service
    if path == "" or path.endswith("/"):
        return _page(service, request, page_of(path.rstrip("/")))
    place, _, ending = path.rpartition(".")
    describes = {"link": f'</{place}>; rel="describes"'} if ending in ENDINGS else {}
    file = service.page(path)
    if file is not None:
        return respond(request, file, describes or _PAGE)
    if path in _KNOWN:
        asked = Description(_KNOWN[path], wanted(accept_of(request), tuple(_FILES)))
        return respond(request, await service.cached(request, asked), {"vary": "accept"})
    if place and describes:
        cached = await service.cached(request, Description("resource", ENDINGS[ending], BASE + place))
        return respond(request, cached, describes)
    return await _elsewhere(service, request, path)


def _page(service: Service, request: Request, path: str) -> Response:
    page = service.page(path)
    if page is None:
        if path == "index.html":
            return RedirectResponse("/sparql", 303)
        raise Problem(404, f"There is nothing at {request.url.path}.")
    place = path.rpartition("/")[0]
    links = {"link": _links(place)} if place and f"{place}.ttl" in (service.site or ()) else {}
    return respond(request, page, {**_PAGE, **links})


async def _elsewhere(service: Service, request: Request, path: str) -> Response:
    """Lead from a resource to a document about it."""
    site, place = service.site or (), place_of(BASE + path)
    has_page = place is not None and page_of(place) in site
    if not has_page:  # raises Problem if nothing is known of it
        await service.ask(request, Description("resource", next(iter(_FILES)), BASE + path))
        place = path
    media = wanted(accept_of(request), (_HTML, *_FILES) if has_page else tuple(_FILES))
    to = f"/{place}/" if media == _HTML else f"/{place}.{_FILES[media]}"
    if media == _HTML:
        spoken = page_of(str(place), language_of(request, service.kg.language))
        to = f"/{spoken}" if spoken in site and not spoken.endswith("index.html") else to
    return RedirectResponse(
        to, 303, headers={"vary": "accept, accept-language", "link": _links(str(place)), "cache-control": "no-cache"}
    )


def _links(place: str) -> str:
    return ", ".join(f'</{place}.{ending}>; rel="describedby"; type="{media}"' for ending, media in ENDINGS.items())
