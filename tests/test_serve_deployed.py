"""The configurations that operators copy: nginx really run in front of a server, the unit read by systemd."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from .conftest import ROOT, Run
from .servers import free_port
from .serving import Server, running
from .test_inbox import tokens
from .test_serve_limits import posted
from .test_serve_operation import PLANS, figures

pytestmark = pytest.mark.server

HERE = ROOT / "src/napgraph/server"
NAME = "napgraph.example.org"


def need(program: str, package: str) -> str:
    """Skip without a program; in CI it is there."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin")
    if found is None:
        assert os.environ.get("CI") != "true", f"CI installs {package}"
        pytest.skip(f"{program} is not installed (Debian: {package})")
    return found


class Front(NamedTuple):
    """nginx before a server: what curl needs to ask it, its log, and where it listens under which certificate."""

    curl: list[str]
    url: str
    plain: str
    log: Path
    port: int
    certificate: Path

    def ask(self, path: str, *options: str) -> tuple[int, str, bytes]:
        """Return status, head and body of an answer."""
        done = subprocess.run([*self.curl, "-i", *options, f"{self.url}{path}"], capture_output=True, check=True)
        head, _, body = done.stdout.rpartition(b"\r\n\r\n")
        return int(head.split()[1]), head.decode().lower(), body

    def connect(self) -> ssl.SSLSocket:
        """Return a connection of a client that takes little at a time."""
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        plain.settimeout(60)
        plain.connect(("127.0.0.1", self.port))
        return ssl.create_default_context(cafile=str(self.certificate)).wrap_socket(plain, server_hostname=NAME)


