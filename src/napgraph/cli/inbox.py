"""``napgraph inbox``: tokens for submitters, and what becomes of what they sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

from .options import emit, say, width, wrapped, written
from .screen import table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..submissions.inbox import State

__all__ = ["command"]

_F = TypeVar("_F", bound="Callable[..., object]")


@click.group("inbox")
def command() -> None:
    """Say who may send submissions to the server, and decide on what came.

    A submission that conforms waits until it is accepted here; then 'kill -HUP' (or 'systemctl reload napgraph') has
    the server read the data again.

    \b
    napgraph inbox token "Ministry of Justice" KEN --inbox my-inbox
    napgraph serve --inbox my-inbox
    napgraph inbox list --inbox my-inbox
    napgraph --root my-graph inbox accept ID --inbox my-inbox
    """


def _inbox(function: _F) -> _F:
    return click.option(
        "--inbox",
        "folder",
        metavar="DIR",
        envvar="NAPGRAPH_INBOX",
        required=True,
        help="The folder of the inbox (or NAPGRAPH_INBOX).",
    )(function)


def _form(function: _F) -> _F:
    return click.option(
        "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="How."
    )(function)


@command.command("token")
@click.argument("submitter")
@click.argument("jurisdiction")
@_inbox
@click.pass_context
def token(context: click.Context, submitter: str, jurisdiction: str, folder: str) -> None:
    """Make a token with which SUBMITTER may send for JURISDICTION (its code or name), and print it.

    It is shown this once; only its hash is kept. The folder is made if it is not there.
    """
    from ..knowledge_graph import KnowledgeGraph
    from ..query.jurisdictions import jurisdiction as find_jurisdiction
    from ..rdf.namespaces import invented
    from ..submissions.inbox import Inbox

    code = jurisdiction.strip().upper()
    if not invented(code):
        code = find_jurisdiction(jurisdiction, KnowledgeGraph.load(context.obj).jurisdictions)
    inbox = Inbox(folder)
    inbox.make()
    made = inbox.make_token(submitter, code)
    say(f"This token lets {submitter} send for {code}. It cannot be shown again:")
    emit(made, None)


@command.command("tokens")
@_inbox
@_form
def tokens(folder: str, form: str) -> None:
    """List the tokens: the name that each is revoked by, jurisdiction, submitter, and since when."""
    from ..submissions.inbox import Inbox

    rows = [(each.name, each.jurisdiction, each.submitter, each.made) for each in Inbox(folder).tokens()]
    _listed(["name", "jurisdiction", "submitter", "made"], rows, form)


@command.command("revoke")
@click.argument("name")
@_inbox
def revoke(name: str, folder: str) -> None:
    """Take back the token of this NAME, as 'tokens' lists it."""
    from ..submissions.inbox import Inbox

    found = Inbox(folder).revoke_token(name)
    emit(f"{found.submitter} can no longer send for {found.jurisdiction} with this token.", None)


@command.command("list")
@click.option("--state", type=click.Choice(["received", "checked", "accepted", "returned"]), help="Only these.")
@_inbox
@_form
def listing(state: str | None, folder: str, form: str) -> None:
    """List the submissions by the time at which they came; those that are 'checked' wait for you."""
    from ..submissions.inbox import Inbox

    rows = [(each.id, each.state, each.received, each.name) for each in Inbox(folder).all(state)]
    _listed(["id", "state", "received", "name"], rows, form)


@command.command("show")
@click.argument("identity", metavar="ID")
@click.option("-o", "--output", metavar="FILE", help="Write the file that was sent here.")
@_inbox
def show(identity: str, output: str | None, folder: str) -> None:
    """Show what is known of a submission, and what stands against it."""
    from ..submissions.inbox import Inbox

    inbox = Inbox(folder)
    state = inbox.get(identity)
    if output is not None:
        written(output, inbox.content(identity))
    emit(f"Sent by {inbox.submitter(identity)} as {state.name}, {state.bytes:,} bytes, {state.received}.", None)
    emit(_told(state), None)


@command.command("accept")
@click.argument("identity", metavar="ID")
@_inbox
@click.pass_context
def accept(context: click.Context, identity: str, folder: str) -> int:
    """Take a submission into the data of --root, as 'napgraph accept' does.

    It is checked once more; what does not conform is returned. Cut off at any moment, do the same again.

    Exit status 0: it is part of the data; 1: it is not; 2: could not run.
    """
    from ..submissions.inbox import Inbox
    from ..submissions.review import take_in
    from .accept import told

    root = context.obj
    state, found = take_in(Inbox(folder), identity, root)
    if found is not None:
        emit(told(found, root, None), None)
    emit(_told(state), None)
    return 0 if state.state == "accepted" else 1


@command.command("return")
@click.argument("identity", metavar="ID")
@click.option("--because", "why", required=True, metavar="WORDS", help="The reason, which its sender reads.")
@_inbox
def give_back(identity: str, why: str, folder: str) -> None:
    """Return a submission to its sender, with the reason."""
    from ..submissions.inbox import Inbox
    from ..submissions.review import return_to_sender

    emit(_told(return_to_sender(Inbox(folder), identity, why)), None)


@command.command("remove")
@click.argument("identity", metavar="ID")
@_inbox
def remove(identity: str, folder: str) -> None:
    """Remove a submission and all that the inbox knows of it; the same file can then be sent anew."""
    from ..submissions.inbox import Inbox

    Inbox(folder).remove(identity)
    emit(f"{identity} is no longer in the inbox.", None)


def _listed(names: list[str], rows: Sequence[tuple[str, ...]], form: str) -> None:
    told = [dict(zip(names, row, strict=True)) for row in rows]
    if form == "json":
        import json

        emit(json.dumps(told, ensure_ascii=False, indent=1), None, exact=True)
    else:
        emit(table(told, names, width()), None)


def _told(state: State) -> str:
    lines = wrapped(f"{state.id}: {state.state}, {state.changed}. {state.words}", 0)
    for each in state.findings:
        place = f"{each['place']}: " if each["place"] else ""
        lines += wrapped(f"- {place}{each['words']} {each['mend']}".rstrip(), 2)
    return "\n".join(lines)
