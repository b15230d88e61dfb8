"""A graph in pieces that can be sent one after another, nameless resources never torn apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["pieces"]


def pieces(lines: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    """Yield lines of N-Triples in lists of about ``size`` bytes each, in an order that depends on them alone.

    Whoever receives a piece gives its nameless resources new names. So all that is said of one, and of those that are
    tied to it, stays in one piece.
    """
    plain: list[bytes] = []
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
            plain.append(line)
            continue
        nameless.append((names[0], line))
        above[root(names[0])] = root(names[-1])
    for name, line in nameless:
        tied.setdefault(root(name), []).append(line)
    piece: list[bytes] = []
    filled = 0
    for together in [*([line] for line in plain), *tied.values()]:
        if piece and filled + sum(map(len, together)) > size:
            yield piece
            piece, filled = [], 0
        piece += together
        filled += sum(map(len, together)) + len(together)
    if piece:
        yield piece
