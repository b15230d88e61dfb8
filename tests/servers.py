"""Real SPARQL servers for the tests: on this machine only, on a free port, in a folder of their own, ended with it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

__all__ = ["free_port", "fuseki", "oxigraph", "put", "virtuoso"]

PATIENCE = 600


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextlib.contextmanager
def oxigraph() -> Iterator[str]:
    """Run Oxigraph's own server, in memory, and give its address."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "oxigraph"), "serve", "--bind", f"127.0.0.1:{port}"]
    with _running(command, Path.cwd(), f"http://127.0.0.1:{port}") as base:
        yield base


VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa

[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ServerThreads = 8
CaseMode = 2
DirsAllowed = .

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
"""


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Run Virtuoso with a new database in ``folder``, and give its address; skip, or fail in CI, where it is absent."""
    program = shutil.which("virtuoso-t")
    if program is None:
        assert os.environ.get("CI") != "true", "CI installs virtuoso-opensource"
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource)")
    port = free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(sql=free_port(), http=port), encoding="utf-8")
    command = [program, "+foreground", "+wait", "+configfile", "virtuoso.ini"]
    with _running(command, folder, f"http://127.0.0.1:{port}") as base:
        yield base


@contextlib.contextmanager
def fuseki(folder: Path) -> Iterator[str]:
    """Run Apache Jena Fuseki in memory, as Maven fetches it, and give the address of its dataset; skip as above."""
    jars = maven("fuseki", folder / "jars")
    port = free_port()
    main = ["java", "-cp", jars, "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"]
    command = [*main, "--mem", "--update", "--localhost", f"--port={port}", "/plans"]
    with _running(command, folder, f"http://127.0.0.1:{port}/$/ping") as base:
        yield base.removesuffix("/$/ping") + "/plans"


def maven(name: str, path: Path) -> str:
    """Return the class path of ``tests/<name>/pom.xml``; from what Maven has kept, and else from where it fetches."""
    for program in ("java", "mvn"):
        if not shutil.which(program):
            assert os.environ.get("CI") != "true", f"CI installs {program}"
            pytest.skip(f"{program} is not installed")
    pom = Path(__file__).parent / name / "pom.xml"
    said = ""
    for where in ("-o", "-B"):
        command = ["mvn", where, "-q", "-f", str(pom), f"-Dmdep.outputFile={path}", "dependency:build-classpath"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return path.read_text(encoding="utf-8")
        said = done.stdout[-500:]
    assert os.environ.get("CI") != "true", said
    pytest.skip(f"Maven could not fetch what {pom} names: {said}")


@contextlib.contextmanager
def _running(command: list[str], folder: Path, base: str) -> Iterator[str]:
    """Run a server until it is no longer needed; its process is ended by its own id."""
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(PATIENCE * 10):
                assert server.poll() is None, f"{command[0]} ended with {server.returncode}"
                try:
                    with urllib.request.urlopen(base, timeout=5):
                        break
                except urllib.error.HTTPError:
                    break  # there is no page at the top, but someone who says so
                except OSError:
                    time.sleep(0.1)
            else:
                raise AssertionError(f"{command[0]} does not answer")
            yield base
        finally:
            server.terminate()
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()


def put(address: str, content: bytes, kind: str = "application/n-triples") -> None:
    """Put a graph by the Graph Store Protocol."""
    request = urllib.request.Request(address, data=content, method="PUT", headers={"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=PATIENCE):
        pass
