"""Who writes to a server: basic and digest authentication, each only where the server asks for it."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from http.client import HTTPMessage


class Credentials(NamedTuple):
    """A user's name and password; the password is shown nowhere."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"<Credentials of {self.user}>"

    def handlers(self, address: str) -> list[urllib.request.BaseHandler]:
        """Return what answers the server's question who asks, for this address; to be used for all requests to it."""
        known = urllib.request.HTTPPasswordMgrWithPriorAuth()
        known.add_password(None, address, self.user, self.password)
        return [_Digest(known), urllib.request.HTTPBasicAuthHandler(known)]


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Remembers how the server asked, and says it at once with the next request.

    A server that is sent much by someone it does not know closes the connection, before its question can be read.
    """

    _asked: dict[str, str] | None = None

    def http_error_auth_reqed(
        self, auth_header: str, host: str, req: urllib.request.Request, headers: HTTPMessage
    ) -> None:
        scheme, _, rest = headers.get(auth_header, "").partition(" ")
        if scheme.lower() == "digest":
            items = filter(None, urllib.request.parse_http_list(rest))
            self._asked = urllib.request.parse_keqv_list(list(items))
        return super().http_error_auth_reqed(auth_header, host, req, headers)

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        if self._asked and not request.has_header(self.auth_header):
            said = self.get_authorization(request, self._asked)
            if said:
                request.add_unredirected_header(self.auth_header, f"Digest {said}")
        return request

    https_request = http_request
