"""``/api/check``: a file is checked, by the rules and in the words of ``napgraph check``.

The further fields ``validationType``, ``reportSyntax`` and ``locale`` are those of the EU Interoperability Test Bed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from .formats import accept_of, wanted
from .http import Refusal
from .judging import LANGUAGES, REPORTS, Submission
from .uploads import sent

if TYPE_CHECKING:
    from starlette.requests import Request

    from .service import Service
    from .uploads import Sent

_FIELDS = ("validationType", "reportSyntax", "locale")


async def check(request: Request) -> Response:
    """Answer with the report; raises Refusal, 422 for a file that cannot be read."""
    service: Service = request.state.service
    asked = _submission(await sent(request, service, _FIELDS), accept_of(request))
    answer = await service.judge(request, asked)
    return Response(answer.content, media_type=answer.media, headers={"vary": "accept", "cache-control": "no-store"})


def _submission(file: Sent, accept: str) -> Submission:
    given = file.fields
    language = given.get("locale", LANGUAGES[0]).partition("-")[0].lower() or LANGUAGES[0]
    if language not in LANGUAGES:
        raise Refusal(400, f"Reports are written in {', '.join(LANGUAGES)}, not in {given['locale']!r}.")
    form = given.get("reportSyntax", "")
    if form and form not in REPORTS:
        raise Refusal(400, f"A report can be had as {', '.join(REPORTS)}, not as {form!r}.")
    return Submission(
        file.content,
        file.name,
        given.get("validationType") or None,
        language,
        form or wanted(accept, tuple(REPORTS)),
    )
