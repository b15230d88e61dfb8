"""Linked data: every address of the graph leads to a page or a file, by what the reader accepts.

``/jurisdiction/nor`` is a jurisdiction and no document: it answers 303 with the address of one, with ``/`` behind it
for people and with ``.ttl`` and the like for programs. ``/ont#Plan`` lands on its anchor in the page of ``/ont``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from ..rdf.namespaces import BASE
from ..site.addresses import page_of, place_of
from .formats import ENDINGS, accept_of, has, language_of, wanted
from .handlers import Published, Resource
from .http import Refusal
from .sparql import Kept

if TYPE_CHECKING:
    from starlette.requests import Request

    from .service import Service

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
    site = service.site
    if path == "" or path.endswith("/"):
        return _page(service, request, page_of(path.rstrip("/")))
    if site is not None and path in site:
        return _file(request, site.get(service, path), {"link": _described(path)} if _form(path) else _PAGE)
    if path in _KNOWN:
        return await _known(service, request, _KNOWN[path])
    place, _, ending = path.rpartition(".")
    if place and "/" not in ending and ending in ENDINGS:
        return await _described_as(service, request, place, ending)
    return await _elsewhere(service, request, path)


def _page(service: Service, request: Request, path: str) -> Response:
    if service.site is None or path not in service.site:
        if path == "index.html":
            return RedirectResponse("/sparql", 303)
        raise _nothing(request)
    place = path.rpartition("/")[0]
    links = {"link": _links(place)} if place and f"{place}.ttl" in service.site else {}
    return _file(request, service.site.get(service, path), {**_PAGE, **links})


def _file(request: Request, kept: Kept, headers: dict[str, str]) -> Response:
    told = {**headers, "etag": kept.tag, "cache-control": "public, no-cache"}
    if has(request.headers.get("if-none-match"), kept.tag):
        return Response(status_code=304, headers=told)
    return Response(kept.answer.content, media_type=kept.answer.media, headers=told)


async def _described_as(service: Service, request: Request, place: str, ending: str) -> Response:
    """Answer with what the graph says of a resource, where no file of the site does."""
    asked = Resource(BASE + place, ENDINGS[ending])
    kept = service.find(asked)
    if kept is None:
        kept = Kept(await service.ask(request, asked), service.tag(*asked))
        service.keep(asked, kept)
    return _file(request, kept, {"link": _described(f"{place}.{ending}")})


async def _known(service: Service, request: Request, what: str) -> Response:
    asked = Published(what, wanted(accept_of(request), tuple(_FILES)))
    kept = service.find(asked)
    if kept is None:
        kept = Kept(await service.ask(request, asked), service.tag(*asked))
        service.keep(asked, kept)
    return _file(request, kept, {"vary": "accept"})


async def _elsewhere(service: Service, request: Request, path: str) -> Response:
    """Lead from a resource to a document about it."""
    place = place_of(BASE + path)
    page = place is not None and service.site is not None and page_of(place) in service.site
    if not page:
        await service.ask(
            request, Resource(BASE + path, next(iter(_FILES)))
        )  # raises Refusal if nothing is known of it
        place = path
    media = wanted(accept_of(request), (_HTML, *_FILES) if page else tuple(_FILES))
    to = f"/{place}/" if media == _HTML else f"/{place}.{_FILES[media]}"
    if media == _HTML and service.site is not None:
        spoken = page_of(str(place), language_of(request, service.kg.language))
        to = f"/{spoken}" if spoken in service.site and not spoken.endswith("index.html") else to
    return RedirectResponse(
        to, 303, headers={"vary": "accept, accept-language", "link": _links(str(place)), "cache-control": "no-cache"}
    )


def _nothing(request: Request) -> Refusal:
    return Refusal(404, f"There is nothing at {request.url.path}.")


def _form(path: str) -> bool:
    return path.rpartition(".")[2] in ENDINGS


def _links(place: str) -> str:
    return ", ".join(f'</{place}.{ending}>; rel="describedby"; type="{media}"' for ending, media in ENDINGS.items())


def _described(path: str) -> str:
    return f'</{path.rpartition(".")[0]}>; rel="describes"'
