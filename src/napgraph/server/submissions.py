"""``/api/submissions``: a file is handed in, under a token, and its sender learns what became of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from .http import Refusal
from .requests import body
from .uploads import sent

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ..submissions.inbox import Token
    from .receiving import Receiving
    from .service import Service


async def submit(request: Request) -> Response:
    """Keep what was sent, and answer with the receipt: 201, or 200 where the same was sent before."""
    service: Service = request.state.service
    receiving: Receiving = request.app.state.receiving
    token = await _token(request)
    if token is None:
        with suppress(Refusal):  # what is sent is thrown away, so that the sender reads why
            await body(request, 0, service.settings.body_seconds)
        raise _unknown()
    file = await sent(request, service)
    state, new = await receiving.keep(token, file.name, file.content)
    headers = {**_UNKEPT, "location": f"/api/submissions/{state.id}"}
    return JSONResponse(state._asdict(), 201 if new else 200, headers)


async def submission(request: Request) -> Response:
    """Answer with the state of a submission, to a token for its jurisdiction."""
    receiving: Receiving = request.app.state.receiving
    token = await _token(request)
    if token is None:
        raise _unknown()
    state = await receiving.find(request.path_params["id"])
    if state is None or state.jurisdiction != token.jurisdiction:
        raise Refusal(404, f"There is no such submission for {token.jurisdiction}.")
    return JSONResponse(state._asdict(), headers=_UNKEPT)


_UNKEPT = {"cache-control": "no-store"}


async def _token(request: Request) -> Token | None:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    receiving: Receiving = request.app.state.receiving
    return await receiving.find_token(token.strip()) if kind.lower() == "bearer" else None


def _unknown() -> Refusal:
    words = "A submission needs a token that is valid here: send the header 'Authorization: Bearer TOKEN'."
    return Refusal(401, words, headers={"www-authenticate": 'Bearer realm="napgraph"'})
