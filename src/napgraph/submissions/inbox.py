"""Submissions that came by the server, and the tokens of their senders, in one SQLite database; ``accept`` judges."""

import io
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from filelock import BaseFileLock, FileLock, Timeout

from ..errors import FolderError, IntakeError, ParameterError, SourceFileError, UnknownNameError
from ..files import fsync_folder
from ..records.record import Location
from ..sandbox import BROKEN
from .accept import MEND_CONFLICT, Acceptance, Conflict, accept

_DATABASE, _LOCK = "inbox.sqlite", ".server.lock"
_WAITS = "It waits to be checked."
_WAIT = 60  # seconds that another process may take to write
_ROOM = 1 << 16  # bytes of the journal, so that a submission can be removed where the disk is full
_LONGEST = 200  # characters of the name of a submitter
_MOST = 500  # findings that are told
_TABLES = (
    "CREATE TABLE tokens (hash TEXT PRIMARY KEY, submitter TEXT, jurisdiction TEXT, made TEXT) WITHOUT ROWID",
    "CREATE TABLE submissions (number INTEGER PRIMARY KEY, id TEXT UNIQUE, jurisdiction TEXT, submitter TEXT, "
    "state TEXT, received TEXT, changed TEXT, digest TEXT, bytes INTEGER, name TEXT, words TEXT, "
    "findings TEXT, decided INTEGER, content BLOB)",
    "CREATE INDEX waiting ON submissions (state, jurisdiction)",
    "PRAGMA user_version = 1",
)
_INSERT = "INSERT OR IGNORE INTO submissions VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', FALSE, ?)"
_STATE = "SELECT id, jurisdiction, state, received, changed, digest, bytes, name, words, findings FROM submissions "
_WAITING = "SELECT id, jurisdiction || ' ' || submitter FROM submissions WHERE state = 'received' ORDER BY number"
_CHANGE = "UPDATE submissions SET state = ?, changed = ?, words = ?"
_ALLOWED = "SELECT submitter, jurisdiction, made, substr(hash, 1, 12) FROM tokens "