@contextmanager
def nginx(folder: Path, port: int, *replaced: tuple[str, str]) -> Iterator[Front]:
    """Run nginx with the project's configuration before a server at ``port``.

    Only names and places are replaced, and what ``replaced`` says.
    """
    program = need("nginx", "nginx")
    need("curl", "curl")
    need("openssl", "openssl")
    key, certificate, secure, plain = folder / "key.pem", folder / "certificate.pem", free_port(), free_port()
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    request += ["-addext", f"subjectAltName=DNS:{NAME}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(request, check=True, capture_output=True)
    site = (HERE / "nginx.conf").read_text(encoding="utf-8")
    for written, here in (
        ("127.0.0.1:8000", f"127.0.0.1:{port}"),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ", f"listen 127.0.0.1:{secure} "),
        ("/etc/ssl/napgraph/fullchain.pem", str(certificate)),
        ("/etc/ssl/napgraph/privkey.pem", str(key)),
        ("/var/log/nginx", str(folder)),
        *replaced,
    ):
        assert written in site
        site = site.replace(written, here)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    kept = "".join(
        f"{each}_temp_path {folder}/{each};\n" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error;\n"
        f"events {{}}\nhttp {{\n{kept}include {folder}/site.conf;\n}}\n",
        encoding="utf-8",
    )
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error")]
    read = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert read.returncode == 0, read.stderr
    assert "[warn]" not in read.stderr
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            listening(secure)
            curl = ["curl", "-sS", "--cacert", str(certificate)]
            for each in (secure, plain):
                curl += ["--resolve", f"{NAME}:{each}:127.0.0.1"]
            log = folder / "napgraph.log"
            yield Front(curl, f"https://{NAME}:{secure}", f"http://{NAME}:{plain}", log, secure, certificate)
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office") / "inbox"


@pytest.fixture(scope="module")
def token(inbox: Path) -> str:
    return tokens(inbox, "KEN")["KEN"]


@pytest.fixture(scope="module")
def server(inbox: Path, token: str) -> Iterator[Server]:
    assert token
    with running("--inbox", str(inbox)) as made:
        yield made


@pytest.fixture(scope="module")
def front(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with nginx(tmp_path_factory.mktemp("nginx"), server.port) as made:
        yield made


def listening(port: int) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.02)
        else:
            return


def test_everything_is_answered_through_nginx(front: Front) -> None:
    status, head, body = front.ask("/sparql", "--data-urlencode", f"query={PLANS}", "-H", "Accept: text/csv")
    assert (status, int(body.split()[1]) > 20) == (200, True)
    assert "strict-transport-security: max-age" in head
    assert head.count("content-security-policy") == 1
    assert not re.search(r"^server: nginx/", head, re.MULTILINE)
    status, head, _ = front.ask("/query/pillars.csv?country=NOR")
    (tag,) = re.findall(r'etag: ("\w+")', head)
    assert front.ask("/query/pillars.csv?country=NOR", "-H", f"If-None-Match: {tag}")[0] == 304
    assert front.ask("/jurisdiction/nor", "-H", "Accept: text/turtle")[0] == 303
    assert front.ask("/ready")[0] == 200


def test_answers_are_packed_and_their_tags_still_known(front: Front, tmp_path: Path) -> None:
    path, packed = "/query/pillars.csv", tmp_path / "packed"
    whole = front.ask(path)[2]
    head = subprocess.run(
        [*front.curl, "-D", "-", "-o", str(packed), "-H", "Accept-Encoding: gzip", f"{front.url}{path}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.lower()
    assert "content-encoding: gzip" in head
    assert "vary: accept-encoding" in head
    assert gzip.decompress(packed.read_bytes()) == whole
    assert packed.stat().st_size < len(whole) / 4
    (tag,) = re.findall(r"etag: (\S+)", head)
    assert front.ask(path, "-H", f"If-None-Match: {tag}")[0] == 304


def test_addresses_in_answers_are_those_of_the_front(front: Front) -> None:
    assert f"<{front.url}/sparql>".encode() in front.ask("/sparql", "-H", "Accept: application/n-triples")[2]
    done = subprocess.run([*front.curl, "-i", f"{front.plain}/sparql?x=1"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("HTTP/1.1 308 ")
    assert "/sparql?x=1" in done.stdout


def test_large_bodies_and_long_questions_pass(front: Front, token: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.ttl"
    path.write_bytes((ROOT / "tests/world/data/jurisdictions/xaa.ttl").read_bytes() + b"#" * 15_000_000)
    assert front.ask("/api/check", "-F", f"file=@{path}")[0] == 200
    bearer = f"Authorization: Bearer {token}"
    assert front.ask("/api/submissions", "-H", bearer, "-F", f"file=@{path}")[0] == 201
    assert front.ask(f"/sparql?query=ASK%20%7B%7D%20%23{'x' * 30_000}")[0] == 200
    path.write_bytes(b"#" * 42_000_000)
    assert front.ask("/api/check", "--data-binary", f"@{path}")[0] == 413


def test_figures_are_for_the_operator_alone(front: Front, server: Server) -> None:
    assert front.ask("/metrics")[0] == 404
    assert figures(server)["napgraph_requests_total POST /sparql 200"] > 0


def test_each_client_has_its_own_share_and_cannot_claim_another(front: Front) -> None:
    """A client is counted by the address that nginx sees; of 400 requests at a time most are told to wait."""
    with ThreadPoolExecutor(8) as pool:
        config = "".join(f'url = "{front.url}/health"\noutput = /dev/null\n' for _ in range(50))
        command = [*front.curl, "-H", "X-Forwarded-For: 192.0.2.1", "-w", "%{http_code}\n", "-K", "-"]

        def ask(_: int) -> list[str]:
            done = subprocess.run(command, input=config, capture_output=True, text=True, check=True)
            return done.stdout.split()

        statuses = [status for told in pool.map(ask, range(8)) for status in told]
    assert set(statuses) == {"200", "429"}


def test_the_log_of_nginx_names_nobody(front: Front) -> None:
    front.ask("/query/pillars.csv?country=NOR")
    end = time.monotonic() + 10
    while not (said := front.log.read_text(encoding="utf-8")):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert not re.search(r"127\.0\.0\.1|NOR|pillars|curl", said)


HASTY = (("client_header_timeout 10s", "client_header_timeout 1s"), ("send_timeout 30s", "send_timeout 8s"))
LARGE = posted("SELECT * { ?a a ?b . ?c a ?d } LIMIT 60000").replace(
    b"host: x", f"host: {NAME}".encode()
)  # 15 MB and more


def taken(connection: socket.socket, pause: float = 0) -> tuple[int, int]:
    """Return the length that an answer has by its head, and how much came of it."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(1000)
    head, _, body = got.partition(b"\r\n\r\n")
    length, came = int(head.lower().partition(b"content-length: ")[2].split()[0]), len(body)
    with suppress(OSError):
        while came < length and (chunk := connection.recv(1_000_000)):
            came += len(chunk)
            time.sleep(pause)
    return length, came


def test_a_slow_client_gets_its_answer_whole(server: Server, tmp_path: Path) -> None:
    with nginx(tmp_path, server.port) as front, front.connect() as connection:
        connection.sendall(LARGE)
        length, came = taken(connection, 0.001)
    assert length == came > 15_000_000


def test_clients_that_take_or_send_nothing_are_left_by_nginx_and_cost_the_server_nothing(
    server: Server, tmp_path: Path
) -> None:
    """Of twelve answers of 15 MB that nobody takes the server holds few; who begins no request is left, too."""
    with nginx(tmp_path, server.port, *HASTY) as front, ExitStack() as held:
        before = figures(server)["process_resident_memory_bytes"]
        connections = []
        for _ in range(12):
            connections.append(held.enter_context(front.connect()))
            connections[-1].sendall(LARGE)
            assert connections[-1].recv(15) == b"HTTP/1.1 200 OK"
        assert figures(server)["process_resident_memory_bytes"] - before < 60_000_000
        assert front.ask("/ready")[0] == 200
        silent, endless = held.enter_context(front.connect()), held.enter_context(front.connect())
        endless.sendall(f"GET / HTTP/1.1\r\nhost: {NAME}\r\nx-slow: ".encode())
        for connection in (silent, endless):
            got = connection.recv(1000)
            assert not got or b" 408 " in got
        time.sleep(9)
        lengths = [taken(connection) for connection in connections]
        assert all(came < length for length, came in lengths)


def test_while_the_server_is_away_nginx_says_so(tmp_path: Path) -> None:
    with nginx(tmp_path, free_port()) as front:
        status, head, body = front.ask("/sparql")
    assert status == json.loads(body)["status"] == 503
    assert "content-type: application/problem+json" in head
    assert "retry-after: 10" in head


def test_the_unit_is_read_and_is_tight(tmp_path: Path) -> None:
    """Its programs are those of this machine; of systemd's scale from 0 (tight) to 10, it stays at 2."""
    need("systemd-analyze", "systemd")
    unit = (HERE / "napgraph.service").read_text(encoding="utf-8")
    program = Path(sys.executable).parent / "napgraph"
    assert "/opt/napgraph/bin/napgraph" in unit
    path = tmp_path / "napgraph.service"
    path.write_text(unit.replace("/opt/napgraph/bin/napgraph", str(program)), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stderr.splitlines() if "napgraph.service" in line]
    options = ["security", "--offline=true", "--threshold=20", str(path)]
    done = subprocess.run(["systemd-analyze", *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_the_command_of_the_unit_is_one_that_there_is(napgraph: Run) -> None:
    unit = (HERE / "napgraph.service").read_text(encoding="utf-8")
    (command,) = re.findall(r"ExecStart=\S+ (.*)", unit)
    known = napgraph("serve", "--help").stdout
    options = set(re.findall(r"--\w+", command))
    assert "--inbox" in options
    assert all(option in known for option in options - {"--root"})
