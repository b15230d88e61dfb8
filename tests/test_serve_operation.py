"""What an operator needs: how the server is and what it does, its end, and new data; on real servers and processes."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import pytest
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from .serving import Reply, Server, running
from .test_accept import beginning, record  # noqa: F401 a fixture
from .test_serve_limits import posted

pytestmark = pytest.mark.slow

MARK = "quite-secret-words"
PLANS = "SELECT (COUNT(*) AS ?n) { ?plan a <https://w3id.org/napgraph/ont#PolicyInstrument> }"
SLOW = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c } LIMIT 100 } ?d ?e ?f }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as made:
        yield made


@pytest.fixture
def root(beginning: Path, tmp_path: Path) -> Path:  # noqa: F811
    """Data that a test may change."""
    return Path(shutil.copytree(beginning, tmp_path / "root"))


def until(server: Server, path: str, status: int, seconds: float = 30) -> Reply:
    """Ask until the answer has this status."""
    end = time.monotonic() + seconds
    while True:
        answer = server.ask(path)
        if answer.status == status:
            return answer
        assert time.monotonic() < end, answer
        time.sleep(0.05)


def test_it_is_alive_and_ready(server: Server) -> None:
    assert json.loads(server.ask("/health").body) == {"status": "alive"}
    answer = server.ask("/ready")
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert json.loads(answer.body)["version"][:12] in server.said


def test_it_is_not_ready_while_its_workers_stand_still_and_ready_when_they_move(server: Server) -> None:
    children = server.children()
    for pid in children:
        os.kill(pid, signal.SIGSTOP)
    try:
        answer = until(server, "/ready", 503)
        assert int(answer.headers["retry-after"]) > 0
        assert "do not answer" in answer.detail
        assert server.ask("/health").status == 200
    finally:
        for pid in set(children) & set(server.children()):
            os.kill(pid, signal.SIGCONT)
    until(server, "/ready", 200)


# Figures and logs


def figures(server: Server) -> dict[str, float]:
    """Return what is counted, by name and labels."""
    text = server.ask("/metrics").body.decode()
    return {
        f"{sample.name} {' '.join(value for _, value in sorted(sample.labels.items()))}".strip(): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_is_counted(server: Server) -> None:
    before = figures(server)
    for _ in range(2):
        assert server.ask("/query/pillars.csv?country=NOR").status == 200
    assert server.query("SELECT nonsense").status == 400
    assert server.ask(f"/{MARK}", "PROPFIND").status == 405
    after = figures(server)

    def more(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert more("napgraph_requests_total GET /query/{file:path} 200") == 2
    assert more("napgraph_requests_total POST /sparql 400") == 1
    assert more("napgraph_requests_total other /{path:path} 405") == 1
    assert more("napgraph_request_seconds_count /query/{file:path}") == 2
    assert more("napgraph_kept_answers_total made") == more("napgraph_kept_answers_total found") == 1
    version = json.loads(server.ask("/ready").body)["version"]
    assert after[f"napgraph_data_info {version}"] == 1
    assert after["napgraph_waiting question"] == after["napgraph_busy question"] == 0
    assert after["process_resident_memory_bytes"] > 0


def test_a_process_that_was_stopped_is_counted_with_the_reason(small: Path) -> None:
    with running("--limit", "seconds=1", "--limit", "patience=0.2", root=small) as server:
        assert server.query(ENDLESS).status == 503
        assert figures(server)["napgraph_worker_stops_total seconds question"] == 1


def test_both_formats_of_figures_are_as_their_readers_have_them(server: Server) -> None:
    kind = "application/openmetrics-text"
    answer = server.ask("/metrics", accept=f"{kind}; version=1.0.0")
    assert answer.headers["content-type"].startswith(kind)
    read = openmetrics.text_string_to_metric_families(answer.body.decode())  # type: ignore[no-untyped-call]
    assert any(family.name == "napgraph_requests" for family in read)
    assert MARK not in answer.body.decode()


def test_a_log_for_programs_says_who_did_what_of_nobody(small: Path) -> None:
    with running("--log", "json", root=small) as server:
        server.query(f"SELECT * {{ ?a ?b '{MARK}' }}")
        server.ask(f"/query/pillars.csv?country={MARK}", authorization=f"Bearer {MARK}")
        server.ask(f"/{MARK}", "PROPFIND")
        with socket.create_connection(("127.0.0.1", server.port)) as rude:
            rude.sendall(f"{MARK}\r\n\r\n".encode())
            rude.recv(1000)
        server.process.terminate()
        assert server.process.wait(30) == 0
        said = server.said
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["event"] for line in lines] == ["started", "network", *["request"] * 3, "stopped"]
    assert [(line["route"], line["status"]) for line in lines[2:5]] == [
        ("/sparql", 200),
        ("/query/{file:path}", 400),
        ("/{path:path}", 405),
    ]
    assert all(line["seconds"] > 0 and line["bytes"] > 0 and line["time"] for line in lines[2:5])
    requests = "\n".join(said.splitlines()[2:])
    assert not re.search(f"{MARK}|127.0.0.1|SELECT|PROPFIND", requests)


# The end


def test_what_is_at_work_is_finished_and_nothing_new_is_taken() -> None:
    with running() as server, ThreadPoolExecutor(1) as pool:
        kept = HTTPConnection("127.0.0.1", server.port, timeout=30)
        kept.request("GET", "/health")
        kept.getresponse().read()
        waiting = pool.submit(server.query, SLOW)
        until_busy(server)
        server.process.terminate()
        refused(server)
        answer = waiting.result()
        assert answer.status == 200
        assert int(answer.rows[0]["n"]) > 10**7
        with pytest.raises((OSError, ConnectionError)):
            kept.request("GET", "/health")
            kept.getresponse()
        assert server.process.wait(30) == 0
        assert server.said.endswith("Stopped.\n")


def test_what_does_not_end_is_stopped_with_the_server(small: Path) -> None:
    with running("--limit", "seconds=2", root=small) as server, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(server.query, ENDLESS)
        until_busy(server)
        children = server.children()
        server.process.terminate()
        assert server.process.wait(30) == 0
        assert waiting.result().status == 503
        assert not any(os.path.exists(f"/proc/{pid}") for pid in children)


def until_busy(server: Server) -> None:
    """Wait until a question is at work."""
    end = time.monotonic() + 30
    while not figures(server)["napgraph_busy question"]:
        assert time.monotonic() < end
        time.sleep(0.01)


def refused(server: Server) -> None:
    """Wait until no connection is taken any more."""
    end = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
        except OSError:
            return
        assert time.monotonic() < end


# New data


def reloaded(server: Server, event: str, times: int = 1) -> None:
    """Tell the server to read its data, and wait until it says how that went."""
    server.process.send_signal(signal.SIGHUP)
    end = time.monotonic() + 60
    while server.said.count(event) < times:
        assert time.monotonic() < end, server.said
        time.sleep(0.02)


def test_data_change_under_1000_questions_and_none_is_dropped(root: Path) -> None:
    """Each is answered by the old data or the new; who asks after the change is told of the new."""
    with running("--log", "json", root=root) as server:
        old = int(server.query(PLANS).rows[0]["n"])
        saved = server.ask("/query/pillars.csv").headers["etag"]
        children = server.children()
        asked = threading.Semaphore(0)

        def ask(number: int) -> Reply:
            asked.release()
            return server.query(PLANS) if number % 2 else server.ask("/query/pillars.csv")

        with ThreadPoolExecutor(16) as pool:
            waiting: list[Future[Reply]] = [pool.submit(ask, number) for number in range(1000)]
            for _ in range(100):
                asked.acquire()
            (root / "data/jurisdictions/ken.ttl").write_bytes(record())
            server.process.send_signal(signal.SIGHUP)
            answers = [each.result() for each in waiting]
        assert {answer.status for answer in answers} == {200}
        counts = {int(answer.rows[0]["n"]) for answer in answers[1::2]}
        reloaded(server, '"reloaded"', 2)
        assert counts <= {old, old + 1}
        assert int(server.query(PLANS).rows[0]["n"]) == old + 1
        assert server.ask("/query/pillars.csv", if_none_match=saved).status == 200
        tags = {answer.headers["etag"] for answer in answers[::2]}
        assert saved in tags
        assert tags <= {saved, server.ask("/query/pillars.csv").headers["etag"]}
        assert not set(children) & set(server.children())
        assert figures(server)["napgraph_reloads_total done"] == 2


def test_1000_questions_at_a_time_outlive_the_data_they_were_asked_of(root: Path) -> None:
    """All are open when the data change; each is answered, while newcomers are told of the new."""
    limits = [f"--limit={name}=2000" for name in ("per-client", "waiting", "connections")]
    with running(*limits, root=root) as server, many_files(), ExitStack() as stack:
        old = int(server.query(PLANS).rows[0]["n"])
        asked = []
        for _ in range(1000):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=120))
            connection.sendall(posted(PLANS).replace(b"host: x", b"host: x\r\nconnection: close"))
            asked.append(connection)
        (root / "data/jurisdictions/ken.ttl").write_bytes(record())
        reloaded(server, "Serving data version", 2)
        assert int(server.query(PLANS).rows[0]["n"]) == old + 1
        heads = [b"".join(iter(partial(each.recv, 65536), b"")) for each in asked]
    assert {head.split()[1] for head in heads} == {b"200"}
    counts = {int(json.loads(head.partition(b"\r\n\r\n")[2])["results"]["bindings"][0]["n"]["value"]) for head in heads}
    assert counts <= {old, old + 1}


@contextmanager
def many_files() -> Iterator[None]:
    """Let this process open a connection for each of 1000 clients."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4000)), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_bad_data_are_named_and_the_old_served_on(root: Path) -> None:
    path = root / "data/jurisdictions/nld.ttl"
    whole = path.read_bytes()
    with running(root=root) as server:
        old = server.query(PLANS).body
        path.write_bytes(whole + b"\n<x:a> <x:b>\n")
        reloaded(server, "The data were not changed.")
        line = whole.count(b"\n") + 3
        assert f"nld.ttl:{line}: " in server.said
        assert server.query(PLANS).body == old
        assert figures(server)["napgraph_reloads_total failed"] == 1
        path.write_bytes(whole)
        reloaded(server, "Serving data version", 2)
        assert server.query(PLANS).body == old


def test_the_data_folder_is_replaced_while_it_is_served(root: Path) -> None:
    """Without the folder it answers as before, checks can come again, and another is served once it is told of it."""
    data, elsewhere = root / "data", root / "elsewhere"
    with running(root=root) as server:
        old = server.query(PLANS).body
        shutil.move(data, elsewhere)
        assert server.query(PLANS).body == old
        assert server.ask("/query/actors.json").status == 200
        assert server.ask("/jurisdiction/nor.ttl").status == 200
        checked = server.ask("/api/check?name=ken.ttl", "POST", record())
        assert (checked.status, str(root) in checked.detail) == (503, False)
        reloaded(server, "The data were not changed.")
        assert server.query(PLANS).body == old
        os.remove(elsewhere / "jurisdictions/nld.ttl")
        shutil.move(elsewhere, data)
        reloaded(server, "Serving data version", 2)
        assert server.query(PLANS).body != old
