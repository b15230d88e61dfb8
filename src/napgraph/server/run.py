"""Start the server, say what it does, and stop it when it is told to."""

import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress

from ..errors import MissingPackageError, ServerError
from ..knowledge_graph import KnowledgeGraph
from ..sandbox import leave_network, missing_limits, run
from ..submissions.inbox import Inbox
from .settings import Log, Settings


def serve(
    load: Callable[[], KnowledgeGraph],
    host: str,
    port: int,
    settings: Settings,
    *,
    site: str | None = None,
    dataset: str | None = None,
    inbox: str | None = None,
    log: str = "words",
) -> None:
    """Serve the graph that ``load`` gives, with the pages in the folder ``site``, until SIGTERM or Ctrl-C.

    At SIGHUP it is loaded again. SPARQL is asked of the RDF file ``dataset`` alone where there is one, submissions are
    taken into the folder ``inbox``; ``log`` is ``words`` or ``json``. Raises ServerError where the address cannot be
    had or the system cannot fork, MissingPackageError without the packages of the extra ``serve``.
    """
    if not hasattr(os, "fork"):
        raise ServerError("The server answers in processes that it forks, and this system cannot do that.")
    try:
        import httptools  # noqa: F401
        import uvicorn

        from .app import Supervisor, application
        from .metrics import Metrics
        from .service import Service
        from .submissions import SubmissionQueue
    except ImportError as error:
        raise MissingPackageError(error.name or "uvicorn", "serve") from error
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there is something to load again
    said, metrics = Log(log), Metrics()
    with _bound(host, port) as listening:
        supervisor = Supervisor(lambda: Service(load(), settings, metrics, site, dataset), said, metrics)
        service = supervisor.service
        if inbox is not None:
            office = Inbox(inbox)
            supervisor.queue = SubmissionQueue(office, service.kg.root, service.limits, settings.inbox, said, metrics)
        config = uvicorn.Config(
            application(supervisor),
            http="httptools",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=round(settings.idle),
            timeout_graceful_shutdown=round(settings.wall),
            backlog=settings.connections,
        )
        errors = logging.getLogger("uvicorn.error")
        errors.handlers, errors.propagate = [said], False
        errors.setLevel(logging.ERROR)  # its warnings are of what strangers send
        _allow_files(settings.connections)
        listening.listen(settings.connections)
        name = f"[{host}]" if ":" in host else host
        at, version = listening.getsockname()[1], service.kg.version
        words = f"Serving data version {version[:12]} at http://{name}:{at}/sparql"
        said.event("started", words, version=version, port=at)
        said.event("network", _network())
        server = uvicorn.Server(config)
        supervisor.connections = server.server_state.connections
        for each in (signal.SIGTERM, signal.SIGINT):  # which uvicorn sends itself again at its end, as if it had failed
            signal.signal(each, server.handle_exit)
        server.run(sockets=[listening])
    said.event("stopped", "Stopped.")


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        words = f"{host}:{port}: this address cannot be served ({why}). Give another --host or --port."
        raise ServerError(words) from error
    return made


def _network() -> str:
    """Return how workers are kept off the network: tried in a process of its own, since it cannot be undone."""
    if run(leave_network, seconds=5, memory=10**9):
        return "Workers have no network."
    words = (
        "Workers have the network of this machine: the system lets no process leave it (user namespaces are off). "
        "SERVICE is refused as a query is read, and no file or connection can be opened while one runs."
    )
    return f"{missing_limits()} {words}".lstrip()


def _allow_files(connections: int) -> None:
    """Ask the system for as many open files as there may be connections, and some."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        need = connections + 200 if hard == resource.RLIM_INFINITY else min(connections + 200, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, need), hard))
