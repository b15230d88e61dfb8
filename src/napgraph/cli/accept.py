"""``napgraph accept`` and ``inbox``: what was submitted is taken into the data folder, all of it or nothing."""

from collections.abc import Iterable
from functools import partial
from itertools import groupby
from typing import Any

import click

from ..knowledge_graph import KnowledgeGraph
from ..project.language import counted
from ..project.language import say as say_in
from ..query.jurisdictions import jurisdiction as find_jurisdiction
from ..rdf.namespaces import invented, slug
from ..submissions.accept import MEND_CONFLICT, Acceptance, Conflict
from ..submissions.accept import accept as take
from ..submissions.inbox import Inbox, State, accept_submission, return_to_sender
from ..submissions.merge import root_of
from ..validation.reports import render
from . import options
from .options import choice, emit, emit_json, option, say
from .screens import grid, indented, width

_SECONDS = click.FloatRange(min=0)
_NAMED = 12  # parts that are left as they are, by name


@options.command(
    click.Argument(["file"]),
    options.flag("--dry-run", "Show what would change in the jurisdiction's file, and write nothing."),
    options.flag("--update", "Take it as a correction: what it states of a resource replaces what is recorded."),
    option("--data", "DIR", "The data folder to write into (default: the one below --root)."),
    option("--wait", "SECONDS", "How long to wait for another submission that is being taken in.", 60, type=_SECONDS),
    options.limit_option(),
    options.lang_option("The language of the findings."),
    options.text_or_json,
)
def accept(context: click.Context, file: str, data: str | None, lang: str, form: str, **chosen: Any) -> int:
    """Check FILE with the judge of record, pyshacl, and take it into the data folder.

    It becomes part of data/jurisdictions/<code>.ttl: a new file, or new blocks at the end of the one there is; a new
    source gets data/sources/<key>.ttl. All of it goes in or nothing does. FILE describes the resources of one
    jurisdiction, or sources alone. What another source says of a recorded document is recorded beside it, as a reading
    of its own, and it is told where both agree or contradict each other; what the same source is recorded with
    otherwise is shown as a difference and refused, unless --update takes it as a correction: what FILE states of a
    resource takes the place of what is recorded, all else stays, and the former state is kept as one diff below
    data/history.

    Exit status 0: taken in, or nothing to do; 1: refused; 2: could not run.

    \b
    napgraph accept ken.ttl --dry-run
    napgraph accept corrected.xlsx --update --dry-run
    napgraph --root my-graph accept ken.ttl
    """
    options.say_missing_limits()
    found = take(file, root=context.obj, data=data, lang=lang, **chosen)
    if form == "json":

        def plain(some: tuple[Conflict, ...]) -> list[dict[str, object]]:
            submitted = [[{"words": words, "place": at.text} for words, at in each.submitted] for each in some]
            return [each._asdict() | {"submitted": sent} for each, sent in zip(some, submitted, strict=True)]

        told = {
            "compared": [each._asdict() for each in found.compared],
            "documents": [document._asdict() for document in found.documents],
            "refusals": [{"words": each.words, "place": each.place and each.place.text} for each in found.refusals],
            "conflicts": plain(found.conflicts),
            "changes": plain(found.changes),
            "report": found.report and [finding._asdict() for finding in found.report.findings],
        }
        emit_json(found._asdict() | told)
    else:
        emit(outcome_text(found, context.obj, data, lang))
    return 0 if found.accepted else 1


def outcome_text(found: Acceptance, root: str | None, data: str | None, lang: str = "en") -> str:
    """Return what became of a submission, as text for the terminal."""
    said = partial(say_in, lang)
    of = said(" for {jurisdiction} {name}", jurisdiction=found.jurisdiction, name=found.name) if found.name else ""
    head = f"{found.source}: {said(found.outcome)}{of}."
    if found.accepted:
        return "\n".join([head, "", *_receipt(found, lang)])
    lines = [head]
    if found.report is not None:
        four = root_of(root, data, writing=False)
        lines = [render([found.report], "text", four, width=width()).decode(), "", head]
    if found.refusals:
        lines += ["", *(line for each in found.refusals for line in indented(f"- {each.text}", 2))]
    lines += _differences(found.conflicts, said("is recorded with other content:"), f" ({said('only in the record')})")
    lines += ["", *indented(MEND_CONFLICT, 0)] if found.conflicts else []
    return "\n".join([*lines, "", said("Nothing was written.")])


