"""Tokens: who may send, and for which jurisdiction. Only their hashes are kept."""

from __future__ import annotations

import hmac
import json
import os
import re
import time
from hashlib import sha256
from typing import NamedTuple

from ...errors import FolderError, ParameterError, UnknownNameError
from ...files import write_whole
from .clock import now

__all__ = ["Token", "Tokens"]

_NAME = re.compile(r"[0-9a-f]{64}\.json")
_SHOWN = 12
_LONGEST = 200
_TICK = 2 * 10**9  # nanoseconds; two changes within one leave the same time


class Token(NamedTuple):
    """What a token allows: a submitter to send for a jurisdiction (alpha-3 code, upper case), since when.

    ``name`` is the beginning of its hash, by which it can be revoked; the token itself is known to its holder alone.
    """

    submitter: str
    jurisdiction: str
    made: str
    name: str = ""


class Tokens:
    """The tokens of an inbox, in a folder with a file for each."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._listed: tuple[int, list[str]] = -1, []

    def make(self, submitter: str, jurisdiction: str) -> str:
        """Return a new token for a jurisdiction (its alpha-3 code): the only time that it can be read.

        Raises ParameterError for a submitter without a name, OSError.
        """
        import secrets

        if not submitter.strip() or not submitter.isprintable() or len(submitter) > _LONGEST:
            raise ParameterError(f"The name of a submitter is a line of 1 to {_LONGEST} characters.")
        token = secrets.token_urlsafe(32)
        told = {"submitter": submitter.strip(), "jurisdiction": jurisdiction, "made": now()}
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        content = json.dumps(told, ensure_ascii=False).encode() + b"\n"
        write_whole(os.path.join(self._folder, f"{_hash(token)}.json"), content)
        return token

    def find(self, token: str) -> Token | None:
        """Return what a token allows, None for one that is not known; takes as long for the one as for the other."""
        sought, found = _hash(token), None
        for name in self._names_of_now():
            if hmac.compare_digest(name.removesuffix(".json"), sought):
                found = name
        return self._read(found) if found else None

    def all(self) -> list[Token]:
        """Return what there is, by jurisdiction and submitter."""
        return sorted((self._read(name) for name in self._names()), key=lambda token: token[1::-1])

    def revoke(self, name: str) -> Token:
        """Take back the token whose name this is; raises UnknownNameError."""
        found = [each for each in self._names() if name and each.startswith(name)]
        if len(found) != 1:
            known = [each[:_SHOWN] for each in self._names()]
            raise UnknownNameError("token", name, known, see="'napgraph inbox tokens' lists them.")
        token = self._read(found[0])
        os.unlink(os.path.join(self._folder, found[0]))
        return token

    def _names_of_now(self) -> list[str]:
        """Return the names, read again only where the folder has changed or could have within a tick of its clock."""
        try:
            changed = os.stat(self._folder).st_mtime_ns
        except FileNotFoundError:
            return []
        if self._listed[0] != changed:
            settled = time.time_ns() - changed > _TICK
            self._listed = changed if settled else -1, self._names()
        return self._listed[1]

    def _names(self) -> list[str]:
        try:
            return [name for name in os.listdir(self._folder) if _NAME.fullmatch(name)]
        except FileNotFoundError:
            return []

    def _read(self, name: str) -> Token:
        path = os.path.join(self._folder, name)
        try:
            with open(path, encoding="utf-8") as file:
                told = json.load(file)
            return Token(told["submitter"], told["jurisdiction"], told["made"], name[:_SHOWN])
        except (OSError, ValueError, KeyError) as error:
            raise FolderError(f"{path}: this token cannot be read. Remove the file, and make another token.") from error


def _hash(token: str) -> str:
    """Return the hash of a token. It holds 32 random bytes, which nobody guesses, so that a quick hash is enough."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
