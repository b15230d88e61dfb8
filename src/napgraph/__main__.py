"""``python -m napgraph``: the command line."""

from .cli import main

main()
