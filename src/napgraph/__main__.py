"""The process of the command line: ``napgraph``, and ``python -m napgraph``."""

import atexit
import gc
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn

_status: list[int] = []


@atexit.register  # before any other, so that it is called after all others
def _leave() -> None:
    """End at once, without taking apart what ends with the process, which takes longer than most answers.

    Where other threads run or the screen does not take the rest, Python ends as ever.
    """
    if _status and threading.active_count() == 1:
        with suppress(AttributeError, OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(_status[0])


if "serve" not in sys.argv:  # most commands end before there is anything worth collecting, and a server runs long
    gc.set_threshold(50_000)

from .cli import main  # noqa: E402


def start() -> NoReturn:
    """Run the command line and leave with its exit status."""
    try:
        main()
    except SystemExit as end:
        _status.extend([end.code] if isinstance(end.code, int) else ())
        raise


if __name__ == "__main__":
    start()