class State(NamedTuple):
    """The state of a submission. Times are in UTC; ``digest`` is the SHA-256 of the file, ``bytes`` its size.

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


class Token(NamedTuple):
    """What a token allows: a submitter to send for a jurisdiction (alpha-3 code, upper case), since when.

    ``name`` is the beginning of its hash, by which it can be revoked; the token itself is known to its holder alone.
    """

    submitter: str
    jurisdiction: str
    made: str
    name: str


class Inbox:
    """An inbox on disk, to be used in threads and forked processes: what it has confirmed outlives a crash.

    Every method raises FolderError where the database cannot be read or written; its cause is the error of SQLite.
    """

    def __init__(self, folder: str) -> None:
        self.folder = os.path.abspath(folder)
        self._path = os.path.join(self.folder, _DATABASE)

    def make(self) -> None:
        """Make the inbox, where there is none."""
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            with self._database(make=True):
                fsync_folder(self.folder)
        except OSError as error:
            raise FolderError(f"{self.folder}: no inbox can be made here ({error.strerror}).") from error

    def open(self) -> BaseFileLock:
        """Return the lock that makes it the inbox of this process, until it is released or the process ends.

        Raises FolderError where there is no inbox, or where another server has it.
        """
        if not os.path.exists(self._path):
            make = f"Make one by making the first token: napgraph inbox token SUBMITTER XAA --inbox {self.folder}"
            raise FolderError(f"{self.folder}: this is no inbox. {make}")
        path = os.path.join(self.folder, _LOCK)
        lock = FileLock(path, timeout=0, mode=0o600, thread_local=False, fallback_to_soft=False)
        try:
            lock.acquire()
        except Timeout as error:
            raise FolderError(f"{self.folder}: another server has this inbox.") from error
        except OSError as error:
            raise FolderError(f"{self.folder}: this inbox cannot be written to ({error.strerror}).") from error
        return lock

    def keep(self, jurisdiction: str, submitter: str, name: str, content: bytes) -> tuple[State, bool]:
        """Keep a submission, and return it and whether it is new; the same content is the same submission."""
        code, now = jurisdiction.lower(), _now()
        identity = f"{code}-{sha256(code.encode() + bytes(1) + content).hexdigest()[:32]}"
        digest = f"sha256:{sha256(content).hexdigest()}"
        row = (identity, jurisdiction, submitter, "received", now, now, digest, len(content), name, _WAITS, content)
        with self._database() as database:
            new = database.execute(_INSERT, row).rowcount == 1
        return self.get(identity), new

    def get(self, identity: str) -> State:
        """Return a submission; raises UnknownNameError."""
        return _state(self._row(_STATE + "WHERE id = ?", identity))

    def find(self, identity: str) -> State | None:
        """Return a submission, if there is one."""
        return next(map(_state, self._rows(_STATE + "WHERE id = ?", identity)), None)

    def content(self, identity: str) -> bytes:
        """Return the file that was sent; raises UnknownNameError."""
        return bytes(self._row("SELECT content FROM submissions WHERE id = ?", identity)[0])

    def submitter(self, identity: str) -> str:
        """Return who sent it; raises UnknownNameError."""
        return str(self._row("SELECT submitter FROM submissions WHERE id = ?", identity)[0])

    def all(self, state: str | None = None) -> list[State]:
        """Return the submissions, those in ``state`` if one is named, by the time at which they were received."""
        found = map(_state, self._rows(_STATE + "ORDER BY received, id"))
        return [each for each in found if state in {None, each.state}]

    def unchecked(self) -> list[tuple[str, str]]:
        """Return the submissions that wait to be checked, in the order in which they came: the id and who sent each."""
        return self._rows(_WAITING)

    def waiting(self, jurisdiction: str) -> int:
        """Return how many submissions for a jurisdiction nobody has decided on."""
        query = "SELECT count(*) FROM submissions WHERE state IN ('received', 'checked') AND jurisdiction = ?"
        return int(self._rows(query, jurisdiction)[0][0])

    def checked(self, identity: str, words: str, findings: list[dict[str, str]], *, conforms: bool) -> None:
        """Record what the check found; the decision of an operator stands."""
        values = "checked" if conforms else "returned", _now(), words, identity
        with self._database() as database:
            database.execute("UPDATE submissions SET findings = ? WHERE id = ?", (json.dumps(findings), identity))
            database.execute(f"{_CHANGE} WHERE id = ? AND NOT decided", values)

    def decided(self, identity: str, state: str, words: str) -> None:
        """Record that an operator accepted or returned it, and why."""
        with self._database() as database:
            database.execute(f"{_CHANGE}, decided = 1 WHERE id = ?", (state, _now(), words, identity))

    def remove(self, identity: str) -> None:
        """Remove a submission and all that is known of it; raises UnknownNameError."""
        with self._database() as database:
            if not database.execute("DELETE FROM submissions WHERE id = ?", (identity,)).rowcount:
                raise self._unknown(identity)

    def make_token(self, submitter: str, jurisdiction: str) -> str:
        """Return a new token for a jurisdiction (its alpha-3 code): the only time that it can be read.

        Raises ParameterError for a submitter without a name.
        """
        if not submitter.strip() or not submitter.isprintable() or len(submitter) > _LONGEST:
            raise ParameterError(f"The name of a submitter is a line of 1 to {_LONGEST} characters.")
        token = secrets.token_urlsafe(32)
        with self._database(make=True) as database:
            values = _hash(token), submitter.strip(), jurisdiction, _now()
            database.execute("INSERT INTO tokens VALUES (?, ?, ?, ?)", values)
        return token

    def find_token(self, token: str) -> Token | None:
        """Return what a token allows, None for an unknown one. To time the look-up helps nobody: it is by hash."""
        return next((Token(*row) for row in self._rows(_ALLOWED + "WHERE hash = ?", _hash(token))), None)

    def tokens(self) -> list[Token]:
        """Return the tokens, by jurisdiction and submitter."""
        return [Token(*row) for row in self._rows(_ALLOWED + "ORDER BY jurisdiction, submitter, hash")]

    def revoke_token(self, name: str) -> Token:
        """Revoke the token whose hash begins with ``name``; raises UnknownNameError unless it is one."""
        with self._database() as database:
            begins = "WHERE ?1 <> '' AND substr(hash, 1, length(?1)) = ?1"
            found = [Token(*row) for row in database.execute(_ALLOWED + begins, (name,))]
            if len(found) != 1:
                known = [row[-1] for row in database.execute(_ALLOWED)]
                raise UnknownNameError("token", name, known, see="'napgraph inbox tokens' lists them.")
            database.execute("DELETE FROM tokens WHERE substr(hash, 1, length(?1)) = ?1", (name,))
        return found[0]

    def _row(self, query: str, identity: str) -> tuple[Any, ...]:
        found: list[tuple[Any, ...]] = self._rows(query, identity)
        if not found:
            raise self._unknown(identity)
        return found[0]

    def _rows(self, query: str, *values: str) -> list[Any]:
        with self._database() as database:
            return database.execute(query, values).fetchall()

    def _unknown(self, identity: str) -> UnknownNameError:
        known = [found for (found,) in self._rows("SELECT id FROM submissions")]
        return UnknownNameError("submission", identity, known, see="'napgraph inbox list' lists them all.")

    @contextmanager
    def _database(self, *, make: bool = False) -> Iterator[sqlite3.Connection]:
        """Give the database, an empty one where there is none; what was changed is on disk at the end, or nothing."""
        there = make or os.path.exists(self._path)
        try:
            with closing(sqlite3.connect(self._path if there else ":memory:", _WAIT)) as database:
                database.execute("PRAGMA journal_mode = PERSIST")
                database.execute("PRAGMA secure_delete = FAST")
                with database:
                    if not database.execute("PRAGMA user_version").fetchone()[0]:
                        self._create(database)
                    yield database
        except sqlite3.Error as error:
            raise FolderError(f"{self._path}: the inbox cannot be read or written ({error}).") from error

    def _create(self, database: sqlite3.Connection) -> None:
        database.execute("BEGIN IMMEDIATE")
        if database.execute("PRAGMA user_version").fetchone()[0]:  # another process was first
            return
        if os.path.exists(self._path):
            with open(f"{self._path}-journal", "wb") as file:
                file.write(bytes(_ROOM))
        for statement in _TABLES:
            database.execute(statement)


def _state(row: tuple[Any, ...]) -> State:
    """Return a row as a state; findings matter to its sender only where it was returned."""
    state = State(*row)
    return state._replace(findings=tuple(json.loads(row[-1])) if state.state == "returned" else ())


def _hash(token: str) -> str:
    """Return the hash of a token: a fast one, as nobody guesses 32 random bytes."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class ReviewResult(NamedTuple):
    """Whether a submission conforms, in words, and what stands against it."""

    conforms: bool
    words: str
    findings: list[dict[str, str]]


