"""A file as programs send it: as it is, as a form with a file, or as JSON; and ``/api/check``, which checks one.

In a form and in JSON the names of the fields are those of the EU Interoperability Test Bed: ``contentToValidate``,
``contentSyntax``, ``embeddingMethod``, and for a check ``validationType``, ``reportSyntax`` and ``locale``.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from werkzeug.formparser import FormDataParser

from ..rdf.formats import ending_of_media
from .handlers import REPORT_LANGUAGES, REPORTS, Submission
from .http import FORM, Problem, accept_of, pairs, read, wanted
from .service import Service

FIELDS = ("contentToValidate", "contentSyntax", "embeddingMethod")
_MULTIPART = "multipart/form-data"
_MOST_PARTS = 20
_LONGEST_NAME = 100


class Upload(NamedTuple):
    """What was sent: the file, what to call it, and the other fields."""

    content: bytes
    name: str
    fields: dict[str, str]


async def check(request: Request) -> Response:
    """``/api/check``: answer with the report; raises Problem, 422 for a file that cannot be read."""
    service: Service = request.state.service
    content, name, given = await read_upload(request, ("validationType", "reportSyntax", "locale"))
    language = given.get("locale", REPORT_LANGUAGES[0]).partition("-")[0].lower() or REPORT_LANGUAGES[0]
    if language not in REPORT_LANGUAGES:
        raise Problem(400, f"Reports are written in {', '.join(REPORT_LANGUAGES)}, not in {given['locale']!r}.")
    media = given.get("reportSyntax", "")
    if media and media not in REPORTS:
        raise Problem(400, f"A report can be had as {', '.join(REPORTS)}, not as {media!r}.")
    media = media or wanted(accept_of(request), tuple(REPORTS))
    answer = await service.ask(request, Submission(content, name, given.get("validationType") or None, language, media))
    return Response(answer.content, media_type=answer.media, headers={"vary": "accept", "cache-control": "no-store"})


async def read_upload(request: Request, allowed: Sequence[str] = ()) -> Upload:
    """Return the file of a request, which may have the fields ``allowed`` too; raises Problem."""
    service: Service = request.state.service
    most = service.limits.bytes
    sent = await read(request, most * 2)  # BASE64 takes a third more
    content, media, given = sent.body, sent.media, dict(sent.given)
    name = given.pop("name", "")
    if media == _MULTIPART:
        fields, file = _parts(content, sent.options)
        given |= fields
        if file is not None:
            name, content = file
            media = ""
    elif media == FORM:
        given |= dict(pairs(content))
    elif media == "application/json" and b'"contentToValidate"' in content:  # and no record in JSON-LD itself
        given |= _object(content)
    else:
        given.setdefault("contentSyntax", media)
    if "contentToValidate" in given:
        content = _embedded(given)
    elif media in {_MULTIPART, FORM}:
        raise Problem(400, "There is no file here: send one, or 'contentToValidate'.")
    if not content:
        raise Problem(400, "There is no file here: what was sent is empty.")
    known = (*FIELDS, *allowed)
    odd = sorted(given.keys() - set(known))
    if odd:
        raise Problem(400, f"There is no field {odd[0]!r}. The fields are {', '.join(known)}.")
    if len(content) > most:
        raise Problem(413, f"At most {most / 1000**2:g} MB are taken here.")
    return Upload(content, _named(name, given), given)


def _named(name: str, given: dict[str, str]) -> str:
    """Return what to call the file: the last part of its name, or one that its media type gives."""
    ending = ending_of_media(given.get("contentSyntax", "").partition(";")[0].strip().lower())
    shown = name.replace("\\", "/").rpartition("/")[2][:_LONGEST_NAME]
    return "".join(each for each in shown if each.isprintable()) or f"submission{ending}"


def _embedded(given: dict[str, str]) -> bytes:
    how = given.get("embeddingMethod", "STRING").upper()
    if how == "URL":
        raise Problem(400, "Nothing is fetched here: send the content itself, by embeddingMethod STRING or BASE64.")
    if how == "STRING":
        return given["contentToValidate"].encode("utf-8", "replace")
    if how != "BASE64":
        raise Problem(400, f"The embeddingMethod is STRING or BASE64, not {how!r}.")
    try:
        return base64.b64decode("".join(given["contentToValidate"].split()), validate=True)
    except ValueError as error:
        raise Problem(400, f"contentToValidate is not BASE64: {error}") from error


def _parts(content: bytes, options: dict[str, str]) -> tuple[dict[str, str], tuple[str, bytes] | None]:
    """Return the fields of a form, and the name and content of its file."""
    reader = FormDataParser(
        stream_factory=lambda *_, **__: io.BytesIO(),  # never a file on disk
        max_form_memory_size=len(content),
        max_form_parts=_MOST_PARTS,
        silent=False,
    )
    try:
        _, fields, files = reader.parse(io.BytesIO(content), _MULTIPART, len(content), options)
    except Exception as error:  # whatever its reader says of it
        raise Problem(400, "This form cannot be read: it is not as multipart/form-data has it.") from error
    sent = [file for _, file in files.items(multi=True)]
    if len(sent) > 1:
        raise Problem(400, "Send one file at a time.")
    return dict(fields.items()), (sent[0].filename or "", sent[0].stream.read()) if sent else None


def _object(content: bytes) -> dict[str, str]:
    try:
        found: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "This is not valid JSON.") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise Problem(400, "Send one JSON object whose values are texts.")
    return found
