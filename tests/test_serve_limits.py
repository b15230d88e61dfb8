"""The limits of the server work: a bad question costs its sender an answer, and nobody else anything.

Each figure is what the test gives the server by ``--limit``, so that the suite stays quick; the defaults are larger.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from .serving import Server, running

pytestmark = pytest.mark.slow

SECONDS, MEMORY, ANSWER = 2, 300, 5  # s, MB, MB
LIMITS = {
    "seconds": f"{SECONDS}",
    "memory": f"{MEMORY}MB",
    "answer": f"{ANSWER}MB",
    "patience": "0.5",
    "workers": "2",
    "long": "2",
    "checks": "1",
    "body-seconds": "1",
    "connections": "1000",
}
SMALL = "SELECT (COUNT(*) AS ?n) { ?plan a <https://w3id.org/napgraph/ont#PolicyInstrument> }"
BUSY = "The server is busy"  # which a machine that has other work can be, and is no fault
EMPTY = "{ ?a <x:none> ?b }"


def deep(opening: str, depth: int, inner: str, closing: str) -> str:
    return opening * depth + inner + closing * depth


def doubled(times: int) -> str:
    steps = " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(times))
    return f"SELECT (STRLEN(?s{times}) AS ?n) {{ BIND('0123456789abcdef' AS ?s0) {steps} }}"


def some(pattern: str) -> str:
    """Return as many rows of a pattern as take little memory, however much data there are."""
    return f"{{ SELECT * {{ {pattern} }} LIMIT 17000 }} "


# Name, text, statuses that fit, and a word of what is said.
BOMBS = {
    "count over a product of 4 times 17,000": (
        "SELECT (COUNT(*) AS ?n) { " + some("?a ?b ?c") + some("?d ?e ?f") + some("?g ?h ?i") + some("?j ?k ?l") + "}",
        {503},
        "computing time",
    ),
    "product that is sorted": ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i", {503}, "stopped"),
    "product that is made distinct": ("SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", {503}, ""),
    "product of 300 million rows as an answer": ("SELECT * { ?a ?b ?c . ?d ?e ?f }", {503}, "larger than"),
    "graph of 300 million statements": ("CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }", {503}, ""),
    "stars in stars of paths": ("SELECT * { ?a (((!<x:a>)*/(!<x:b>)*)*)* ?b . ?b ((!<x:c>|^!<x:d>)*)* ?c }", {503}, ""),
    "group of all texts of a product": (
        "SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
        {503},
        "stopped",
    ),
    "text doubled 40 times": (doubled(40), {503}, "stopped"),
    "pattern of a text with counts in counts": (
        "SELECT * { FILTER(REGEX('aaaa', '((a{0,1000}){0,1000}){0,1000}')) }",
        {200, 400, 503},
        "",
    ),
    "5,000 patterns to be ordered": (
        "SELECT * { " + " ".join(f"?v{n} ?p{n} ?v{n + 1} ." for n in range(5000)) + " }",
        {400, 503},
        "",
    ),
    "FILTER NOT EXISTS 5,000 deep": ("ASK " + deep("{ FILTER NOT EXISTS ", 5000, EMPTY, "}"), {400}, "brackets"),
    "sub-selects 5,000 deep": ("SELECT * " + deep("{ SELECT * ", 5000, EMPTY, "}"), {400}, "brackets"),
    "groups 20,000 deep": ("ASK " + deep("{", 20_000, EMPTY, "}"), {400}, "brackets"),
    "OPTIONAL 20,000 deep": ("ASK " + deep("{ OPTIONAL ", 20_000, EMPTY, "}"), {400}, "brackets"),
    "brackets 50,000 deep": (f"ASK {{ FILTER({deep('(', 50_000, '1', ')')}) }}", {400}, "brackets"),
    "signs 100,000 deep": (f"ASK {{ FILTER({'!' * 100_000}true) }}", {400}, ""),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    limits = [word for name, value in LIMITS.items() for word in ("--limit", f"{name}={value}")]
    with running(*limits) as made:
        yield made


def posted(text: str) -> bytes:
    """Return a question as the bytes of a request."""
    kind = "application/sparql-query"
    head = f"POST /sparql HTTP/1.1\r\nhost: x\r\ncontent-type: {kind}\r\ncontent-length: {len(text)}\r\n\r\n"
    return f"{head}{text}".encode()


def alive(server: Server, since: int) -> None:
    """The same server answers, and whole."""
    answer = server.query(SMALL)
    assert answer.status == 200
    assert int(answer.rows[0]["n"]) > 20
    assert server.process.pid == since
    assert server.process.poll() is None


@pytest.mark.parametrize("name", BOMBS)
def test_bomb(server: Server, name: str) -> None:
    """Answered in plain words within the time that it has, while a small question is answered."""
    text, statuses, words = BOMBS[name]
    since = server.process.pid
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(server.query, text)
        time.sleep(0.1)
        alive(server, since)
        answer = waiting.result()
    assert answer.status in statuses, answer.body[:300]
    if answer.status != 200:
        assert words in answer.detail or BUSY in answer.detail
    if answer.status == 503:
        assert int(answer.headers["retry-after"]) > 0
    alive(server, since)


def test_eight_bombs_at_a_time_stop_nobody(server: Server) -> None:
    """Two may be long, the others are told so after 0.5 s each; small questions meanwhile are answered."""
    text = BOMBS["count over a product of 4 times 17,000"][0]
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(server.query, text) for _ in range(8)]
        time.sleep(0.2)
        for _ in range(3):
            alive(server, server.process.pid)
        answers = [each.result() for each in waiting]
    assert {answer.status for answer in answers} == {503}
    assert any("as many such are at work" in answer.detail for answer in answers)
    idle(server)


def idle(server: Server) -> None:
    """Nothing works on: the processes of the server compute nothing any more, and none is left over."""
    most = int(LIMITS["workers"]) + 1 + int(LIMITS["checks"]) + 1
    end = time.monotonic() + 60
    while time.monotonic() < end:
        before = spent(server)
        time.sleep(0.3)
        if spent(server) - before < 0.03 and len(server.children()) <= most:
            return
    raise AssertionError(server.children())


def spent(server: Server) -> float:
    total = 0.0
    for pid in [server.process.pid, *server.children()]:
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def test_a_question_whose_sender_has_gone_is_stopped(server: Server) -> None:
    text = BOMBS["count over a product of 4 times 17,000"][0]
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(posted(text))
        time.sleep(0.3)
    idle(server)


def test_senders_who_all_go_at_once_leave_no_trace(small: Path) -> None:
    """Also those who wait for a process: 20 times 20 of them go, some at the moment in which it is their turn."""
    with running("--limit", "workers=2", root=small) as server:
        said = server.said
        for _ in range(20):
            connections = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
            for connection in connections:
                connection.sendall(posted("SELECT * { ?a ?b ?c } ORDER BY ?c LIMIT 9"))
            time.sleep(0.1)
            for connection in connections:
                connection.close()
        for number in range(200):
            with socket.create_connection(("127.0.0.1", server.port)) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a hard end
                connection.sendall(posted("ASK {}")[: -1 if number % 4 == 0 else None])
                time.sleep(number % 10 / 1000)
        assert server.query(SMALL).status == 200
        assert server.said == said


# The network


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[int, list[bytes]]]:
    """A port of this machine, and what was sent to it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        done = threading.Event()

        def hear() -> None:
            while not done.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(1)
                    heard.append(connection.recv(1000) or b"connected")

        thread = threading.Thread(target=hear)
        thread.start()
        yield listening.getsockname()[1], heard
        done.set()
        thread.join()


