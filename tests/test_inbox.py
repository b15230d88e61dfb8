"""Submissions by the server: nothing acknowledged is lost, the rules are those of ``accept``, tokens stay secret."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from napgraph.errors import NapgraphError, UnknownNameError
from napgraph.submissions.accept import accept
from napgraph.submissions.inbox import Inbox, accept_submission

from .conftest import Run
from .serving import Reply, Server, running
from .test_accept import beginning, record  # noqa: F401 a fixture
from .test_serve_check import CHECKS, multipart

TURTLE = "text/turtle"


class Office(NamedTuple):
    """A server that takes submissions: its data, its inbox, and tokens for two jurisdictions."""

    server: Server
    root: Path
    inbox: Path
    tokens: dict[str, str]

    def post(self, content: bytes, code: str = "KEN", kind: str = TURTLE, path: str = "?name=plan.ttl") -> Reply:
        bearer = f"Bearer {self.tokens[code]}"
        return self.server.ask(f"/api/submissions{path}", "POST", content, content_type=kind, authorization=bearer)

    def get(self, identity: str, code: str = "KEN") -> Reply:
        return self.server.ask(f"/api/submissions/{identity}", authorization=f"Bearer {self.tokens[code]}")

    def settled(self, identity: str, code: str = "KEN") -> dict[str, Any]:
        """Wait until a submission is checked."""
        end = time.monotonic() + 600
        while True:
            told: dict[str, Any] = json.loads(self.get(identity, code).body)
            if told["state"] != "received":
                return told
            assert time.monotonic() < end, told
            time.sleep(0.2)


def tokens(inbox: Path, *codes: str) -> dict[str, str]:
    """Make an inbox with tokens as an operator does."""
    made = {}
    for code in codes:
        command = [sys.executable, "-m", "napgraph", "inbox", "token", f"Ministry of {code}", code]
        done = subprocess.run([*command, "--inbox", inbox], capture_output=True, text=True, check=True)
        made[code] = done.stdout.strip()
    return made


@pytest.fixture(scope="module")
def office(beginning: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:  # noqa: F811
    folder = tmp_path_factory.mktemp("office")
    root = Path(shutil.copytree(beginning, folder / "root"))
    made = tokens(folder / "inbox", "KEN", "UGA")
    with running("--inbox", str(folder / "inbox"), root=root) as server:
        yield Office(server, root, folder / "inbox", made)


@pytest.mark.server
def test_a_plan_is_handed_in_checked_accepted_and_served(office: Office, napgraph: Run, tmp_path: Path) -> None:
    """The whole way, with curl for the sender and the command line for the operator."""
    if not shutil.which("curl"):
        assert os.environ.get("CI") != "true", "CI installs curl"
        pytest.skip("curl is not installed")
    path = tmp_path / "ken.ttl"
    path.write_bytes(record())
    url = f"{office.server.url}/api/submissions"
    curl = ["curl", "-sSf", "-H", f"Authorization: Bearer {office.tokens['KEN']}"]
    receipt = json.loads(subprocess.run([*curl, "-F", f"file=@{path}", url], capture_output=True, check=True).stdout)
    assert (receipt["state"], receipt["jurisdiction"], receipt["name"]) == ("received", "KEN", "ken.ttl")
    office.settled(receipt["id"])
    shown = subprocess.run([*curl, f"{url}/{receipt['id']}"], capture_output=True, check=True).stdout
    assert json.loads(shown)["state"] == "checked"

    folder = ("--inbox", str(office.inbox))
    listed = json.loads(napgraph("inbox", "list", "--state", "checked", "--format", "json", *folder).stdout)
    assert [each["id"] for each in listed] == [receipt["id"]]
    copy = tmp_path / "copy.ttl"
    assert "Ministry of KEN" in napgraph("inbox", "show", receipt["id"], "-o", str(copy), *folder).stdout
    assert copy.read_bytes() == record()
    done = napgraph("--root", str(office.root), "inbox", "accept", receipt["id"], *folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (office.root / "data/jurisdictions/ken.ttl").exists()
    assert json.loads(office.get(receipt["id"]).body)["state"] == "accepted"
    again = napgraph("inbox", "return", receipt["id"], "--because", "x", *folder)
    assert (again.returncode, "was accepted" in again.stderr) == (2, True)


def test_what_does_not_conform_is_returned_with_its_findings(office: Office) -> None:
    broken = record().replace(b"extent:summary-paragraph", b"extent:sumary")
    told = office.settled(json.loads(office.post(broken).body)["id"])
    assert told["state"] == "returned"
    assert any(each["place"].startswith("plan.ttl:") and each["mend"] for each in told["findings"])
    assert str(office.root) not in json.dumps(told)
    told = office.settled(json.loads(office.post(b"<x:a> <x:b>\n<x:c> .").body)["id"])
    assert (told["state"], told["findings"][0]["place"]) == ("returned", "plan.ttl:2")


def test_a_token_is_for_one_jurisdiction(office: Office) -> None:
    sent = office.post(record(slug="plan-2031"), "UGA")
    told = office.settled(json.loads(sent.body)["id"], "UGA")
    assert told["state"] == "returned"
    assert "about KEN" in told["findings"][0]["words"]
    assert office.get(told["id"], "KEN").status == 404


@pytest.mark.slow
def test_the_operator_returns_a_submission_with_the_reason(office: Office, napgraph: Run) -> None:
    identity = json.loads(office.post(record(slug="plan-2032")).body)["id"]
    office.settled(identity)
    done = napgraph("inbox", "return", identity, "--because", "Send the signed version.", "--inbox", str(office.inbox))
    assert done.returncode == 0, done.stderr
    told = json.loads(office.get(identity).body)
    assert (told["state"], told["words"]) == ("returned", "Send the signed version.")


def test_the_same_content_is_the_same_submission_also_at_the_same_moment(office: Office) -> None:
    content = record(slug="plan-2033") + b"# once"
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(office.post, [content] * 8))
    assert sorted(each.status for each in sent) == [200] * 7 + [201]
    (identity,) = {json.loads(each.body)["id"] for each in sent}
    assert {each.headers["location"] for each in sent} == {f"/api/submissions/{identity}"}
    assert json.loads(office.post(content, "UGA").body)["id"] != identity


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/octet-stream", record(slug="plan-2034")),
        ("application/json", json.dumps({"contentToValidate": record(slug="plan-2035").decode()}).encode()),
        ("multipart/form-data; boundary=b", multipart(('name="f"; filename="a.ttl"', record(slug="plan-2036")))),
    ],
)
def test_it_is_sent_as_files_are_sent_to_be_checked(office: Office, kind: str, body: bytes) -> None:
    sent = office.post(body, kind=kind)
    assert sent.status == 201, sent.body
    kept = Inbox(str(office.inbox)).content(json.loads(sent.body)["id"])
    assert kept.startswith(b"@prefix act:")


def test_tokens_are_kept_as_hashes_and_can_be_taken_back(office: Office, napgraph: Run) -> None:
    kept = [path.read_text(errors="replace") for path in office.inbox.rglob("*") if path.is_file()]
    names = [path.name for path in office.inbox.rglob("*")]
    assert not any(token in text for token in office.tokens.values() for text in [*kept, *names])
    folder = ("--inbox", str(office.inbox))
    token = napgraph("inbox", "token", "Someone", "xaa", *folder).stdout.strip()
    bearer = f"Bearer {token}"
    assert office.server.ask("/api/submissions/x", authorization=bearer).status == 404
    (row,) = [
        each
        for each in json.loads(napgraph("inbox", "tokens", "--format", "json", *folder).stdout)
        if each["jurisdiction"] == "XAA"
    ]
    assert napgraph("inbox", "revoke", row["name"], *folder).returncode == 0
    assert office.server.ask("/api/submissions/x", authorization=bearer).status == 401
    for code in ("zz", "QQQ"):
        wrong = napgraph("inbox", "token", "Someone", code, *folder)
        assert (wrong.returncode, "is not known as a jurisdiction" in wrong.stderr) == (2, True)


def test_a_token_holds_from_the_moment_it_is_made_to_that_in_which_it_is_taken_back(tmp_path: Path) -> None:
    inbox = Inbox(str(tmp_path / "inbox"))
    assert (inbox.find_token("x"), inbox.tokens(), inbox.all(), inbox.find("x")) == (None, [], [], None)
    with pytest.raises(UnknownNameError):
        inbox.get("x")
    assert not (tmp_path / "inbox").exists(), "nothing is made to look for what is not there"
    inbox.make()
    for _ in range(20):
        token = inbox.make_token("Someone", "KEN")
        assert inbox.find_token("x") is None
        found = inbox.find_token(token)
        assert found is not None
        assert found == inbox.find_token(token)
        assert inbox.tokens() == [found]
        inbox.revoke_token(found.name)
        assert inbox.find_token(token) is None


def test_what_an_operator_removed_can_be_sent_and_is_checked_again(tmp_path: Path) -> None:
    inbox = Inbox(str(tmp_path))
    inbox.make()
    for _ in range(2):
        state, new = inbox.keep("KEN", "Someone", "a.ttl", b"x")
        assert (new, inbox.unchecked(), inbox.waiting("KEN"), inbox.waiting("UGA")) == (
            True,
            [(state.id, "KEN Someone")],
            1,
            0,
        )
        assert not inbox.keep("KEN", "Someone", "a.ttl", b"x")[1]
        inbox.checked(state.id, "It does not conform.", [], conforms=False)
        assert (inbox.unchecked(), inbox.waiting("KEN")) == ([], 0)
        inbox.remove(state.id)
        with pytest.raises(UnknownNameError):
            inbox.remove(state.id)


def test_the_same_kept_by_many_threads_at_once_is_new_once(tmp_path: Path) -> None:
    inbox = Inbox(str(tmp_path))
    inbox.make()
    with ThreadPoolExecutor(8) as pool:
        kept = [*pool.map(lambda number: inbox.keep("KEN", "Someone", "a.ttl", bytes([number // 8])), range(64))]
    assert sum(new for _, new in kept) == 8
    assert {state.id for state, _ in kept} == {state.id for state in inbox.all()}


def test_a_decision_stands_whatever_a_check_finds_later(tmp_path: Path) -> None:
    inbox = Inbox(str(tmp_path))
    inbox.make()
    identity = inbox.keep("KEN", "Someone", "a.ttl", b"x")[0].id
    inbox.decided(identity, "returned", "Send the signed version.")
    inbox.checked(identity, "It conforms.", [], conforms=True)
    assert (inbox.get(identity).state, inbox.get(identity).words) == ("returned", "Send the signed version.")
    finding = {"severity": "Violation", "place": "a.ttl:1", "words": "is wrong.", "mend": ""}
    inbox.checked(identity, "It does not conform.", [finding], conforms=False)
    assert (inbox.get(identity).words, inbox.get(identity).findings) == ("Send the signed version.", (finding,))
    inbox.decided(identity, "accepted", "It is part of the data.")
    assert (inbox.get(identity).state, inbox.get(identity).findings) == ("accepted", ())


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer x", "Basic TOKEN", "Bearer TOKENx", "TOKEN"])
def test_without_a_token_nothing_is_taken_or_told(office: Office, sent: str) -> None:
    sent = sent.replace("TOKEN", office.tokens["KEN"])
    headers = {"authorization": sent} if sent else {}
    before = len(Inbox(str(office.inbox)).all())
    for method, path, body in (("POST", "", record(slug="plan-2040")), ("GET", "/ken-x", None)):
        answer = office.server.ask(f"/api/submissions{path}", method, body, **headers)
        assert (answer.status, answer.headers["www-authenticate"]) == (401, 'Bearer realm="napgraph"')
        assert office.tokens["KEN"] not in answer.detail
    assert len(Inbox(str(office.inbox)).all()) == before


def test_uploads_are_capped(office: Office) -> None:
    assert office.post(b"#" * 20_000_001).status == 413
    assert office.post(b"").status == 400
    answer = office.server.ask("/api/submissions", "POST", b"#" * 30_000_000, content_type=TURTLE)
    assert answer.status == 401


@pytest.mark.slow
def test_only_so_many_wait(beginning: Path, tmp_path: Path) -> None:  # noqa: F811
    made = tokens(tmp_path / "inbox", "KEN")
    inbox = Inbox(str(tmp_path / "inbox"))
    options = ("--inbox", inbox.folder, "--limit", "inbox=2")
    with running(*options, root=beginning) as server:
        office = Office(server, beginning, Path(inbox.folder), made)
        sent = [office.post(record(slug=f"plan-{year}")) for year in (2050, 2051, 2052)]
    assert [each.status for each in sent] == [201, 201, 429]
    assert "2 submissions for KEN wait" in sent[-1].detail


@pytest.mark.slow
def test_after_a_restart_what_was_not_checked_is(beginning: Path, tmp_path: Path) -> None:  # noqa: F811
    made = tokens(tmp_path / "inbox", "KEN")
    inbox = Inbox(str(tmp_path / "inbox"))
    state, _ = inbox.keep("KEN", "Ministry of KEN", "ken.ttl", record())
    assert state.state == "received"
    with running("--inbox", inbox.folder, root=beginning) as server:
        office = Office(server, beginning, Path(inbox.folder), made)
        assert office.settled(state.id)["state"] == "checked"
        command = [sys.executable, "-m", "napgraph", "serve", "--port", "0", "--inbox", inbox.folder]
        second = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (second.returncode, "another server has this inbox" in second.stderr) == (2, True)


@pytest.mark.slow
def test_a_crash_between_the_data_and_the_inbox_is_made_good(beginning: Path, tmp_path: Path) -> None:  # noqa: F811
    root = shutil.copytree(beginning, tmp_path / "root")
    inbox = Inbox(str(tmp_path / "inbox"))
    inbox.make()
    state, _ = inbox.keep("KEN", "Ministry of KEN", "ken.ttl", record())
    assert accept(record(), root=root).outcome == "taken in"  # and here the power went
    written = (root / "data/jurisdictions/ken.ttl").read_bytes()
    after, found = accept_submission(inbox, state.id, str(root))
    assert (after.state, found and found.outcome) == ("accepted", "nothing to do")
    assert (root / "data/jurisdictions/ken.ttl").read_bytes() == written


@pytest.mark.slow
def test_it_is_off_until_it_is_asked_for(small: Path, napgraph: Run, tmp_path: Path) -> None:
    with running(root=small) as server:
        assert server.ask("/api/submissions", "POST", b"x", authorization="Bearer x").status == 405
        assert server.ask("/api/submissions/x", authorization="Bearer x").status == 404
        assert not [path for path in json.loads(server.ask("/openapi.json").body)["paths"] if "submissions" in path]
    done = napgraph("serve", "--inbox", str(tmp_path))
    assert (done.returncode, "napgraph inbox token" in done.stderr) == (2, True)


@pytest.mark.slow
def test_ids_lead_nowhere_else(office: Office) -> None:
    for identity in ("..", "%2e%2e%2ftokens", "ken-../x", "ken-" + "0" * 32):
        assert office.get(identity).status in {404}, identity
    with pytest.raises(NapgraphError):
        Inbox(str(office.inbox)).content("../tokens")


@pytest.mark.slow
def test_the_description_is_true(office: Office, tmp_path: Path) -> None:
    schemathesis = str(Path(sys.executable).parent / "schemathesis")
    command = [schemathesis, "run", f"{office.server.url}/openapi.json", "--max-examples", "8"]
    command += ["--generation-deterministic", "--checks", CHECKS, "--phases", "examples,coverage,fuzzing"]
    command += ["--include-path-regex", "submissions", "-H", f"Authorization: Bearer {office.tokens['UGA']}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
