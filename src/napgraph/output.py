"""Write a file whole or not at all."""

from __future__ import annotations

import os

__all__ = ["write_whole"]


def write_whole(path: str, content: bytes) -> None:
    """Write ``content`` to a new neighbour of ``path``, then put it in its place at one stroke.

    Whoever reads ``path`` finds the old file or the new one; an interrupted write leaves nothing behind
    under that name. A link is followed, and what is no plain file (a device, a pipe) is written to as it stands.
    Raises OSError as the system does.
    """
    import tempfile

    path = os.path.realpath(path)
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as file:
            file.write(content)
        return
    folder, name = os.path.split(path)
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