OUTGOING = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { service<URL>{ ?s ?p ?o } }",
    "SELECT * { SeRvIcE#comment\n<URL> { ?s ?p ?o } }",
    "SELECT * { VALUES ?u { <URL> } SERVICE ?u { ?s ?p ?o } }",
    "SELECT * { OPTIONAL { SERVICE <URL> { ?s ?p ?o } } }",
    "ASK { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <URL> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <URL> { ?s ?p ?o } }",
    "PREFIX a: <URL> SELECT * { SERVICE a: { ?s ?p ?o } }",
    "SELECT * { ?a ?b 1SERVICE SILENT <URL> { ?s ?p ?o } }",
    "PREFIX a: <x:> SELECT * { BIND(a:b\\'c AS ?k) SERVICE SILENT <URL> { ?s ?p ?o } BIND('z' AS ?z) }",
    "SELECT * { FILTER(?a<'>') SERVICE SILENT <URL> { ?s ?p ?o } BIND('z' AS ?z) }",
    "SELECT * { <x:\\u0041#> ?b ?c SERVICE SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "LOAD <URL>",
    "LOAD <file:///etc/hostname>",
    "CLEAR ALL; LOAD <URL> INTO GRAPH <x:g>",
]


@pytest.mark.parametrize("text", OUTGOING)
def test_nothing_is_fetched(server: Server, canary: tuple[int, list[bytes]], text: str) -> None:
    port, heard = canary
    answer = server.query(text.replace("URL", f"http://127.0.0.1:{port}/"))
    assert answer.status == 400, answer.body
    assert not heard


