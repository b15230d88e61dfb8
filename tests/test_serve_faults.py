"""Processes killed, disks full: nothing acknowledged is lost, nothing is half there, and answers go on.

``NAPGRAPH_ROUNDS`` sets how often the server itself is killed: each time costs a start. What was measured is printed.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from hashlib import sha256
from http.client import HTTPException
from itertools import count
from pathlib import Path

import pytest

from napgraph.submissions.inbox import Inbox

from .serving import Reply, Server, children_of, running
from .test_inbox import tokens
from .test_serve_operation import PLANS

pytestmark = pytest.mark.slow

WORKERS = 100
INBOX_FILES = {"inbox.sqlite", "inbox.sqlite-journal", ".server.lock"}
SERVERS = int(os.environ.get("NAPGRAPH_ROUNDS", "10"))
SOON = 30  # s within which an answer must come; what it takes is printed, and is far less


def told(what: str, seconds: list[float]) -> None:
    seconds.sort()
    print(f"{what}: {len(seconds)} times, {seconds[len(seconds) // 2]:.3f} s, at most {seconds[-1]:.3f} s")
    assert seconds[-1] < SOON


def test_workers_killed_100_times_under_questions_cost_no_answer(small: Path) -> None:
    """Every question of four clients is answered whole, also the next after a kill."""
    answers: list[Reply] = []
    done = threading.Event()

    def ask(server: Server) -> None:
        while not done.is_set():
            answers.append(server.query(PLANS))

    seconds = []
    with running("--limit", "workers=2", root=small) as server:
        whole = server.query(PLANS).body
        threads = [threading.Thread(target=ask, args=(server,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(WORKERS):
                killed = kill(server.children())
                start = time.monotonic()
                assert server.query(PLANS).body == whole
                seconds.append(time.monotonic() - start)
                assert killed
        finally:
            done.set()
            for thread in threads:
                thread.join()
    told("answered after both workers were killed", seconds)
    assert len(answers) > WORKERS
    assert sum(answer.status == 200 for answer in answers) > len(answers) * 0.95  # killed thrice, one is told so: 503
    assert {answer.body for answer in answers if answer.status == 200} == {whole}
    assert {answer.status for answer in answers} <= {200, 503}


def test_what_is_sent_to_the_whole_group_reaches_the_server_alone(small: Path) -> None:
    """Workers are at their questions as before; so the end of a service is a graceful one, however it is asked for."""
    with running(root=small) as server:
        assert server.ask("/ready").status == 200
        children = server.children()
        assert children
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            for pid in children:
                os.kill(pid, number)
        for _ in range(10):
            assert server.query(PLANS).status == 200
        assert server.children() == children


def test_workers_killed_100_times_during_submissions_change_no_verdict(small: Path, tmp_path: Path) -> None:
    """What is sent meanwhile is kept and checked, and returned for what is wrong with it, not for who was killed."""
    (token,) = tokens(tmp_path / "inbox", "KEN").values()
    inbox = Inbox(str(tmp_path / "inbox"))
    bearer = f"Bearer {token}"
    killed = 0
    with running("--inbox", inbox.folder, root=small) as server:
        assert server.ask("/ready").status == 200
        end = time.monotonic() + 120
        for number in count():
            if number in range(0, WORKERS, 5):
                content = f"# {number}\n<x:a> <x:b> .".encode()
                assert server.ask("/api/submissions", "POST", content, authorization=bearer).status == 201
            killed += kill(server.children())
            if number >= WORKERS and killed > WORKERS:
                break
            assert time.monotonic() < end, killed
            time.sleep(0.02)
        end = time.monotonic() + 120
        while inbox.unchecked():
            assert time.monotonic() < end, inbox.all("received")
            time.sleep(0.1)
    states = inbox.all()
    assert len(states) == WORKERS / 5
    assert {(state.state, state.findings[0]["place"]) for state in states} == {("returned", "submission:2")}


@pytest.mark.parametrize(
    ("path", "kind", "content"),
    [
        ("/sparql", "application/sparql-query", b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"),
        ("/api/check", "text/turtle", b"# long\n" * 500_000),
    ],
)
def test_who_is_killed_again_and_again_says_nothing_against_what_was_sent(
    small: Path, path: str, kind: str, content: bytes
) -> None:
    """Killed as the system does where memory is short, each time that it begins again: 503, and when to come again."""
    with running(root=small) as server, ThreadPoolExecutor(1) as pool:
        assert server.ask("/ready").status == 200
        waiting = pool.submit(server.ask, path, "POST", content, content_type=kind)
        while not waiting.done():
            kill(server.children())
            time.sleep(0.01)
        answer = waiting.result()
        assert (answer.status, "stopped from outside" in answer.detail) == (503, True)
        assert int(answer.headers["retry-after"]) > 0
        assert server.query(PLANS).status == 200


def test_a_reader_killed_during_a_submission_is_not_held_against_it(small: Path, tmp_path: Path) -> None:
    """Killed as the system does where memory is short: the check begins again, and judges the file by its content."""
    (token,) = tokens(tmp_path / "inbox", "KEN").values()
    inbox = Inbox(str(tmp_path / "inbox"))
    content = b"# long\n" * 10_000 + b"<x:a> <x:b> ."
    with running("--inbox", inbox.folder, root=small) as server:
        sent = server.ask("/api/submissions", "POST", content, authorization=f"Bearer {token}")
        identity = json.loads(sent.body)["id"]
        killed, end = 0, time.monotonic() + SOON
        while killed < 4:
            assert time.monotonic() < end
            killed += kill([reader for worker in server.children() for reader in children_of(worker)])
        assert inbox.get(identity).state == "received"
        while inbox.unchecked():
            assert time.monotonic() < end
            time.sleep(0.1)
    told = inbox.get(identity)
    assert (told.state, told.findings[0]["place"]) == ("returned", "submission:10001")


def kill(pids: list[int]) -> int:
    """Kill processes; return how many were there."""
    count = 0
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        count += 1
    return count


class Clients:
    """Three that hand in files and one that asks, until the server is gone; and what they were told."""

    def __init__(self, token: str) -> None:
        self.bearer = f"Bearer {token}"
        self.acknowledged: dict[str, bytes] = {}
        self.answers: set[bytes] = set()
        self.sent = 0

    def besiege(self, server: Server, name: str, seconds: float) -> None:
        """Have them all at work, and kill the server after ``seconds``."""
        threads = [threading.Thread(target=self._send, args=(server, f"{name}-{each}")) for each in range(3)]
        threads.append(threading.Thread(target=self._ask, args=(server,)))
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        server.process.kill()
        server.process.wait()
        for thread in threads:
            thread.join()

    def _send(self, server: Server, name: str) -> None:
        for number in range(10**6):
            content = f"# {name} {number}\n".encode() * 2000 + b"<x:a> <x:b> ."
            try:
                answer = server.ask("/api/submissions", "POST", content, authorization=self.bearer)
            except (OSError, HTTPException):
                return
            self.sent += 1
            if answer.status == 201:
                self.acknowledged[json.loads(answer.body)["id"]] = content

    def _ask(self, server: Server) -> None:
        with suppress(OSError, HTTPException):
            while True:
                self.answers.add(server.query(PLANS).body)


def test_a_server_killed_at_work_loses_nothing_that_it_acknowledged(small: Path, tmp_path: Path) -> None:
    """Killed at any moment of receiving, checking and answering: after a start each submission is whole or absent."""
    chance = random.Random(7)
    (token,) = tokens(tmp_path / "inbox", "KEN").values()
    inbox, clients = Inbox(str(tmp_path / "inbox")), Clients(token)
    seconds: list[float] = []
    options = ["--inbox", inbox.folder, "--limit=inbox=100000", "--limit=workers=1", "--limit=checks=1"]
    for number in range(SERVERS + 1):
        start = time.monotonic()
        with running(*options, root=small) as server:
            assert server.ask("/ready").status == 200
            seconds.append(time.monotonic() - start)
            for identity in chance.sample(sorted(clients.acknowledged), min(5, len(clients.acknowledged))):
                assert server.ask(f"/api/submissions/{identity}", authorization=clients.bearer).status == 200
            if number < SERVERS:
                clients.besiege(server, f"{number}", chance.random() * 0.4)
    told("ready after the server was killed", seconds)
    print(f"acknowledged: {len(clients.acknowledged)} submissions, kept: {len(inbox.all())}")
    assert len(clients.acknowledged) == clients.sent > SERVERS
    assert len(clients.answers) == 1
    for identity, content in clients.acknowledged.items():
        assert inbox.content(identity) == content
        assert inbox.get(identity).bytes == len(content)
    assert {state.state for state in inbox.all()} <= {"received", "returned"}
    sound(inbox)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 kB, where this process may mount one."""
    path = tmp_path / "disk"
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "none", str(path)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("a disk of a size can be mounted by root alone; the limit of a file's size is tried in its place")
    try:
        yield path
    finally:
        subprocess.run(["umount", str(path)], check=True)


