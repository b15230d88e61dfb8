"""Whether the addresses of sources answer on the web today."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from .. import __version__

_AT_ONCE = 8
_HEADERS = {"User-Agent": f"napgraph/{__version__}"}
_REFUSED = {403, 405, 429, 501}
"""The statuses of servers that refuse HEAD, after which GET is tried."""


def ask(address: str, seconds: float) -> str:
    """Return "" if something answers at ``address``, or else what came in place of it: a status, or a reason.

    A printed address without a scheme is one of http. Nothing but the head of an answer is read.
    """
    place = quote(address if "://" in address else f"http://{address}", safe="%/:=&?~#+!$,;'@()*[]")
    if not place.lower().startswith(("http://", "https://")):
        return "no address of the web"
    answer = "no answer"
    for method in ("HEAD", "GET"):
        asked = urllib.request.Request(place, method=method, headers=_HEADERS)  # noqa: S310
        try:
            with urllib.request.urlopen(asked, timeout=seconds):  # noqa: S310  # nosec B310 - http only, see above
                return ""
        except urllib.error.HTTPError as error:
            answer = f"{error.code} {http.client.responses.get(error.code, '')}".strip()
            error.close()
            if error.code not in _REFUSED:
                break
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            if isinstance(reason, TimeoutError):
                return f"no answer in {seconds:g} s"
            return f"no answer: {getattr(reason, 'strerror', None) or reason}"
    return answer


def ask_each(addresses: Iterable[str], seconds: float) -> Iterator[str]:
    """Yield what :func:`ask` returns of each address, in order, some at a time."""
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        yield from workers.map(lambda address: ask(address, seconds), addresses)
