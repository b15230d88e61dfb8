"""``napgraph check``: what is wrong or missing in a file, and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .shared import emit, output_option, width

if TYPE_CHECKING:
    from ..check.report import Finding, Report

__all__ = ["command"]


@click.command("check")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--profile",
    metavar="NAME",
    help="Judge by this profile (thin, summary, full-submission) instead of the declared one.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to write it."
)
@output_option
@click.pass_context
def command(context: click.Context, files: tuple[str, ...], profile: str | None, form: str, output: str | None) -> int:
    """Check each Turtle FILE, or the bundled data if none is named.

    Exit status 0: conforms; 1: something needs mending; 2: a file could not be read.

    \b
    napgraph check my-plan.ttl
    napgraph check my-plan.ttl --profile full-submission
    """
    from ..check import check

    reports = check(*files, profile=profile, root=context.obj)
    emit(_json(reports) if form == "json" else "\n\n".join(map(_text, reports)), output)
    return 0 if all(report.conforms for report in reports) else 1


def _json(reports: list[Report]) -> str:
    import json

    content = [
        {
            "source": report.source,
            "conforms": report.conforms,
            "documents": report.documents,
            "elements": report.elements,
            "findings": [finding._asdict() for finding in report.findings],
        }
        for report in reports
    ]
    return json.dumps(content, ensure_ascii=False, indent=1)


def _text(report: Report) -> str:
    from ..check.report import SEVERITIES

    lines = [
        f"{report.source}: {_count(report.documents, 'document')}, {_count(report.elements, 'part')} of documents."
    ]
    if not report.documents:
        lines += [
            "No document was found, so there is nothing to check. "
            "A document is typed nap:Strategy, nap:ActionPlan or the like."
        ]
    for severity, words in SEVERITIES.items():
        told = [finding for finding in report.findings if finding.severity == severity]
        lines += ["", f"{words} ({len(told)})"] if told else []
        for rule in dict.fromkeys(finding.rule for finding in told):
            lines += _rule([finding for finding in told if finding.rule == rule])
    verdict = "conforms" if report.conforms else "does not conform"
    return "\n".join([*lines, "", f"{report.source} {verdict}."])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _rule(findings: list[Finding]) -> list[str]:
    """Say once what a rule asks, then on what it was not met."""
    from textwrap import wrap

    lines = wrap(f"{findings[0].title}: {findings[0].repair}", width(), initial_indent="  ", subsequent_indent="    ")
    for finding in findings:
        value = f", value {finding.value}" if finding.value and finding.value != finding.focus else ""
        lines += wrap(
            finding.focus + value, width(), initial_indent="    - ", subsequent_indent="      ", break_long_words=False
        )
    return lines
