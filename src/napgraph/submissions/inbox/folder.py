"""The folder of submissions: each whole or not there, and what became of it.

``receipt.json`` and the file itself are there from the first moment; ``checked.json`` comes with the check,
``decision.json`` with what an operator decides. The state of a submission is which of them there are.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from ...errors import FolderError, NapgraphError, OutputError, UnknownNameError
from ...files import settle, write_whole
from .clock import now
from .tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Inbox", "State"]

_SUBMISSIONS, _TOKENS, _LOCK = "submissions", "tokens", ".server.lock"
_RECEIPT, _CHECKED, _DECISION, _FILE = "receipt.json", "checked.json", "decision.json", "submission"
_PART = ".part-"
_ID = re.compile(r"[a-z]{3}-[0-9a-f]{32}")


class State(NamedTuple):
    """A submission as it stands. Times are in UTC; ``digest`` is the SHA-256 of the file, ``bytes`` its size.

    ``state`` is ``received``, ``checked`` (it conforms, and waits for the operator), ``accepted`` or ``returned``;
    ``changed`` is since when, ``words`` why. Each finding has ``severity``, ``place``, ``words`` and ``mend``.
    """

    id: str
    jurisdiction: str
    state: str
    received: str
    changed: str
    digest: str
    bytes: int
    name: str
    words: str = ""
    findings: tuple[dict[str, str], ...] = ()

    def told(self) -> dict[str, Any]:
        """Return it as it goes into JSON."""
        return self._asdict()


class Inbox:
    """An inbox on disk. What it says it has kept outlives a crash of the process or the machine."""

    def __init__(self, folder: str) -> None:
        self.folder = os.path.abspath(folder)
        self._submissions = os.path.join(self.folder, _SUBMISSIONS)
        self.tokens = Tokens(os.path.join(self.folder, _TOKENS))
        self._checked: set[str] = set()  # what is known to be in them stays so, and need not be read again
        self._decided: set[str] = set()

    def make(self) -> None:
        """Make the folders, where they are not there; raises FolderError."""
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            os.makedirs(self._submissions, mode=0o700, exist_ok=True)
            settle(self.folder)
        except OSError as error:
            raise FolderError(f"{self.folder}: no inbox can be made here ({error.strerror}).") from error

    def open(self) -> int:
        """Make it the inbox of this process, and clear away what was never acknowledged; return the file to hold.

        Raises FolderError where there is no inbox, or where another server has it.
        """
        import fcntl

        if not os.path.isdir(self._submissions):
            raise FolderError(
                f"{self.folder}: this is no inbox. Make one by making the first token: "
                f"napgraph inbox token SUBMITTER XAA --inbox {self.folder}"
            )
        try:
            handle = os.open(os.path.join(self.folder, _LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderError(f"{self.folder}: another server has this inbox.") from error
        except OSError as error:
            raise FolderError(f"{self.folder}: this inbox cannot be written to ({error.strerror}).") from error
        self._clear()
        return handle

    def _clear(self) -> None:
        """Remove what a crash left half written: folders that were never acknowledged, and files without their name."""
        for name in os.listdir(self._submissions):
            path = os.path.join(self._submissions, name)
            if name.startswith(_PART):
                shutil.rmtree(path, ignore_errors=True)
                continue
            for part in os.listdir(path):
                if part.startswith("."):
                    with suppress(OSError):
                        os.unlink(os.path.join(path, part))

    def keep(self, jurisdiction: str, submitter: str, name: str, content: bytes) -> tuple[State, bool]:
        """Keep a submission, and return it and whether it is new; the same content is the same submission.

        When this returns, it is on disk under its name. Raises OSError with nothing kept.
        """
        code = jurisdiction.lower()
        found = sha256(code.encode() + b"\0" + content).hexdigest()[:32]
        identity = f"{code}-{found}"
        if (state := self.find(identity)) is not None:
            return state, False
        receipt = {
            "id": identity,
            "jurisdiction": jurisdiction,
            "submitter": submitter,
            "received": now(),
            "digest": f"sha256:{sha256(content).hexdigest()}",
            "bytes": len(content),
            "name": name,
        }
        made = tempfile.mkdtemp(prefix=_PART, dir=self._submissions)
        try:
            write_whole(os.path.join(made, _FILE), content)
            write_whole(os.path.join(made, _RECEIPT), _json(receipt))
            os.rename(made, self._path(identity))
        except OSError:
            shutil.rmtree(made, ignore_errors=True)
            if (state := self.find(identity)) is not None:  # it came twice at the same moment
                return state, False
            raise
        settle(self._submissions, strictly=True)
        self._checked.discard(identity)  # an operator may have removed what was sent before
        self._decided.discard(identity)
        return self.get(identity), True

    def get(self, identity: str) -> State:
        """Return a submission; raises UnknownNameError."""
        found = self.find(identity)
        if found is None:
            raise self._unknown(identity)
        return found

    def find(self, identity: str) -> State | None:
        """Return a submission, if there is one."""
        receipt = self._received(identity)
        if receipt is None:
            return None
        checked, decision = self._read(identity, _CHECKED), self._read(identity, _DECISION)
        state, told = "received", {"time": receipt["received"], "words": "It waits to be checked."}
        if checked is not None:
            state, told = "checked" if checked["conforms"] else "returned", checked
        if decision is not None:
            state, told = decision["state"], decision
        return State(
            identity,
            receipt["jurisdiction"],
            state,
            receipt["received"],
            told["time"],
            receipt["digest"],
            receipt["bytes"],
            receipt["name"],
            told["words"],
            tuple((checked or {}).get("findings", ())) if state == "returned" else (),
        )

    def content(self, identity: str) -> bytes:
        """Return the file that was sent; raises UnknownNameError, FolderError."""
        self._receipt(identity)
        path = os.path.join(self._path(identity), _FILE)
        try:
            with open(path, "rb") as file:
                return file.read()
        except OSError as error:
            raise FolderError(f"{path}: this file cannot be read ({error.strerror}).") from error

    def submitter(self, identity: str) -> str:
        """Return who sent it; raises UnknownNameError."""
        return str(self._receipt(identity)["submitter"])

    def all(self, state: str | None = None) -> list[State]:
        """Return the submissions, those in ``state`` if one is named, by the time at which they were received."""
        found = (self.get(identity) for identity in self._identities())
        chosen = (each for each in found if state in {None, each.state})
        return sorted(chosen, key=lambda each: (each.received, each.id))

    def unchecked(self) -> list[tuple[str, str]]:
        """Return the submissions that wait to be checked, in the order in which they came: the id and who sent each."""
        waiting = [each for each in set(self._identities()) - self._checked if not self._is_checked(each)]
        return [(identity, sender) for _, identity, sender in sorted(map(self._came, waiting))]

    def _came(self, identity: str) -> tuple[str, str, str]:
        """Return when a submission came, its id, and who sent it; the check will tell of a receipt that is damaged."""
        try:
            receipt = self._receipt(identity)
        except NapgraphError:
            return "", identity, ""
        return str(receipt["received"]), identity, f"{receipt['jurisdiction']} {receipt['submitter']}"

    def waiting(self, jurisdiction: str) -> int:
        """Return how many submissions for a jurisdiction nobody has decided on."""
        code = f"{jurisdiction.lower()}-"
        return sum(
            not self._is_decided(each)
            for each in self._identities()
            if each.startswith(code) and each not in self._decided
        )

    def _is_checked(self, identity: str) -> bool:
        if any(os.path.exists(os.path.join(self._path(identity), name)) for name in (_CHECKED, _DECISION)):
            self._checked.add(identity)
        return identity in self._checked

    def _is_decided(self, identity: str) -> bool:
        found = self.find(identity)
        if found is None or found.state in {"accepted", "returned"}:
            self._decided.add(identity)
        return identity in self._decided

    def checked(self, identity: str, words: str, findings: list[dict[str, str]], *, conforms: bool) -> None:
        """Write down what the check found; raises OutputError."""
        self._write(identity, _CHECKED, {"conforms": conforms, "words": words, "findings": findings})

    def decided(self, identity: str, state: str, words: str) -> None:
        """Write down that an operator accepted or returned it, and why; raises OutputError."""
        self._write(identity, _DECISION, {"state": state, "words": words})

    def _identities(self) -> Iterator[str]:
        try:
            names = os.listdir(self._submissions)
        except FileNotFoundError:
            return
        yield from (name for name in names if _ID.fullmatch(name))

    def _path(self, identity: str) -> str:
        return os.path.join(self._submissions, identity)

    def _receipt(self, identity: str) -> dict[str, Any]:
        found = self._received(identity)
        if found is None:
            raise self._unknown(identity)
        return found

    def _received(self, identity: str) -> dict[str, Any] | None:
        return self._read(identity, _RECEIPT) if _ID.fullmatch(identity) else None

    def _unknown(self, identity: str) -> UnknownNameError:
        see = "'napgraph inbox list' lists them all."
        return UnknownNameError("submission", identity, self._identities(), see=see)

    def _read(self, identity: str, name: str) -> dict[str, Any] | None:
        path = os.path.join(self._path(identity), name)
        try:
            with open(path, encoding="utf-8") as file:
                found: dict[str, Any] = json.load(file)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise FolderError(f"{path}: this file cannot be read ({error}).") from error
        return found

    def _write(self, identity: str, name: str, told: dict[str, Any]) -> None:
        path = os.path.join(self._path(identity), name)
        try:
            write_whole(path, _json({"time": now(), **told}))
        except OSError as error:
            raise OutputError(f"{path}: this could not be written ({error.strerror}). Try again.") from error


def _json(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
