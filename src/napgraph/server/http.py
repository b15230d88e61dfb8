"""What the server says when it does not answer: a status, one sentence for a reader, and when to try again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Self

from ..errors import FolderError, NapgraphError, ServerError, UnknownNameError

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "etag, link, retry-after",
    "content-security-policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
}
PROBLEM = "application/problem+json"
_TITLES = {
    400: "This request cannot be understood",
    401: "A token is needed",
    403: "Not allowed",
    404: "Not found",
    405: "Another method is needed",
    406: "No such format",
    408: "Too slow",
    413: "Too large",
    415: "Another media type is needed",
    422: "This file cannot be read",
    429: "Too many requests",
    431: "The head of the request is too large",
    500: "The server failed",
    503: "Not now",
}


class Refusal(NapgraphError):  # noqa: N818 to its reader it is an answer
    """A request that is not answered, with its status and the headers that go with it."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.headers = status, dict(headers or {})

    @property
    def title(self) -> str:
        """What is the matter, in a few words: the same for every refusal of this status."""
        return _TITLES.get(self.status, "Not answered")

    @classmethod
    def later(cls, detail: str, seconds: int = 10, status: int = 503) -> Self:
        """Return a refusal that says when to come again."""
        return cls(status, detail, headers={"retry-after": str(seconds)})


def refusal(error: Exception) -> Refusal:
    """Return what a visitor is told of any error; what is no error of theirs says nothing of our insides."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, UnknownNameError) and error.kind == "saved query":
        return Refusal(404, str(error))
    if isinstance(error, FolderError):  # it names a folder of ours
        return Refusal.later("The server cannot read its own files now. Try again later.", 60)
    if isinstance(error, ServerError):
        return Refusal.later(str(error))
    if isinstance(error, NapgraphError):
        return Refusal(400, str(error))
    return Refusal(500, "The server failed on this request. That is a fault of napgraph: please report it.")


def told(error: Refusal) -> tuple[bytes, dict[str, str]]:
    """Return the body (RFC 9457) and the headers of a refusal."""
    made = {"title": error.title, "status": error.status, "detail": str(error)}
    headers = {"content-type": PROBLEM, "cache-control": "no-store", **error.headers}
    return json.dumps(made, ensure_ascii=False).encode() + b"\n", headers
