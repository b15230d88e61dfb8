"""A child that loops, eats memory, aborts or recurses is stopped and told of; what it returns or raises comes back."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from napgraph import sandbox
from napgraph.cli.options import say_missing_limits
from napgraph.errors import IntakeError, SourceFileError, UnknownNameError
from napgraph.sandbox import Worker, map_in_workers, wait

MEMORY = 300 * 1000**2


def loop() -> NoReturn:
    while True:
        pass


def sleep() -> None:
    time.sleep(100)


def eat() -> int:
    return len(bytearray(10**11))


def eat_slowly() -> NoReturn:
    held: list[str] = []
    while True:
        held.append("x" * 10**6 + str(len(held)))


def crash() -> None:
    ctypes.string_at(0)


def recurse() -> None:
    recurse()


def starve_another_language() -> None:
    """The parser of JSON-LD takes a gigabyte for this, and aborts where it does not get it."""
    import pyoxigraph

    nested = '{"@id":"http://a","http://p":' * 6000 + "1" + "}" * 6000
    list(pyoxigraph.parse(nested, format=pyoxigraph.RdfFormat.JSON_LD))


def end_for_want_of_memory() -> None:
    os.write(2, b"terminate called: out of memory")
    os.abort()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def run(function: Callable[..., object], *arguments: object, seconds: float = 20) -> object:
    return sandbox.run(function, *arguments, seconds=seconds, memory=MEMORY, source="plan.ttl")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "key"),
    [
        (loop, "seconds"),
        (sleep, "overdue"),
        (eat, "memory"),
        (eat_slowly, "memory"),
        (starve_another_language, "memory"),
        (end_for_want_of_memory, "memory"),
        (os.abort, "failed"),
        (crash, "failed"),
        (die, "killed"),
        (sys.exit, "failed"),
        (recurse, "nesting"),
    ],
)
def test_a_child_that_fails_is_told_of_in_plain_words(function: Callable[..., object], key: str) -> None:
    with pytest.raises(IntakeError, match=r"^plan\.ttl: th(is|e) ") as caught:
        run(function, seconds=0.2 if key in {"seconds", "overdue"} else 20)
    assert caught.value.key == key
    if key in {"seconds", "overdue", "memory"}:
        assert f"--limit {'seconds' if key == 'overdue' else key}=" in str(caught.value)


def rest_and_work() -> float:
    """Wait longer than there is computing time, and work less than that."""
    time.sleep(1)
    return time.process_time()


@pytest.mark.slow
def test_time_is_computing_time_and_begins_anew_with_each_message() -> None:
    """A child that waits is not stopped for it, nor one that has worked for others before; all its threads count."""
    assert run(rest_and_work, seconds=0.5)
    *_, last = map_in_workers(spend, [0.4] * 6, jobs=1, seconds=1, memory=MEMORY)
    assert isinstance(last, float)
    assert last > 1

    def threads() -> None:
        thread = threading.Thread(target=loop)
        thread.start()
        thread.join()

    with pytest.raises(IntakeError, match=r"more than 0\.3 s of computing time"):
        run(threads, seconds=0.3)


def spend(seconds: float) -> float:
    """Work for so long; return how long this process has worked in all."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return time.process_time()


def test_computing_time_of_a_child_is_known_to_its_parent() -> None:
    child = Worker(spend, MEMORY)
    try:
        before = child.computed()
        child.ask((0.3,), 20)
        while child.answer is None:
            wait([child])
        assert child.answer[0] == "done"
        assert sys.platform != "linux" or before + 0.3 <= child.computed() < before + 20
    finally:
        child.stop()


def test_results_and_errors_come_back_whole() -> None:
    assert len(run(bytes, 30_000_000)) == 30_000_000  # type: ignore[arg-type]
    assert run(lambda: {"any": [1, None]}) == {"any": [1, None]}

    def wrong() -> None:
        raise SourceFileError("plan.ttl", "is wrong.", line=4, mend="Mend it.")

    with pytest.raises(SourceFileError, match=r"^plan\.ttl:4: is wrong\. Mend it\.$") as caught:
        run(wrong)
    assert (caught.value.line, caught.value.mend) == (4, "Mend it.")

    def unknown() -> None:
        raise UnknownNameError("country", "nro", ["nor"])

    with pytest.raises(UnknownNameError, match="Did you mean nor"):
        run(unknown)
    with pytest.raises(ZeroDivisionError):
        run(lambda: 1 / 0)
    assert isinstance(run(lambda: ValueError("an answer, not an error")), ValueError)


def test_what_cannot_be_pickled_is_an_error_that_can() -> None:
    with pytest.raises(Exception, match=r"local object|pickle"):
        run(lambda: lambda: 1)

    class Odd(Exception):  # noqa: N818
        def __init__(self, one: int, two: int) -> None:
            super().__init__(f"{one} {two}")

    def odd() -> None:
        raise Odd(1, 2)

    with pytest.raises(RuntimeError, match="Odd: 1 2"):
        run(odd)


def test_nothing_that_a_child_prints_is_seen(capfd: pytest.CaptureFixture[str]) -> None:
    def speak() -> int:
        os.write(1, b"out")
        os.write(2, b"err")
        return 1

    assert run(speak) == 1
    assert capfd.readouterr() == ("", "")


def test_what_a_child_started_is_stopped_with_it() -> None:
    def leave() -> int:
        pid = os.fork()
        if pid == 0:
            time.sleep(100)
        return pid

    assert ends(run(leave))


def ends(pid: object, within: float = 60) -> bool:
    """Whether a process is gone, or dead and not yet taken up, before the time is over."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot tie a child to its parent")
def test_children_die_with_the_parent() -> None:
    program = """
