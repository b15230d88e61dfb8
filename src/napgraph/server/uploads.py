"""A file as programs send it: as it is, as a form with a file, or as JSON.

In a form and in JSON the names of the fields are those of the EU Interoperability Test Bed: ``contentToValidate``,
``contentSyntax``, ``embeddingMethod``, and more where the address takes more.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from ..rdf.formats import ending_of_media
from .http import Refusal
from .protocol import FORM, pairs
from .requests import body

if TYPE_CHECKING:
    from starlette.requests import Request

    from .service import Service

FIELDS = ("contentToValidate", "contentSyntax", "embeddingMethod")
_MULTIPART = "multipart/form-data"
_JSON = "application/json"
_MOST_PARTS = 20
_LONGEST_NAME = 100


class Sent(NamedTuple):
    """What was sent: the file, what to call it, and the other fields."""

    content: bytes
    name: str
    fields: dict[str, str]


async def sent(request: Request, service: Service, allowed: Sequence[str] = ()) -> Sent:
    """Return the file of a request, which may have the fields ``allowed`` too; raises Refusal."""
    content = await body(request, service.limits.bytes * 2, service.settings.body_seconds)  # BASE64 takes a third more
    media, options = parse_options_header(request.headers.get("content-type", ""))
    media = media.lower()
    given = dict(pairs(request.scope["query_string"]))
    name = given.pop("name", "")
    if media == _MULTIPART:
        fields, file = _parts(content, options)
        given |= fields
        if file is not None:
            name, content = file
            media = ""
    elif media == FORM:
        given |= dict(pairs(content))
    elif media == _JSON and _names_content(content):
        given |= _object(content)
    else:
        given.setdefault("contentSyntax", media)
    if "contentToValidate" in given:
        content = _embedded(given)
    elif media in {_MULTIPART, FORM}:
        raise Refusal(400, "There is no file here: send one, or 'contentToValidate'.")
    if not content:
        raise Refusal(400, "There is no file here: what was sent is empty.")
    known = (*FIELDS, *allowed)
    odd = sorted(given.keys() - set(known))
    if odd:
        raise Refusal(400, f"There is no field {odd[0]!r}. The fields are {', '.join(known)}.")
    if len(content) > service.limits.bytes:
        raise Refusal(413, f"At most {service.limits.bytes / 1000**2:g} MB are taken here.")
    return Sent(content, _named(name, given), given)


def _named(name: str, given: dict[str, str]) -> str:
    """Return what to call the file: the last part of its name, or one that its media type gives."""
    ending = ending_of_media(given.get("contentSyntax", "").partition(";")[0].strip().lower())
    shown = name.replace("\\", "/").rpartition("/")[2][:_LONGEST_NAME]
    return "".join(each for each in shown if each.isprintable()) or f"submission{ending}"


def _embedded(given: dict[str, str]) -> bytes:
    how = given.get("embeddingMethod", "STRING").upper()
    if how == "URL":
        raise Refusal(400, "Nothing is fetched here: send the content itself, by embeddingMethod STRING or BASE64.")
    if how == "STRING":
        return given["contentToValidate"].encode("utf-8", "replace")
    if how != "BASE64":
        raise Refusal(400, f"The embeddingMethod is STRING or BASE64, not {how!r}.")
    try:
        return base64.b64decode("".join(given["contentToValidate"].split()), validate=True)
    except ValueError as error:
        raise Refusal(400, f"contentToValidate is not BASE64: {error}") from error


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
        raise Refusal(400, "This form cannot be read: it is not as multipart/form-data has it.") from error
    sent = [file for _, file in files.items(multi=True)]
    if len(sent) > 1:
        raise Refusal(400, "Send one file at a time.")
    file = (sent[0].filename or "", sent[0].stream.read()) if sent else None
    return dict(fields.items()), file


def _names_content(content: bytes) -> bool:
    """Whether JSON is a request of the Test Bed, and not a record in JSON-LD itself."""
    return b'"contentToValidate"' in content


def _object(content: bytes) -> dict[str, str]:
    try:
        told: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "This is not valid JSON.") from error
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise Refusal(400, "Send one JSON object whose values are texts.")
    return told