def test_a_graph_is_named_and_not_fetched(server: Server, canary: tuple[int, list[bytes]]) -> None:
    port, heard = canary
    url = f"http://127.0.0.1:{port}/"
    for text in ("SELECT * FROM <URL> { ?s ?p ?o }", "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }"):
        assert server.query(text.replace("URL", url)).rows == []
    assert server.query("SELECT * { ?s ?p ?o }", **{"default-graph-uri": url}).rows == []
    assert not heard


def test_words_that_only_look_so_are_answered(server: Server) -> None:
    text = "PREFIX service: <x:> SELECT ?service { BIND('SERVICE <x:y> {}' AS ?service) } # SERVICE <x:y> {}"
    assert server.query(text).rows == [{"service": "SERVICE <x:y> {}"}]


def test_a_worker_reaches_nothing_even_if_the_engine_is_asked_to(canary: tuple[int, list[bytes]]) -> None:
    """The two locks behind the refusal, each alone: no network, and no new connection. The third shows the canary."""
    import pyoxigraph

    from napgraph.sandbox import leave_network, no_new_files, run

    port, heard = canary
    text = f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"

    def ask() -> None:
        list(pyoxigraph.Store().query(text))  # type: ignore[arg-type]

    def without_network() -> bool:
        left = leave_network()
        if left:
            ask()
        return left

    def without_files() -> None:
        with no_new_files():
            ask()

    for function in (without_network, without_files):
        run(function, seconds=20, memory=10**9)
        assert not heard
    run(ask, seconds=20, memory=10**9)
    assert heard
    heard.clear()


# Clients that are slow or rude


