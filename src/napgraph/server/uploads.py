"""A file as programs send it: as it is, as a form with a file, or as JSON; and ``/api/check``, which checks one.

In a form and in JSON the names of the fields are those of the EU Interoperability Test Bed.
"""

import base64
import io
import json
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from werkzeug.formparser import FormDataParser

from ..rdf.formats import ending_of_media
from .handlers import REPORT_LANGUAGES, REPORTS, Submission
from .http import FORM, UNKEPT, Problem, RequestContent, accept_of, pairs, read, wanted
from .service import Service

FIELDS = ("contentToValidate", "contentSyntax", "embeddingMethod")
_MULTIPART = "multipart/form-data"
_MOST_PARTS = 20
_LONGEST_NAME = 100


async def check(request: Request) -> Response:
    """``/api/check``: answer with the report; raises Problem, 422 for a file that cannot be read."""
    service: Service = request.state.service
    content, name, given = await read_upload(request, ("validationType", "reportSyntax", "locale"))
    language = given.get("locale", "").partition("-")[0].lower() or REPORT_LANGUAGES[0]
    if language not in REPORT_LANGUAGES:
        raise Problem(400, f"Reports are written in {', '.join(REPORT_LANGUAGES)}, not in {given['locale']!r}.")
    media = given.get("reportSyntax") or wanted(accept_of(request), tuple(REPORTS))
    if media not in REPORTS:
        raise Problem(400, f"A report can be had as {', '.join(REPORTS)}, not as {media!r}.")
    answer = await service.ask(request, Submission(content, name, given.get("validationType") or None, language, media))
    return Response(answer.content, media_type=answer.media, headers={"vary": "accept", **UNKEPT})


async def read_upload(request: Request, allowed: Sequence[str] = ()) -> tuple[bytes, str, dict[str, str]]:
    """Return the file of a request, what to call it, and the other fields, ``allowed`` among them; raises Problem."""
    service: Service = request.state.service
    most = service.limits.bytes
    sent = await read(request, most * 2)  # BASE64 takes a third more
    given = dict(sent.given)
    name, content = given.pop("name", ""), sent.body
    is_form = sent.media in {_MULTIPART, FORM}
    if sent.media == _MULTIPART:
        fields, files = _parts(sent)
        given |= fields
        if files:
            (name, content), is_form = files[0], False
    elif sent.media == FORM:
        given |= dict(pairs(content))
    elif sent.media == "application/json" and b'"contentToValidate"' in content:  # and no record in JSON-LD itself
        given |= _object(content)
    else:
        given.setdefault("contentSyntax", sent.media)
    if "contentToValidate" in given:
        content = _embedded(given["contentToValidate"], given.get("embeddingMethod", "STRING").upper())
    elif is_form:
        raise Problem(400, "There is no file here: send one, or 'contentToValidate'.")
    if not content:
        raise Problem(400, "There is no file here: what was sent is empty.")
    known = (*FIELDS, *allowed)
    if odd := sorted(given.keys() - set(known)):
        raise Problem(400, f"There is no field {odd[0]!r}. The fields are {', '.join(known)}.")
    if len(content) > most:
        raise Problem(413, f"At most {most / 1000**2:g} MB are taken here.")
    ending = ending_of_media(given.get("contentSyntax", "").partition(";")[0].strip().lower())
    shown = name.replace("\\", "/").rpartition("/")[2][:_LONGEST_NAME]
    return content, "".join(filter(str.isprintable, shown)) or f"submission{ending}", given


def _embedded(content: str, how: str) -> bytes:
    if how == "STRING":
        return content.encode("utf-8", "replace")
    if how == "URL":
        raise Problem(400, "Nothing is fetched here: send the content itself, by embeddingMethod STRING or BASE64.")
    if how != "BASE64":
        raise Problem(400, f"The embeddingMethod is STRING or BASE64, not {how!r}.")
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except ValueError as error:
        raise Problem(400, f"contentToValidate is not BASE64: {error}") from error


def _parts(sent: RequestContent) -> tuple[dict[str, str], list[tuple[str, bytes]]]:
    """Return the fields of a form, and the name and content of its file, if there is one."""
    size = len(sent.body)
    # Never a file on disk.
    reader = FormDataParser(lambda *_, **__: io.BytesIO(), size, max_form_parts=_MOST_PARTS, silent=False)
    try:
        _, fields, found = reader.parse(io.BytesIO(sent.body), _MULTIPART, size, sent.options)
    except Exception as error:  # whatever its reader says of it
        raise Problem(400, "This form cannot be read: it is not as multipart/form-data has it.") from error
    files = [(file.filename or "", file.stream.read()) for _, file in found.items(multi=True)]
    if len(files) > 1:
        raise Problem(400, "Send one file at a time.")
    return dict(fields.items()), files


def _object(content: bytes) -> dict[str, str]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "This is not valid JSON.") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise Problem(400, "Send one JSON object whose values are texts.")
    return found
