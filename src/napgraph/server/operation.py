"""``/health`` and ``/ready``: what an operator's watchman asks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from .handlers import Saved
from .http import Refusal

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from .service import Service

_UNKEPT = {"cache-control": "no-store"}
_PROBE = Saved("licence", (), "json")
_PATIENCE = 5.0  # seconds until the workers count as not answering
_HOLDS = 1.0  # seconds for which one finding serves everybody who asks


async def health(_: Request) -> Response:
    """Answer as long as the process does."""
    return JSONResponse({"status": "alive"}, headers=_UNKEPT)


async def ready(request: Request) -> Response:
    """Answer when a worker answers a query, which waits behind no question.

    Raises Refusal (503) while none does within 5 s.
    """
    service: Service = request.state.service
    now = asyncio.get_running_loop().time()
    if service.probe is None or (service.probe.done() and now - service.probed > _HOLDS):
        service.probe, service.probed = asyncio.ensure_future(_answers(service)), now
    if not await asyncio.shield(service.probe):
        raise Refusal.later("The processes that answer questions do not answer now. Try again in some seconds.", 2)
    return JSONResponse({"status": "ready", "version": service.kg.version}, headers=_UNKEPT)


async def _answers(service: Service) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE):
            await service.workers.probe(_PROBE)
    except (TimeoutError, Refusal):
        return False
    return True
