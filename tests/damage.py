"""Files with damage, made from sound ones by chance: the same seed makes the same damage.

What stands inside a workbook or zip is damaged too, and packed again, so that the damage gets past the unpacking.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from random import Random

__all__ = ["damaged"]

_PIECES = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28", b"\xed\xa0\x80", "\u202e".encode(), "e\u0301".encode(), b"\r",
    b"\t", b'"', b'"""', b"'", b"\\", b"\\u", b"\\uD800", b"<", b">", b"<>", b"&lt;", b"&#0;", b"&x;", b"]]>",
    b"<!DOCTYPE x [", b"[", b"]" * 9, b"[" * 90, b"(" * 90, b"{" * 90, b'{"a":' * 90, b"<a>" * 90, b"<<", b">>", b"|",
    b";", b",", b".", b"^^", b"@", b"@en", b"@en--ltr", b"@base <x> .", b"@prefix : <> .", b'"@id":',
    b'"@context": "https://example.org/c",', b"null", b"true", b"-1", b"1e999", b"NaN", b"9" * 400, b"2006-02-30",
    b"=1+1", b"#REF!", b"_:x", b"a", b"http://", b"javascript:0", b"<http://www.w3.org/2002/07/owl#imports>",
    b"x" * 70_000,
)  # fmt: skip
_Damage = Callable[[bytearray, Random], None]


def damaged(files: Mapping[str, bytes], seed: str, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield ``count`` damaged files, each of the names of ``files`` in turn."""
    chance = Random(seed)
    names = sorted(files)
    for number in range(count):
        name = names[number % len(names)]
        content = files[name]
        if zipfile.is_zipfile(io.BytesIO(content)) and chance.random() < 0.8:
            yield name, _inside(content, chance)
        else:
            yield name, _spoilt(content, chance, list(files.values()))


def _inside(content: bytes, chance: Random) -> bytes:
    """Damage one file in a zip, or its name, or leave it out, or have it twice."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = [(name, packed.read(name)) for name in packed.namelist()]
    at = chance.randrange(len(parts))
    name, part = parts[at]
    kind = chance.random()
    if kind < 0.06:
        del parts[at]
    elif kind < 0.12:
        parts[at] = (chance.choice((name.upper(), f"../{name}", f"/{name}", f"{name}/", name + "\x01", "x.csv")), part)
    elif kind < 0.16:
        parts.append((f"{name}x", part))
    else:
        parts[at] = (name, _spoilt(part, chance, [each for _, each in parts]))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for one, data in parts:
            packed.writestr(zipfile.ZipInfo(one), data)
    return made.getvalue()


def _spoilt(content: bytes, chance: Random, others: list[bytes]) -> bytes:
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        if chance.random() < 0.05:
            other = chance.choice(others)
            made[_place(made, chance) :] = other[_place(bytearray(other), chance) :]
        else:
            chance.choice(_DAMAGES)(made, chance)
    return bytes(made)


def _place(content: bytearray, chance: Random) -> int:
    return chance.randrange(len(content) + 1)


def _flip(content: bytearray, chance: Random) -> None:
    if content:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _cut(content: bytearray, chance: Random) -> None:
    del content[_place(content, chance) :]


def _leave_out(content: bytearray, chance: Random) -> None:
    start = _place(content, chance)
    del content[start : start + chance.choice((1, 2, 8, 64, 512))]


def _repeat(content: bytearray, chance: Random) -> None:
    start = _place(content, chance)
    content[start:start] = content[start : start + chance.choice((1, 8, 64, 512))] * chance.choice((1, 2, 50))


def _put(content: bytearray, chance: Random) -> None:
    start = _place(content, chance)
    content[start:start] = chance.choice(_PIECES)


def _overwrite(content: bytearray, chance: Random) -> None:
    piece = chance.choice(_PIECES)
    start = _place(content, chance)
    content[start : start + len(piece)] = piece


def _swap_lines(content: bytearray, chance: Random) -> None:
    lines = content.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    content[:] = b"\n".join(lines)


def _swap_words(content: bytearray, chance: Random) -> None:
    words = content.split(b" ")
    words[chance.randrange(len(words))] = words[chance.randrange(len(words))]
    content[:] = b" ".join(words)


_DAMAGES: tuple[_Damage, ...] = (_flip, _cut, _leave_out, _repeat, _put, _put, _overwrite, _swap_lines, _swap_words)