def test_a_full_disk_is_told_and_leaves_nothing(full: Path, small: Path) -> None:
    """What fits is kept, what does not is refused by 503 with nothing left of it, and the server answers on."""
    (token,) = tokens(full / "inbox", "KEN").values()
    inbox = Inbox(str(full / "inbox"))
    bearer = f"Bearer {token}"
    with running("--inbox", inbox.folder, root=small) as server:
        contents = [f"# {number}\n".encode() * 5000 for number in range(20)]  # 20 to 25 kB each
        sent = [server.ask("/api/submissions", "POST", each, authorization=bearer) for each in contents]
        refused(sent, [201, 503])
        kept = {
            json.loads(answer.body)["id"]: each
            for answer, each in zip(sent, contents, strict=True)
            if answer.status == 201
        }
        assert {identity: inbox.content(identity) for identity in kept} == kept
        assert {state.id for state in inbox.all()} == {*kept}
        sound(inbox)
        assert server.query(PLANS).status == 200
        inbox.remove(next(iter(kept)))  # room is made
        assert server.ask("/api/submissions", "POST", b"# small", authorization=bearer).status == 201


def test_a_file_that_cannot_grow_is_told_and_leaves_nothing(small: Path, tmp_path: Path) -> None:
    """The same without rights: a server that may write no file of more than 100 kB."""
    (token,) = tokens(tmp_path / "inbox", "KEN").values()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with running("--inbox", str(tmp_path / "inbox"), root=small) as server:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            bearer = f"Bearer {token}"
            sent = [
                server.ask("/api/submissions", "POST", b"#" * size, authorization=bearer) for size in (500_000, 50_000)
            ]
            refused(sent, [503, 201])
            assert server.query(PLANS).status == 200
        assert [state.bytes for state in Inbox(str(tmp_path / "inbox")).all()] == [50_000]
        sound(Inbox(str(tmp_path / "inbox")))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def sound(inbox: Inbox) -> None:
    """Each submission is whole, the database has no damage, and nothing lies beside it."""
    for state in inbox.all():
        content = inbox.content(state.id)
        assert (f"sha256:{sha256(content).hexdigest()}", len(content)) == (state.digest, state.bytes)
    with closing(sqlite3.connect(f"{inbox.folder}/inbox.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert {path.name for path in Path(inbox.folder).iterdir()} <= INBOX_FILES


def refused(sent: list[Reply], statuses: list[int]) -> None:
    """The statuses come in this order, and a refusal says that nothing was kept."""
    assert list(dict.fromkeys(answer.status for answer in sent)) == statuses
    for answer in sent:
        if answer.status == 503:
            assert "Nothing was kept" in answer.detail
            assert int(answer.headers["retry-after"]) > 0