def told(port: int, sent: bytes, seconds: float = 60) -> bytes:
    """Send bytes, say no more, and return what comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(sent)
        got = b""
        try:
            while chunk := connection.recv(65536):
                got += chunk
        except ConnectionResetError:
            pass
        return got


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (posted("ASK {}")[:-3], 408),
        (b"GET /health HTTP/1.1\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\nhost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET /sparql?query=" + b"x" * 64_500 + b" HTTP/1.1\r\nhost: x\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nhost: x\r\n" + b"x-a: b\r\n" * 20_000 + b"\r\n", 431),
    ],
)
def test_bodies_have_a_clock_of_1_s_and_heads_64_kb(server: Server, sent: bytes, status: int) -> None:
    got = told(server.port, sent)
    assert got.startswith(f"HTTP/1.1 {status} ".encode()), got[:200]
    head, _, body = got.partition(b"\r\n\r\n")
    assert json.loads(body)["status"] == status
    assert b"access-control-allow-origin: *" in head  # so that the page of another site that asked can read why
    assert b"content-security-policy: default-src 'none'" in head


@pytest.mark.parametrize(
    "sent",
    [
        b"\0\1\2\3\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET /sparql?query=" + b"x" * 70_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
    ],
)
def test_what_is_no_request_is_400_and_closed(server: Server, sent: bytes) -> None:
    got = told(server.port, sent)
    assert got.startswith(b"HTTP/1.1 400 "), got[:200]
    assert b"connection: close" in got
    alive(server, server.process.pid)


def test_a_question_of_more_than_1_mb_is_413_and_one_of_less_is_answered(server: Server) -> None:
    kind = "application/sparql-query"
    for size in (1_000_001, 20_000_000):
        answer = server.ask("/sparql", "POST", b"#" * size, content_type=kind)
        assert answer.status == 413
        assert "1 MB" in answer.detail
    text = b"ASK {} #" + b"x" * 990_000
    assert server.ask("/sparql", "POST", text, content_type=kind).status == 200


def test_who_does_not_take_the_answer_does_not_keep_others_from_theirs(server: Server) -> None:
    text = "SELECT * { ?a ?b ?c }"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(posted(text))
        time.sleep(0.5)
        alive(server, server.process.pid)


def figure(server: Server, name: str) -> float:
    """Return one of the figures in /metrics; 0 for what has not been counted yet."""
    lines = server.ask("/metrics").body.decode().splitlines()
    return float(next((line.rpartition(" ")[2] for line in lines if line.startswith(f"{name} ")), 0))


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_answers_that_nobody_takes_do_not_add_up() -> None:
    """Large answers fit into the memory for them or are refused with when to come again; small ones are sent always."""
    text, limits = "SELECT * { ?a ?b ?c } LIMIT 20000", ("--limit", "unsent=12MB", "--limit", "send-seconds=3")
    with running(*limits) as server, ExitStack() as held:
        size = len(server.query(text).body)
        assert 3_000_000 < size < 12_000_000
        refused = 0
        while not refused:
            connection = held.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(posted(text))
            head = connection.recv(200)
            refused += b" 503 " in head
            assert figure(server, "napgraph_unsent_bytes") <= 12_000_000
        answer = server.query(text)
        assert (answer.status, int(answer.headers["retry-after"]) > 0) == (503, True)
        assert "waiting to be taken" in answer.detail
        assert server.query("ASK {}").status == 200
        until(lambda: figure(server, "napgraph_unsent_bytes") == 0)  # who takes nothing is left
        assert server.query(text).status == 200


def test_bodies_that_do_not_end_do_not_add_up(small: Path) -> None:
    """Of bodies of 900 kB whose last byte does not come two fit into 2 MB; when one is gone, one more does."""
    head = b"POST /api/check HTTP/1.1\r\nhost: x\r\ncontent-type: text/turtle\r\ncontent-length: 900000\r\n\r\n"
    with running("--limit", "received=2MB", "--limit", "body-seconds=60", root=small) as server, ExitStack() as held:
        for _ in range(2):
            connection = held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(head + b"#" * 899_999)
        content = b"#" * 900_000

        until(lambda: figure(server, "napgraph_received_bytes") == 2 * 899_999)
        answer = server.ask("/api/check", "POST", content, content_type="text/turtle")
        assert (answer.status, int(answer.headers["retry-after"]) > 0) == (503, True)
        assert "by all clients together" in answer.detail
        assert server.query(SMALL).status == 200
        connection.close()
        until(lambda: figure(server, "napgraph_received_bytes") == 899_999)
        assert server.ask("/api/check", "POST", content, content_type="text/turtle").status == 200
        assert figure(server, "napgraph_received_bytes") == 899_999


def test_of_3000_connections_1000_are_served_and_the_others_told_so(server: Server) -> None:
    connections = []
    try:
        for _ in range(3000):
            connections.append(socket.create_connection(("127.0.0.1", server.port), timeout=10))  # noqa: PERF401 closed below
        last = connections[-1]
        last.sendall(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n")
        got = last.recv(2000)
        assert got.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 10" in got
    except OSError:
        pytest.skip("this machine does not give one process 3000 connections")
    finally:
        for connection in connections:
            connection.close()
    time.sleep(0.2)
    alive(server, server.process.pid)


# Faults


def test_a_server_that_is_killed_leaves_nothing_behind(small: Path) -> None:
    """Killed (-9) while it works, it leaves no child, and its port to the next, which answers."""
    with running(root=small) as first:
        text = BOMBS["count over a product of 4 times 17,000"][0]
        with socket.create_connection(("127.0.0.1", first.port)) as connection:
            connection.sendall(posted(text))
            time.sleep(0.3)
            children = first.children()
            assert children
            first.process.kill()
            first.process.wait()
        until(lambda: not any(map(exists, children)))
        with running("--port", str(first.port), root=small) as second:
            assert second.port == first.port
            assert second.query(SMALL).status == 200


def exists(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_server_that_is_told_to_stop_answers_what_it_has_begun() -> None:
    with running() as server, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(server.query, "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c } LIMIT 100 } ?d ?e ?f }")
        time.sleep(0.5)
        children = server.children()
        server.process.terminate()
        assert waiting.result().status == 200
        server.process.wait(60)
        assert not any(map(exists, children))


def test_an_address_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = ["napgraph", "serve", "--port", str(taken.getsockname()[1])]
        done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "cannot be served" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_client_has_2_questions_at_a_time_and_1_waits_for_a_process(small: Path) -> None:
    """By ``per-client=2`` a third is 429; by ``waiting=1`` the second that waits is 503; both say when to come."""
    text = BOMBS["count over a product of 4 times 17,000"][0]
    for limits, status in ((["per-client=2"], 429), (["waiting=1", "workers=1", "patience=10"], 503)):
        more = [word for limit in [*limits, "seconds=2"] for word in ("--limit", limit)]
        with running(*more, root=small) as server, ThreadPoolExecutor(2) as pool:
            waiting = [pool.submit(server.query, text) for _ in range(2)]
            time.sleep(0.5)
            answer = server.query(SMALL)
            assert answer.status == status
            assert int(answer.headers["retry-after"]) > 0
            assert {each.result().status for each in waiting} == {503}
            assert server.query(SMALL).status == 200
