"""``/query/<name>.<form>``: every saved query under an address of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response

from ..errors import UnknownNameError
from ..project.language import known
from .formats import has, language_of
from .handlers import FORMS, Saved
from .http import Refusal
from .protocol import pairs
from .resources import resource_at
from .sparql import Kept

if TYPE_CHECKING:
    from starlette.requests import Request

    from .service import Service

_BETWEEN = "~"
_WRITTEN = "%&=~+!$'()*,;:@/?"  # in an address these stand as they were sent


async def saved(request: Request) -> Response:
    """Answer a saved query with the parameters that stand in the address, several values with ``~`` between."""
    service: Service = request.state.service
    file = request.path_params["file"]
    if file.partition(".")[2] not in FORMS and _shown(service, f"query/{file}"):
        return await resource_at(request, f"query/{file}")
    language = language_of(request, service.kg.language) if file.endswith(".html") else ""
    key = request.scope["path"], request.scope["query_string"], language
    kept = service.find(key)
    if kept is None:
        asked = _asked(service, file, request.scope["query_string"], language or service.kg.language)
        tag = service.tag(service.kg.queries.get(asked.name).text, *asked)
        kept = service.find(tag)
        if kept is None and has(request.headers.get("if-none-match"), tag):
            same = _headers(tag, asked.name, request.scope["query_string"])
            return Response(status_code=304, headers=same | ({"vary": "accept-language"} if language else {}))
        if kept is None:
            kept = Kept(await service.ask(request, asked), tag)
            service.keep(tag, kept)
        service.keep(key, kept)
    name = file.partition(".")[0]
    headers = _headers(kept.tag, name, request.scope["query_string"])
    headers |= {"vary": "accept-language"} if language else {}
    if has(request.headers.get("if-none-match"), kept.tag):
        return Response(status_code=304, headers=headers)
    return Response(kept.answer.content, media_type=kept.answer.media, headers=headers)


def _shown(service: Service, path: str) -> bool:
    """Whether the site has a page or file there, for what is no form of an answer."""
    site = service.site
    return site is not None and any(each in site for each in (path, f"{path.rstrip('/')}/index.html"))


def _asked(service: Service, file: str, query_string: bytes, language: str) -> Saved:
    name, dot, form = file.partition(".")
    names = service.kg.queries.names()
    if name not in names:
        raise UnknownNameError("saved query", name, names, see="'napgraph queries' lists them all.")
    if not dot or form not in FORMS:
        endings = ", ".join(f".{form}" for form in FORMS)
        raise Refusal(404, f"The query {name!r} can be had with the endings {endings}, not as {file!r}.")
    kinds = {key: parameter.kind for key, parameter in service.kg.queries.get(name).parameters.items()}
    given: dict[str, list[str]] = {}
    for key, value in pairs(query_string):
        if key == "lang":
            language = known(value)
            continue
        values = [value] if kinds.get(key) == "text" else value.split(_BETWEEN)
        given.setdefault(key, []).extend(filter(None, values))
    parameters = tuple((key, tuple(values)) for key, values in sorted(given.items()))
    table = _address(f"{name}.csv", query_string) if form == "metadata.json" else ""
    return Saved(name, parameters, form, table, language)


def _address(file: str, query_string: bytes) -> str:
    """Return the address of another form of the same answer, relative to the one that was asked for."""
    return f"{file}?{quote(query_string, safe=_WRITTEN)}" if query_string else file


def _headers(tag: str, name: str, query_string: bytes) -> dict[str, str]:
    described = f'<{_address(f"{name}.metadata.json", query_string)}>; rel="describedby"; type="application/csvm+json"'
    return {"etag": tag, "cache-control": "public, no-cache", "link": described}