def _receipt(found: Acceptance, lang: str) -> list[str]:
    said, lines = partial(say_in, lang), list[str]()
    for document in found.documents:
        elements = counted(lang, document.elements, "{count} element", "{count} elements")
        passages = counted(lang, document.passages, "{count} passage of evidence", "{count} passages of evidence")
        state = said("new") if document.new else said("recorded already")
        profile = said("profile {profile}", profile=document.profile or said("none"))
        lines += indented(f"{document.name} ({state}): {elements}, {passages}; {profile}", 2)
    lines += _comparison(found, lang)
    lines += _differences(found.changes, said("is changed:"), "")
    if found.left:
        named = "; ".join(found.left[:_NAMED]) + (" …" if len(found.left) > _NAMED else "")
        parts = counted(lang, len(found.left), "{count} recorded part", "{count} recorded parts")
        left = said("Not in your file, and left as it is: {parts} ({named}).", parts=parts, named=named)
        lines += ["", *indented(left, 0)]
    lines.append("")
    if found.outcome == "nothing to do":
        known = "All of it stands in {path} already, statement for statement."
        return [*lines, *indented(said(known, path=found.path), 0)]
    if not found.after:
        return [*lines, found.difference, "", said("This was a dry run: nothing was written.")]
    added = counted(lang, found.statements, "{count} statement", "{count} statements")
    version = "Version of the data: {before} before, {after} now. Date: {date} (UTC)."
    return [
        *lines,
        *indented(
            said("Added to {path}, and read again: {added}.", path=found.path, added=added) if found.statements else "",
            0,
        ),
        *indented(said("The former state is kept in {path}.", path=found.history) if found.history else "", 0),
        said(version, before=found.before[:12], after=found.after[:12], date=found.date),
        *([said("'napgraph show {jurisdiction}' shows it.", jurisdiction=found.jurisdiction)] if found.name else []),
    ]


def _differences(found: tuple[Conflict, ...], words: str, aside: str) -> list[str]:
    """Say by resource what goes or stays in the record, and what was sent."""
    lines: list[str] = []
    for each in found:
        name = f" ({each.name})" if each.name else ""
        lines += ["", *indented(f"<{each.iri}>{name} {words}", 0)]
        told = [f"- {recorded}{aside}" for recorded in each.recorded]
        told += [f"+ {submitted} ({place.text})" for submitted, place in each.submitted]
        lines += [line for one in told for line in indented(one, 2)]
    return lines


def _comparison(found: Acceptance, lang: str) -> list[str]:
    """Say what a further source says beside those that are recorded, document by document."""
    said, lines = partial(say_in, lang), list[str]()
    for document, group in groupby(found.compared, lambda each: each.document):
        heading = "What this source says of {document}, beside what is recorded:"
        lines += ["", *indented(said(heading, document=slug(document)), 0)]
        for each in group:
            about = " ".join(filter(None, (slug(each.about), slug(each.detail) if each.detail else "")))
            others = "; ".join(f"{value} ({source})" for value, source in each.others)
            words = {
                "agrees": said("agrees: {about} {value} ({source}), as {others}"),
                "adds": said("adds: {about} {value} ({source})"),
                "contradicts": said("contradicts: {about} {value} ({source}); {others}. Both are kept."),
            }[each.verdict]
            lines += indented(words.format(about=about, value=each.value, source=each.source, others=others), 2)
    return lines


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
        options.save(output, inbox.content(identity))
    emit(f"Sent by {inbox.submitter(identity)} as {state.name}, {state.bytes:,} bytes, {state.received}.")
    _emit_state(state)


@inbox.command("accept", params=[_id, _inbox])
@click.pass_context
def take_in(context: click.Context, identity: str, inbox: Inbox) -> int:
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
