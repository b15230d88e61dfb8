"""What is read: ``/sparql``, saved queries at ``/query/NAME.FORM``, pages and linked data at all other addresses."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..errors import UnknownNameError
from ..project.language import known
from ..rdf.namespaces import BASE
from ..site.addresses import files_of, page_of, place_of
from .handlers import FORMS, Description, Saved
from .http import Problem, accept_of, has, language_of, pairs, read, wanted
from .service import Service
from .sparql import ENDINGS, GRAPHS, question

_CHANGING = ("now", "rand", "uuid")  # functions that answer otherwise each time
_BETWEEN = "~"
_WRITTEN = "%&=~+!$'()*,;:@/?"  # in an address these stand as they were sent
_KNOWN = {f".well-known/{what}": what for what in ("void", "sparql-examples")}
_HTML = "text/html"
_FILES = {media: ending for ending, media in ENDINGS.items()}
_PAGE = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; script-src 'self' 'wasm-unsafe-eval'; "
    "style-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
}


async def sparql(request: Request) -> Response:
    """Answer a question, or describe the endpoint where there is none; nothing is evaluated for who has the answer."""
    service: Service = request.state.service
    sent = await read(request, service.settings.question)
    address = str(request.url.replace(query="", fragment=""))
    asked = question(request.method, sent, accept=accept_of(request), base=address)
    if asked is None:
        page = (_HTML,) if "sparql/index.html" in service.pages else ()
        media = wanted(accept_of(request), (*GRAPHS, *page))
        if media in page:
            return RedirectResponse("/sparql/", 303, headers={"vary": "accept"})
        return await service.respond(request, Description("endpoint", media, address), {"vary": "accept"})
    headers = {"vary": "accept", "cache-control": "no-cache"}
    words = asked.text.lower()
    changes = service.asks_other_data or any(each in words for each in _CHANGING)
    if request.method != "POST" and not changes:
        tag = service.tag(*asked)
        headers["etag"] = f"W/{tag}"
        if has(request, tag):
            return Response(status_code=304, headers=headers)
    answer = await service.ask(request, asked)
    return Response(answer.content, media_type=answer.media, headers=headers)


async def saved(request: Request) -> Response:
    """Answer a saved query with the parameters that stand in the address, several values with ``~`` between."""
    service: Service = request.state.service
    file, query_string = request.path_params["file"], request.scope["query_string"]
    name, _, form = file.partition(".")
    path = f"query/{file}"
    if form not in FORMS and not service.pages.isdisjoint((path, f"{path.rstrip('/')}/index.html")):
        return await resource(request)
    if name not in service.kinds:
        raise UnknownNameError("saved query", name, service.kinds, see="'napgraph queries' lists them all.")
    if form not in FORMS:
        endings = ", ".join(f".{form}" for form in FORMS)
        raise Problem(404, f"The query {name!r} can be had with the endings {endings}, not as {file!r}.")
    # Only pages are in the language of their reader, where the address names no other.
    language = language_of(request, service.kg.language) if form == "html" else service.kg.language
    given: dict[str, list[str]] = {}
    for key, value in pairs(query_string):
        if key == "lang":
            language = known(value)
            continue
        values = [value] if service.kinds[name].get(key) == "text" else value.split(_BETWEEN)
        given.setdefault(key, []).extend(filter(None, values))
    parameters = tuple((key, tuple(values)) for key, values in sorted(given.items()))
    query = f"?{quote(query_string, safe=_WRITTEN)}" if query_string else ""
    table = f"{name}.csv{query}" if form == "metadata.json" else ""
    headers = {"link": f'<{name}.metadata.json{query}>; rel="describedby"; type="application/csvm+json"'}
    headers |= {"vary": "accept-language"} if form == "html" else {}
    return await service.respond(request, Saved(name, parameters, form, table, language), headers)


async def resource(request: Request) -> Response:
    """Answer for a page, a file, or the address of a resource."""
    service: Service = request.state.service
    path = request.scope["path"].removeprefix("/")
    if path == "" or path.endswith("/"):
        page = page_of(path.rstrip("/"))
        place = page.rpartition("/")[0]
        links = {"link": _links(place)} if place and f"{files_of(place)}.ttl" in service.pages else {}
        if page in service.pages:
            return service.page(request, page, {**_PAGE, **links})
        if place:
            raise Problem(404, f"There is nothing at {request.url.path}.")
        return RedirectResponse("/sparql", 303)
    place, _, ending = path.rpartition(".")
    describes = {"link": f'</{place}>; rel="describes"'} if place and ending in ENDINGS else {}
    if path in service.pages:
        return service.page(request, path, describes or _PAGE)
    if path in _KNOWN:
        asked = Description(_KNOWN[path], wanted(accept_of(request), tuple(_FILES)))
        return await service.respond(request, asked, {"vary": "accept"})
    if describes:
        return await service.respond(request, Description("resource", ENDINGS[ending], BASE + place), describes)
    return await _elsewhere(service, request, path)


async def _elsewhere(service: Service, request: Request, path: str) -> Response:
    """Lead from a resource to a document about it."""
    place = place_of(BASE + path)
    has_page = place is not None and page_of(place) in service.pages
    if not has_page:  # raises Problem if nothing is known of it
        await service.ask(request, Description("resource", next(iter(_FILES)), BASE + path))
        place = path
    media = wanted(accept_of(request), (_HTML, *_FILES) if has_page else tuple(_FILES))
    to = f"/{place}/" if media == _HTML else f"/{place}.{_FILES[media]}"
    if media == _HTML:
        spoken = page_of(str(place), language_of(request, service.kg.language))
        to = f"/{spoken}" if spoken in service.pages and not spoken.endswith("index.html") else to
    headers = {"vary": "accept, accept-language", "link": _links(str(place)), "cache-control": "no-cache"}
    return RedirectResponse(to, 303, headers=headers)


def _links(place: str) -> str:
    return ", ".join(f'</{place}.{ending}>; rel="describedby"; type="{media}"' for ending, media in ENDINGS.items())
