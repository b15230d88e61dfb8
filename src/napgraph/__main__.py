"""The process of the command line: ``napgraph`` and ``python -m napgraph``."""

import atexit
import gc

from .cli import main


def start() -> None:
    """Run the command line; most commands end before there is anything worth collecting, and all goes at once."""
    gc.set_threshold(50_000)
    atexit.register(gc.freeze)
    main()


if __name__ == "__main__":
    start()