class _Sent(io.BytesIO):
    """The file that was sent, under the name that its sender knows."""

    def __init__(self, state: State, content: bytes) -> None:
        super().__init__(content)
        self.name = state.name


def judge(sent: tuple[State, bytes], root: str | None) -> ReviewResult:
    """Return what accepting a submission, with the file that was sent, would come to; nothing is written.

    Raises FolderError or OutputError for the data folder, IntakeError where the check broke off, which is no verdict.
    """
    state = sent[0]
    try:
        found = accept(_Sent(*sent), dry_run=True, update=True, root=root)
    except SourceFileError as error:
        if isinstance(error, IntakeError) and error.key in BROKEN:
            raise
        return _returned([_finding(error.problem, Location(state.name, error.line), error.mend)])
    if not found.accepted:
        told = [_finding(each.words, each.place) for each in found.refusals]
        told += [_told(each, "is recorded with other content", MEND_CONFLICT, "Violation") for each in found.conflicts]
        violations = (each for each in (found.report.findings if found.report else ()) if each.severity == "Violation")
        return _returned(told + [_finding(each.message or each.title, each.place, each.fix) for each in violations])
    if found.jurisdiction not in {state.jurisdiction, ""}:  # sources speak for none
        words = f"This file is about {found.jurisdiction}, and the token it was sent with is for {state.jurisdiction}."
        return _returned([_finding(words, None, "Send it with the token of its jurisdiction.")])
    if found.changes:
        told = [_told(each, "is changed", "", "Info") for each in found.changes]
        words = f"It conforms, and would change what is recorded of {len(told)} resources; the operator decides."
        return ReviewResult(True, words, told[:_MOST])
    return ReviewResult(True, "It conforms, and waits for the operator.", [])


def accept_submission(inbox: Inbox, identity: str, root: str | None) -> tuple[State, Acceptance | None]:
    """Check a submission, write it into the data below ``root``, then record that; what does not conform is returned.

    After a crash in between it can be accepted again. The acceptance is None where nothing was asked of the data.
    """
    state = inbox.get(identity)
    if state.state == "accepted":
        return state, None
    sent = state, inbox.content(identity)
    verdict = judge(sent, root)
    if not verdict.conforms:
        inbox.checked(identity, verdict.words, verdict.findings, conforms=False)
        return inbox.get(identity), None
    found = accept(_Sent(*sent), update=True, root=root)
    if found.accepted:
        version = f" Version of the data: {found.after[:12]}." if found.after else ""
        inbox.decided(identity, "accepted", f"It is part of the data.{version}")
    return inbox.get(identity), found


def return_to_sender(inbox: Inbox, identity: str, why: str) -> State:
    """Return a submission, with the reason for its sender; raises ParameterError where it is part of the data."""
    if inbox.get(identity).state == "accepted":
        raise ParameterError(f"{identity} was accepted, and is part of the data. Correct it with a further submission.")
    inbox.decided(identity, "returned", why)
    return inbox.get(identity)


def _returned(findings: list[dict[str, str]]) -> ReviewResult:
    words = "It does not conform. Mend what the findings name, and send it again."
    return ReviewResult(False, words, findings[:_MOST])


def _told(found: Conflict, what: str, mend: str, severity: str) -> dict[str, str]:
    """Return a difference as a finding: what only the record says, and what only the submission says."""
    words = [f"<{found.iri}> {what}.", *(f"Only in the record: {each}." for each in found.recorded)]
    words += [f"Only in the submission: {each}." for each, _ in found.submitted]
    place = found.submitted[0][1] if found.submitted else None
    return _finding(" ".join(words), place, mend, severity)


def _finding(words: str, place: Location | None, mend: str = "", severity: str = "Violation") -> dict[str, str]:
    return {"severity": severity, "place": place.text if place else "", "words": words, "mend": mend}
