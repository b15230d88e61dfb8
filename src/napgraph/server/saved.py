"""``/query/<name>.<form>``: every saved query under an address of its own."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from ..errors import UnknownNameError
from ..project.language import known
from .handlers import FORMS, Saved
from .http import Problem, has, language_of, pairs
from .resources import resource_at
from .service import Service, respond
from .sparql import CachedAnswer

_BETWEEN = "~"
_WRITTEN = "%&=~+!$'()*,;:@/?"  # in an address these stand as they were sent


async def saved(request: Request) -> Response:
    """Answer a saved query with the parameters that stand in the address, several values with ``~`` between."""
    service: Service = request.state.service
    file, query_string = request.path_params["file"], request.scope["query_string"]
    path, site = f"query/{file}", service.site or ()
    if file.partition(".")[2] not in FORMS and (path in site or f"{path.rstrip('/')}/index.html" in site):
        return await resource_at(request, path)
    language = language_of(request, service.kg.language) if file.endswith(".html") else ""
    headers = {"cache-control": "public, no-cache"} | ({"vary": "accept-language"} if language else {})
    described = _address(f"{file.partition('.')[0]}.metadata.json", query_string)
    headers["link"] = f'<{described}>; rel="describedby"; type="application/csvm+json"'
    key = request.scope["path"], query_string, language
    found = service.find(key)
    if found is None:
        asked = _asked(service, file, query_string, language or service.kg.language)
        tag = service.tag(service.kg.queries.get(asked.name).text, *asked)
        found = service.find(tag)
        if found is None and has(request, tag):
            return Response(status_code=304, headers={**headers, "etag": tag})
        if found is None:
            found = CachedAnswer(await service.ask(request, asked), tag)
            service.keep(tag, found)
        service.keep(key, found)
    return respond(request, found, headers)


def _asked(service: Service, file: str, query_string: bytes, language: str) -> Saved:
    name, dot, form = file.partition(".")
    names = service.kg.queries.names()
    if name not in names:
        raise UnknownNameError("saved query", name, names, see="'napgraph queries' lists them all.")
    if not dot or form not in FORMS:
        endings = ", ".join(f".{form}" for form in FORMS)
        raise Problem(404, f"The query {name!r} can be had with the endings {endings}, not as {file!r}.")
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
