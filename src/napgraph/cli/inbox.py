"""``napgraph inbox``: tokens for submitters, and what becomes of what they sent."""

from collections.abc import Iterable

import click

from ..knowledge_graph import KnowledgeGraph
from ..query.jurisdictions import jurisdiction as find_jurisdiction
from ..rdf.namespaces import invented
from ..submissions.inbox import Inbox, State, accept_submission, return_to_sender
from .accept import outcome_text
from .options import choice, emit, emit_json, option, save, say
from .screens import grid, indented

_VARIABLE = "NAPGRAPH_INBOX"
_text = f"The folder of the inbox (or {_VARIABLE})."
_inbox = option("--inbox", "DIR", _text, envvar=_VARIABLE, required=True, callback=lambda _c, _o, folder: Inbox(folder))
_form = choice("--format form", ["table", "json"], "How.", "table")
_id = click.Argument(["identity"], metavar="ID")


@click.group("inbox")
def inbox() -> None:
    """Say who may send submissions to the server, and decide on what came.

    A submission that conforms waits until it is accepted here; then 'kill -HUP' (or 'systemctl reload napgraph') has
    the server read the data again.

    \b
    napgraph inbox token "Ministry of Justice" KEN --inbox my-inbox
    napgraph serve --inbox my-inbox
    napgraph inbox list --inbox my-inbox
    napgraph --root my-graph inbox accept ID --inbox my-inbox
    """


@inbox.command("token", params=[click.Argument(["submitter"]), click.Argument(["jurisdiction"]), _inbox])
@click.pass_context
def token(context: click.Context, submitter: str, jurisdiction: str, inbox: Inbox) -> None:
    """Make a token with which SUBMITTER may send for JURISDICTION (its code or name), and print it.

    It is shown this once; only its hash is kept. The folder is made if it is not there.
    """
    code = jurisdiction.strip().upper()
    if not invented(code):
        code = find_jurisdiction(jurisdiction, KnowledgeGraph.load(context.obj).jurisdictions)
    inbox.make()
    made = inbox.make_token(submitter, code)
    say(f"This token lets {submitter} send for {code}. It cannot be shown again:")
    emit(made)


@inbox.command("tokens", params=[_inbox, _form])
def tokens(inbox: Inbox, form: str) -> None:
    """List the tokens: the name that each is revoked by, jurisdiction, submitter, and since when."""
    _emit_rows(["name", "jurisdiction", "submitter", "made"], inbox.tokens(), form)


@inbox.command("revoke", params=[click.Argument(["name"]), _inbox])
def revoke(name: str, inbox: Inbox) -> None:
    """Take back the token of this NAME, as 'tokens' lists it."""
    found = inbox.revoke_token(name)
    emit(f"{found.submitter} can no longer send for {found.jurisdiction} with this token.")


@inbox.command(
    "list", params=[choice("--state", ["received", "checked", "accepted", "returned"], "Only these."), _inbox, _form]
)
def list_states(state: str | None, inbox: Inbox, form: str) -> None:
    """List the submissions by the time at which they came; those that are 'checked' wait for you."""
    _emit_rows(["id", "state", "received", "name"], inbox.all(state), form)


@inbox.command("show", params=[_id, option("-o --output", "FILE", "Write the file that was sent here."), _inbox])
def show(identity: str, output: str | None, inbox: Inbox) -> None:
    """Show what is known of a submission, and what stands against it."""
    state = inbox.get(identity)
    if output is not None:
        save(output, inbox.content(identity))
    emit(f"Sent by {inbox.submitter(identity)} as {state.name}, {state.bytes:,} bytes, {state.received}.")
    _emit_state(state)


@inbox.command("accept", params=[_id, _inbox])
@click.pass_context
def accept(context: click.Context, identity: str, inbox: Inbox) -> int:
    """Take a submission into the data of --root, as 'napgraph accept' does.

    It is checked once more; what does not conform is returned. Cut off at any moment, do the same again.

    Exit status 0: it is part of the data; 1: it is not; 2: could not run.
    """
    state, found = accept_submission(inbox, identity, context.obj)
    if found is not None:
        emit(outcome_text(found, context.obj, None))
    _emit_state(state)
    return 0 if state.state == "accepted" else 1


_why = option("--because why", "WORDS", "The reason, which its sender reads.", required=True)


@inbox.command("return", params=[_id, _why, _inbox])
def give_back(identity: str, why: str, inbox: Inbox) -> None:
    """Return a submission to its sender, with the reason."""
    _emit_state(return_to_sender(inbox, identity, why))


@inbox.command("remove", params=[_id, _inbox])
def remove(identity: str, inbox: Inbox) -> None:
    """Remove a submission and all that the inbox knows of it; the same file can then be sent anew."""
    inbox.remove(identity)
    emit(f"{identity} is no longer in the inbox.")


def _emit_rows(names: list[str], found: Iterable[object], form: str) -> None:
    rows = [{name: getattr(each, name) for name in names} for each in found]
    if form == "json":
        emit_json(rows)
    else:
        emit(grid(rows, names))


def _emit_state(state: State) -> None:
    lines = indented(f"{state.id}: {state.state}, {state.changed}. {state.words}", 0)
    for each in state.findings:
        place = f"{each['place']}: " if each["place"] else ""
        lines += indented(f"- {place}{each['words']} {each['mend']}".rstrip(), 2)
    emit("\n".join(lines))
