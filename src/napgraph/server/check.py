"""``/api/check``: a file is checked, by the rules and in the words of ``napgraph check``.

The further fields ``validationType``, ``reportSyntax`` and ``locale`` are those of the EU Interoperability Test Bed.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from .handlers import REPORT_LANGUAGES, REPORTS, Submission
from .http import Problem, accept_of, wanted
from .service import Service
from .uploads import read_upload


async def check(request: Request) -> Response:
    """Answer with the report; raises Problem, 422 for a file that cannot be read."""
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
