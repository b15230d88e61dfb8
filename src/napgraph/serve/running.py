"""Start the server and say what it does."""

from __future__ import annotations

import logging
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from ..errors import MissingPackageError, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..knowledge_graph import KnowledgeGraph
    from .settings import Settings

__all__ = ["serve"]


def serve(
    kg: KnowledgeGraph,
    host: str,
    port: int,
    settings: Settings,
    site: str | None,
    data: str | None,
    say: Callable[[str], None],
) -> None:
    """Serve ``kg``, with the pages in the folder ``site``, until told to stop; ``say`` tells how it stands.

    Where ``data`` names a file of RDF, SPARQL is asked of that alone.

    Raises ServerError where the address cannot be had or the system cannot fork, MissingPackageError without the
    packages of the extra ``serve``.
    """
    import os

    if not hasattr(os, "fork"):
        raise ServerError("The server answers in processes that it forks, and this system cannot do that.")
    try:
        import starlette  # noqa: F401
        import uvicorn
        import werkzeug  # noqa: F401

        from .connection import connection
    except ImportError as error:
        raise MissingPackageError(error.name or "uvicorn", "serve") from error
    from .application import application
    from .folder import Folder
    from .graphs import dataset
    from .service import Service

    listening = _bound(host, port)
    with listening:
        service = Service(kg, settings, Folder(site) if site else None, dataset(data) if data else None)
        config = uvicorn.Config(
            application(service),
            http=connection(settings),
            ws="none",
            log_level=logging.WARNING,
            access_log=False,
            server_header=False,
            timeout_keep_alive=round(settings.idle),
            timeout_graceful_shutdown=round(settings.seconds),
            backlog=settings.connections,
        )
        _allow_files(settings.connections)
        listening.listen(settings.connections)
        name = f"[{host}]" if ":" in host else host
        say(f"Serving data version {kg.version[:12]} at http://{name}:{listening.getsockname()[1]}/sparql")
        say(_network())
        uvicorn.Server(config).run(sockets=[listening])


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
    except (OSError, OverflowError) as error:
        raise ServerError(
            f"{host}:{port}: this address cannot be served ({getattr(error, 'strerror', None) or error}). Give another "
            "--host or --port."
        ) from error
    return made


def _network() -> str:
    """Return how workers are kept off the network: tried in a process of its own, since it cannot be undone."""
    from .. import limited
    from ..seclusion import leave_network

    if limited.run(leave_network, seconds=5, memory=10**9):
        return "Workers have no network."
    return (
        "Workers have the network of this machine: the system lets no process leave it (user namespaces are off). "
        "SERVICE is refused as a query is read, and no file or connection can be opened while one runs."
    )


def _allow_files(connections: int) -> None:
    """Ask the system for as many open files as there may be connections, and some."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        need = connections + 200
        if soft < need:
            resource.setrlimit(
                resource.RLIMIT_NOFILE, (need if hard == resource.RLIM_INFINITY else min(need, hard), hard)
            )