import os, sys, time
from napgraph.sandbox import map_in_workers
def loop(item):
    print(os.getpid(), file=open(sys.argv[1], "a"), flush=True)
    while True: pass
list(map_in_workers(loop, [1, 2], jobs=2, seconds=60, memory=10**9))
"""
    import tempfile

    with tempfile.NamedTemporaryFile("r+") as pids:
        parent = subprocess.Popen([sys.executable, "-c", program, pids.name])
        found: list[str] = []
        until = time.monotonic() + 60
        while len(found) < 2 and time.monotonic() < until:
            time.sleep(0.02)
            pids.seek(0)
            found = pids.read().split()
        parent.kill()
        parent.wait()
        assert len(found) == 2
        assert all(ends(pid) for pid in found)


def test_a_program_ends_though_workers_are_still_at_work() -> None:
    program = """
from napgraph.sandbox import Worker
def loop():
    while True: pass
for untrusted in (True, False):
    worker = Worker(loop, 10**9, untrusted=untrusted)
    worker.ask((), 600)
    print(worker.pid, flush=True)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    pids = done.stdout.split()
    assert len(pids) == 2
    assert all(ends(pid) for pid in pids)


def magnitude(item: int | bytes) -> int:
    return abs(item) if isinstance(item, int) else len(item)


def whoever(_: int) -> int:
    return os.getpid()


def number(text: str) -> int:
    return int(text)


def work(item: int) -> int:
    if item == 7:
        os.abort()
    if item == 11:
        loop()
    if item == 13:
        eat()
    if item % 5 == 0:
        raise ValueError(item)
    return item * item


@pytest.mark.slow
def test_a_pool_keeps_the_order_and_loses_only_what_fails() -> None:
    made = map_in_workers(work, range(300), jobs=2, seconds=2, memory=MEMORY, name=lambda item: f"plan-{item}.ttl")
    results = list(made)
    assert len(results) == 300
    for item, result in enumerate(results):
        if item in {7, 11, 13}:
            assert isinstance(result, IntakeError)
            assert result.key == {7: "failed", 11: "seconds", 13: "memory"}[item]
            assert str(result).startswith(f"plan-{item}.ttl: ")
        elif item % 5 == 0:
            assert isinstance(result, ValueError)
        else:
            assert result == item * item


def test_workers_are_reused_and_replaced() -> None:
    pids = list(map_in_workers(whoever, range(600), jobs=2, seconds=20, memory=MEMORY))
    assert 2 <= len(set(pids)) <= 4
    assert os.getpid() not in pids
    assert all(ends(pid) for pid in set(pids))


def test_only_a_few_items_are_held_at_a_time() -> None:
    taken = []

    def items() -> Iterator[int]:
        for number in range(200):
            taken.append(number)
            yield number

    for done, _ in enumerate(map_in_workers(magnitude, items(), jobs=2, seconds=20, memory=MEMORY)):
        assert len(taken) - done <= 10
    content = (bytes(3_000_000) for _ in range(6))
    big = map_in_workers(magnitude, content, jobs=2, seconds=20, memory=MEMORY)
    assert next(big)
    workers = [each.pid for each in Worker._all]
    del big  # what is left in the middle is closed all the same
    assert workers
    assert all(ends(pid) for pid in workers)


def test_one_can_be_left_while_another_works() -> None:
    first, second = (map_in_workers(magnitude, items, jobs=1, seconds=20, memory=MEMORY) for items in ([-1, -2], [-4]))
    assert next(first) == 1
    assert list(second) == [4]
    assert list(first) == [2]


@pytest.mark.slow
def test_a_new_interpreter_serves_where_processes_cannot_be_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert run(abs, -3, seconds=30) == 3
    with pytest.raises(IntakeError) as caught:
        run(loop, seconds=1)
    assert caught.value.key == "seconds"
    with pytest.raises(IntakeError) as caught:
        run(time.sleep, 100, seconds=0.3)
    assert caught.value.key == "overdue"
    with pytest.raises(IntakeError) as caught:
        run(os.abort, seconds=30)
    assert caught.value.key == "failed"
    first, second = map_in_workers(number, ["3", "x"], jobs=1, seconds=30, memory=MEMORY)
    assert first == 3
    assert isinstance(second, ValueError)


class Harmful:
    """What a child that was taken over would send: to be read, it must be called."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (os.environ["HARM"],)


def harm(_: object) -> Harmful:
    return Harmful()


def test_a_untrusted_child_cannot_have_its_parent_call_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it sends instead of an answer is no answer; errors come through. Otherwise it would have been called."""
    for untrusted in (True, False):
        path = tmp_path / str(untrusted)
        monkeypatch.setenv("HARM", str(path))
        for message, kind in (("NOX", "raised"), ("harm", "failed" if untrusted else "done")):
            child = Worker(harm if message == "harm" else refuse, MEMORY, untrusted=untrusted)
            try:
                child.ask((message,), 20)
                wait([child])
                assert child.answer
                assert child.answer[0] == kind
            finally:
                child.stop()
        assert path.exists() != untrusted


def refuse(message: object) -> NoReturn:
    raise UnknownNameError("country", str(message), ["NOR"])


def test_a_command_says_which_limits_the_system_cannot_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    say_missing_limits()
    monkeypatch.setattr(sys, "platform", "darwin")
    say_missing_limits()
    monkeypatch.delattr(signal, "setitimer")  # as on Windows
    say_missing_limits()
    words = "napgraph: This system sets no limit to the memory that reading a file takes"
    assert capsys.readouterr().err.splitlines() == [
        f"{words}. Limits of time and size hold.",
        f"{words}, and time is counted by the clock. Limits of time and size hold.",
    ]
