"""The command line: a command parses its arguments, calls the library once, and prints.

Data go to standard output, all else to standard error. Exit status 0: fine; 1: not conforming; 2: could not run.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from .. import __version__
from ..errors import NapgraphError, UnknownNameError

__all__ = ["main"]

_COMMANDS = {
    "overview": ("countries", "Show the plans of each country at a glance."),
    "compare": ("analysis", "Compare jurisdictions by pillars, principles or another axis."),
    "timeline": ("analysis", "Show the periods of the documents and what happened to them, as exactly as stated."),
    "similarity": ("analysis", "Compare plans in pairs: concepts shared, and which each lacks."),
    "gaps": ("analysis", "Tell which elements of a plan lack an activity, indicator, body, money or time."),
    "diff": ("analysis", "Tell what two documents keep, reword, drop and add."),
    "network": ("analysis", "List the bodies behind the documents, each in its role."),
    "in-force": ("moments", "List the plans that are in force today, or on another day."),
    "history": ("moments", "Show a country's line of plans: what each edition keeps, adds and drops."),
    "actions": ("moments", "Tell who leads and supports each activity of a plan, and by when."),
    "results": ("moments", "Set plan beside report: what came of each part of a plan."),
    "contradictions": ("moments", "List where two sources say different things of one document."),
    "panel": ("moments", "Write a table of countries and years, or documents, by concepts, for statistics."),
    "statements": ("moments", "Write all that is recorded as one table: a row per statement and source."),
    "chart": ("chart", "Draw a heat map, a time line, intervals, bodies by role, or a map of the world."),
    "notebooks": ("publish", "Write the notebooks that show napgraph in Python into a folder."),
    "queries": ("query", "List the saved queries."),
    "query": ("query", "Answer a saved query, or one of your own."),
    "show": ("countries", "Show what the plans of one country say, by topic, and what its sources do not say."),
    "links": ("query", "List the addresses of sources that are dead or were not read."),
    "template": ("convert", "Write a workbook in which a strategy or plan can be recorded."),
    "convert": ("convert", "Convert a record between workbook, CSV sheets and the formats of RDF."),
    "check": ("check", "Check a record against what a strategy or plan should state."),
    "site": ("publish", "Publish the graph as a folder of pages and files that any host serves."),
    "build": ("publish", "Build the graph on disk, for graphs larger than memory."),
    "push": ("publish", "Load the graph into a SPARQL engine elsewhere."),
    "accept": ("accept", "Take a submission into the data folder, all of it or nothing."),
    "serve": ("publish", "Serve the graph: a SPARQL endpoint, saved queries by their address, and checking."),
    "inbox": ("accept", "Say who may send submissions to the server, and decide on what came."),
}
"""The module of each command, and what it does."""
_GROUPS = {
    "Compare": "overview show compare timeline history similarity diff gaps network chart",
    "Ask": "in-force actions results contradictions query queries panel statements links",
    "Record": "template check convert accept inbox",
    "Publish": "site notebooks build push",
    "Run": "serve",
}
_FIRST = """napgraph: what national plans against trafficking in persons say.
  napgraph overview               all countries at a glance
  napgraph show NOR               one country, by topic
  napgraph compare themes         who names what
  napgraph --help                 all commands, and how to record and check a plan
"""


class _Commands(click.Group):
    """Commands by name; the module of a command is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f".{_COMMANDS[cmd_name][0]}", __name__)
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in _COMMANDS:
            raise UnknownNameError("command", args[0], _COMMANDS, see="'napgraph --help' lists them all.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        for group, names in _GROUPS.items():
            with formatter.section(group):
                formatter.write_dl([(name, _COMMANDS[name][1]) for name in names.split()])


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--root", metavar="DIR", help="The folder of ontology, data, shapes and queries (default: napgraph's).")
@click.version_option(__version__, message="napgraph %(version)s", help="Print the version and leave.")
@click.pass_context
def _cli(ctx: click.Context, root: str | None) -> None:
    """What national strategies and action plans against trafficking in persons say, compared.

    \b
    napgraph overview                     all countries at a glance
    napgraph compare pillars              which pillars the plans name
    napgraph show NOR                     what the plans of Norway say, by topic
    napgraph in-force                     which plans are in force today
    napgraph template -o plan.xlsx        a workbook to record a plan in
    napgraph check plan.xlsx              what is wrong or missing, and how to mend it
    """
    ctx.obj = root
    if ctx.invoked_subcommand is None:
        click.echo(_FIRST, nl=False)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit status; without ``arguments``, with those of the process."""
    try:
        status = _cli.main(arguments, prog_name="napgraph", standalone_mode=False)
        raise SystemExit(status if isinstance(status, int) else 0)
    except click.ClickException as error:
        message, context = error.format_message(), getattr(error, "ctx", None)
        message += f"\n'{context.command_path} --help' shows how it is used." if context else ""
    except NapgraphError as error:
        message = str(error)
    except (click.Abort, KeyboardInterrupt):
        message = "stopped."
    except BrokenPipeError:
        sys.stderr.close()  # the reader has had enough: nothing to say
        raise SystemExit(0) from None
    from .options import say

    say(f"napgraph: {message}")
    raise SystemExit(2)
