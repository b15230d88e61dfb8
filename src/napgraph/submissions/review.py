"""What ``accept`` would say of a submission, and taking one in: by the library's own ``accept``, nothing else."""

import io
from typing import NamedTuple

from ..errors import IntakeError, ParameterError, SourceFileError
from ..records.record import Location
from ..sandbox import BROKEN
from .accept import MEND_CONFLICT, Acceptance, Conflict, accept
from .inbox import Inbox, State

_MOST = 500  # findings that are told


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
        place = f"{state.name}:{error.line}" if error.line else state.name
        return _returned([_finding(error.problem, place, error.mend)])
    if not found.accepted:
        return _returned(_findings(found))
    if found.jurisdiction not in {state.jurisdiction, ""}:  # sources speak for none
        words = f"This file is about {found.jurisdiction}, and the token it was sent with is for {state.jurisdiction}."
        return _returned([_finding(words, "", "Send it with the token of its jurisdiction.")])
    if found.changes:
        words = (
            f"It conforms, and would change what is recorded of {len(found.changes)} resources; the operator decides."
        )
        return ReviewResult(True, words, [_told(each, "is changed", "", "Info") for each in found.changes][:_MOST])
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


def _findings(found: Acceptance) -> list[dict[str, str]]:
    """Return what stands against a submission, as a sender reads it."""
    made = [_finding(each.words, _text(each.place)) for each in found.refusals]
    made += [_told(each, "is recorded with other content", MEND_CONFLICT, "Violation") for each in found.conflicts]
    violations = (each for each in (found.report.findings if found.report else ()) if each.severity == "Violation")
    return made + [_finding(each.message or each.title, _text(each.place), each.fix) for each in violations]


def _told(found: Conflict, what: str, mend: str, severity: str) -> dict[str, str]:
    """Return a difference as a finding: what only the record says, and what only the submission says."""
    words = [f"<{found.iri}> {what}.", *(f"Only in the record: {each}." for each in found.recorded)]
    words += [f"Only in the submission: {each}." for each, _ in found.submitted]
    place = found.submitted[0][1] if found.submitted else None
    return _finding(" ".join(words), _text(place), mend) | {"severity": severity}


def _text(place: Location | None) -> str:
    return place.text if place else ""


def _finding(words: str, place: str, mend: str = "") -> dict[str, str]:
    return {"severity": "Violation", "place": place, "words": words, "mend": mend}
