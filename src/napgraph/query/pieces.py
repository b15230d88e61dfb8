"""A graph in pieces that can be sent one after another, nameless resources never torn apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def pieces(lines: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    """Yield lines of N-Triples in lists of about ``size`` bytes each, in an order that depends on them alone.

    Whoever receives a piece gives its nameless resources new names. So all that is said of one, and of those that are
    tied to it, stays in one piece; these come last, and are held until then.
    """
    piece = _Piece(size)
    tied: dict[bytes, list[bytes]] = {}
    above: dict[bytes, bytes] = {}

    def root(name: bytes) -> bytes:
        while above.setdefault(name, name) != name:
            above[name] = name = above[above[name]]
        return name

    nameless: list[tuple[bytes, bytes]] = []
    for line in lines:
        subject, _, rest = line.split(b" ", 2)
        names = [term for term in (subject, rest.removesuffix(b" .")) if term.startswith(b"_:")]
        if not names:
            yield from piece.add([line])
            continue
        nameless.append((names[0], line))
        above[root(names[0])] = root(names[-1])
    for name, line in nameless:
        tied.setdefault(root(name), []).append(line)
    for together in tied.values():
        yield from piece.add(together)
    if piece.lines:
        yield piece.lines


class _Piece:
    """The piece that is being filled."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._filled = 0
        self.lines: list[bytes] = []

    def add(self, together: list[bytes]) -> Iterator[list[bytes]]:
        """Add lines; yields the piece before them where they do not fit into it any more."""
        length = sum(map(len, together)) + len(together)
        if self.lines and self._filled + length > self._size:
            yield self.lines
            self.lines, self._filled = [], 0
        self.lines += together
        self._filled += length
