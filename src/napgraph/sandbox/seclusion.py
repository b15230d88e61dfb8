"""What a process gives up before it does a stranger's work: memory and core files, its parent's files, the network.

The system holds the process to it, so that no word in a query or file can undo it.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["die_with", "leave_network", "no_new_files", "quiet", "resident", "restrain", "seclude"]

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET


def seclude(keep: Iterable[int]) -> None:
    """Close every file but ``keep``, listening sockets among them, let signals do what they do, leave the network."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, signal.SIG_DFL)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # sent to all, they are the parent's affair
        signal.signal(number, signal.SIG_IGN)
    first = 0
    for file in [*sorted(keep), _most_files()]:
        os.closerange(first, file)
        first = file + 1
    leave_network()


def leave_network() -> bool:
    """Move this process into a network of its own that leads nowhere; return whether the system allows it.

    Linux does so for a process of one thread, unless whoever runs it has switched user namespaces off.
    """
    if sys.platform != "linux":
        return False
    try:
        import ctypes

        library = ctypes.CDLL(None, use_errno=True)
        return any(library.unshare(how) == 0 for how in (_NEW_USER | _NEW_NETWORK, _NEW_NETWORK))
    except (ImportError, OSError, AttributeError):
        return False


@contextmanager
def no_new_files() -> Iterator[None]:
    """While this lasts, the process can open neither file nor socket, on any system that counts open files."""
    try:
        import resource
    except ImportError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _most_files() -> int:
    try:
        return max(map(int, os.listdir("/proc/self/fd"))) + 1
    except (OSError, ValueError):
        return os.sysconf("SC_OPEN_MAX")


def quiet() -> None:
    """Let a crash end this process without a traceback of Python: the parent says what happened."""
    faults = sys.modules.get("faulthandler")
    if faults is not None:
        faults.disable()


def die_with(parent: int) -> None:
    """Ask the system to end this process with its parent, where it can do so."""
    if sys.platform != "linux":
        return
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    except (ImportError, OSError, AttributeError):
        return
    if os.getppid() != parent:
        os._exit(1)


def resident() -> int:
    """Return how many bytes of memory this process has in use; 0 where the system does not tell."""
    return _pages(1)


def _pages(field: int) -> int:
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[field]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def restrain(memory: int) -> None:
    """Bound the memory that this process may take above what it has, where the system can do so; write no core."""
    try:
        import resource
    except ImportError:
        return
    memory += _pages(0)  # elsewhere than on Linux the limit counts from zero
    for what, amount in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, memory)):
        _, most = resource.getrlimit(what)
        bound = amount if most == resource.RLIM_INFINITY else min(amount, most)
        try:
            resource.setrlimit(what, (bound, bound))
        except (OSError, ValueError):
            continue
