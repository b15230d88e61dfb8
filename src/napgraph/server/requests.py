"""What every part of the server does with a request: read its body within limits, and stop when the client is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, MutableMapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any, TypeVar

from .http import Refusal

if TYPE_CHECKING:
    from starlette.requests import Request

_Result = TypeVar("_Result")
_HOUSEHOLD = 64  # bits of an address of IPv6 that its holder did not choose
_LINGER = 5  # seconds that a client may go on sending what is thrown away, so that it reads why
_CLOSE = {"connection": "close"}
_TOO_MUCH = "Too much is being sent by all clients together. Try again in some seconds."


class Received:
    """How much memory the bodies of all requests take that are not answered yet."""

    def __init__(self) -> None:
        self.size = 0

    def add(self, request: Request, size: int) -> bool:
        """Count a part of a body; return whether there is room for it."""
        if self.size + size > request.state.service.settings.received:
            return False
        self.size += size
        request.state.received = getattr(request.state, "received", 0) + size
        return True

    def leave(self, state: MutableMapping[str, Any]) -> None:
        """Say that the body of the request with this state is held no longer."""
        self.size -= state.pop("received", 0)


async def body(request: Request, most: int, seconds: float) -> bytes:
    """Return the body.

    Raises Refusal: 413 for one of more than ``most`` bytes, 408 for one that does not come, 503 for one that is too
    much together with all others.
    """
    if "content-length" not in request.headers and "transfer-encoding" not in request.headers:
        return b""
    too_large = Refusal(413, f"At most {most / 1000**2:g} MB are taken here.", headers=_CLOSE)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(415, "A packed body is not taken: send it as it is, without Content-Encoding.", headers=_CLOSE)
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most and "expect" in request.headers:
        raise too_large
    taken, size = [], 0
    received: Received = request.app.state.received
    refused: Refusal | None = None
    try:
        async with asyncio.timeout(seconds) as clock:
            async for chunk in request.stream():
                size += len(chunk)
                if refused is not None:
                    continue
                if size <= most and received.add(request, len(chunk)):
                    taken.append(chunk)
                    continue
                refused = too_large if size > most else Refusal(503, _TOO_MUCH, headers={"retry-after": "10", **_CLOSE})
                taken.clear()
                received.leave(request.scope["state"])
                clock.reschedule(asyncio.get_running_loop().time() + _LINGER)
    except TimeoutError:
        if refused is None:
            raise Refusal(408, f"The body did not come within {seconds:g} s.", headers=_CLOSE) from None
    if refused is not None:
        raise refused
    return b"".join(taken)


async def while_connected(request: Request, answer: Awaitable[_Result]) -> _Result:
    """Return what ``answer`` gives; stop it if the client goes, so that nobody works for who is not there.

    For a request whose body has been read.
    """
    asked = asyncio.ensure_future(answer)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({asked, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        if not asked.done():
            asked.cancel()
            await asyncio.wait({asked})
    if asked.cancelled():
        raise Refusal(400, "The client closed the connection.")
    return asked.result()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def client(request: Request) -> str:
    """Return who asks, as far as the network tells: an address, of IPv6 the network that one household has."""
    return _household(request.client.host) if request.client else ""


@lru_cache(maxsize=1000)
def _household(host: str) -> str:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:  # whatever the web server before this one calls it
        return host
    if isinstance(address, IPv4Address):
        return host
    return str(address.ipv4_mapped or IPv6Network((address, _HOUSEHOLD), strict=False))
