"""``/openapi.json``: what can be asked of the server, for programs, as OpenAPI 3.1 has it.

The words stand in ``openapi.json`` beside this file; what is listed elsewhere (queries, formats) is filled in.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from .. import __version__
from .formats import GRAPHS, TABLES
from .handlers import FORMS
from .judging import LANGUAGES, REPORTS

if TYPE_CHECKING:
    from starlette.requests import Request

    from .service import Service

_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "openapi.json")

_SUBMISSIONS = "/api/submissions"


async def openapi(request: Request) -> Response:
    """Answer with the description."""
    service: Service = request.state.service
    made = _described(service.kg.queries.names(), service.profiles)
    if request.app.state.receiving is None:
        for path in [path for path in made["paths"] if path.startswith(_SUBMISSIONS)]:
            del made["paths"][path]
    return Response(json.dumps(made, ensure_ascii=False, indent=1), media_type="application/json")


def _described(names: list[str], profiles: list[str]) -> dict[str, Any]:
    with open(_FILE, encoding="utf-8") as file:
        made: dict[str, Any] = json.load(file)
    made["info"]["version"] = __version__
    paths = made["paths"]
    saved = paths["/query/{name}.{form}"]["get"]
    for parameter, values in zip(saved["parameters"], (names, list(FORMS)), strict=False):
        parameter["schema"]["enum"] = values
    known = {"validationType": profiles, "reportSyntax": list(REPORTS), "locale": list(LANGUAGES)}
    check = paths["/api/check"]["post"]
    given = {parameter["name"]: parameter["schema"] for parameter in check["parameters"]}
    forms = [content.get("schema", {}).get("properties", {}) for content in check["requestBody"]["content"].values()]
    for name, values in known.items():
        for schemas in (given, *forms):
            if name in schemas:
                schemas[name]["enum"] = values
    tables_and_graphs = _content([*TABLES, *GRAPHS])
    for asked, content in (
        (paths["/sparql"]["get"], tables_and_graphs),
        (paths["/sparql"]["post"], tables_and_graphs),
        (saved, _content(media.partition(";")[0] for media in FORMS.values())),
        (check, _content(REPORTS)),
    ):
        asked["responses"]["200"]["content"] = content
    return made


def _content(media: Iterable[str]) -> dict[str, dict[str, object]]:
    return {each: {} for each in media}
