"""The process of the command line: ``napgraph``, and ``python -m napgraph``."""

import atexit
import gc
import os
import sys
import threading
from typing import NoReturn

gc.set_threshold(50_000)  # most commands end before there is anything worth collecting

from .cli import main  # noqa: E402


def start() -> NoReturn:
    """Run the command line and leave with its exit status.

    What ends with the process, such as the engine of the graph, is not taken apart before, which takes longer than most
    answers; where other threads run or the screen does not take the rest, Python ends as ever.
    """
    try:
        main()
    except SystemExit as end:
        if threading.active_count() == 1 and isinstance(end.code, int):
            atexit._run_exitfuncs()
            try:
                sys.stdout.flush()
                sys.stderr.flush()
            except (AttributeError, OSError, ValueError):
                raise end from None
            os._exit(end.code)
        raise


if __name__ == "__main__":
    start()
