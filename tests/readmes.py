"""Write the READMEs of the folders from their files: ``make docs``. A test holds each against what this makes."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import rdflib
from rdflib.namespace import DCTERMS, RDF, SH, SKOS

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import napgraph
from napgraph import KnowledgeGraph, cli
from napgraph.graph.files import read_file
from napgraph.project.root import files_below
from napgraph.query.catalogue import Catalogue
from napgraph.rdf.namespaces import prefixes, shorten
from napgraph.rdf.terms import as_graph
from tests.test_layers import FLOORS, modules, paths

ROOT = Path(__file__).resolve().parent.parent
MADE = "<!-- Made from the files by 'make docs'; change those. -->"


def graph(*paths: str) -> rdflib.Graph:
    return as_graph(triple for path in paths for triple in read_file(str(ROOT), path))


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )


def english(made: rdflib.Graph, node: rdflib.term.Node, predicate: rdflib.URIRef) -> str:
    return next((str(text) for text in made.objects(node, predicate) if getattr(text, "language", "") == "en"), "")


def purpose(path: Path) -> str:
    """Return the purpose of a Turtle file, from its first line."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    return re.sub(r"^# \S+: ", "", first)


def ontology() -> str:
    modules = [[f"[{path.name}]({path.name})", purpose(path)] for path in sorted((ROOT / "ontology").glob("*.ttl"))]
    schemes = []
    for path in files_below(str(ROOT), "ontology/schemes", (".ttl",)):
        made = graph(path)
        (scheme,) = made.subjects(RDF.type, SKOS.ConceptScheme)
        number = len(list(made.subjects(RDF.type, SKOS.Concept)))
        link = f"[{Path(path).stem}]({path.removeprefix('ontology/')})"
        schemes.append(
            [link, str(number), english(made, scheme, DCTERMS.title), english(made, scheme, DCTERMS.description)]
        )
    terms = graph("ontology/napgraph.ttl")
    classes = [
        [f"`nap:{str(node).rpartition('#')[2]}`", english(terms, node, SKOS.definition)]
        for node in sorted(terms.subjects(RDF.type, rdflib.OWL.Class), key=str)
    ]
    return "\n\n".join(
        [
            MADE,
            "# What the words mean",
            "OWL states meaning here and never validates; the shapes validate and never infer. Links to other vocabularies, "
            "each with its reason, are the SSSOM tables in [mappings](mappings).",
            "## Modules",
            table(["file", "holds"], modules),
            "## Code lists",
            table(["scheme", "codes", "title", "what it is for"], schemes),
            "## Classes",
            table(["class", "definition"], classes),
        ]
    )


def years(row: Mapping[str, object]) -> str:
    """Return the period that a source states, as exactly as it does."""
    start, end = (str(row[name] or "") for name in ("start", "end"))
    return (
        start
        if start == end
        else f"{start} to {end}"
        if start and end
        else f"from {start}"
        if start
        else f"until {end}"
    )


def data() -> str:
    kg = KnowledgeGraph.load(ROOT)
    places = {str(row["jurisdiction"]): row for row in kg.query("jurisdictions")}
    files = (ROOT / "data" / "jurisdictions").glob("*.ttl")
    thinnest = min(files, key=lambda path: len(path.read_bytes().splitlines())).name
    rows, documents, read, last = dict[str, list[list[str]]](), 0, set[str](), ""
    for row in kg.query("document-readings"):
        first, last = row["document"] != last, str(row["document"])
        title = str(row["sourceTitle"]).replace("[", "\\[").replace("]", "\\]")
        url = str(row["url"] or "").replace("(", "%28").replace(")", "%29").replace(" ", "%20")
        place = f"[{title}]({url})" if url else title
        kind, extent = (kg.labels[str(row[name])] if row[name] else "" for name in ("sourceKind", "extent"))
        borne = [f"{row['parts']} part{'s' * (row['parts'] != 1)}"] if row["parts"] else []
        borne += [f"{row['results']} result{'s' * (row['results'] != 1)}"] if row["results"] else []
        cells = [str(row["title"]) * first, f"{place} ({kind})", extent, str(row["readOn"]), years(row)]
        rows.setdefault(str(row["country"]), []).append([*cells, ", ".join(borne)])
        documents += first
        read.add(str(row["source"]))
    parts = [
        MADE,
        "# What the sources say",
        f"{documents} documents of {len(rows)} jurisdictions, as {len(read)} sources let us know them. A document is as "
        "one source shows it in its reading: how much of the text lies there, the day it was read, the period that the "
        "source states, and how many parts of the document and results of a report are recorded from it. Where sources "
        "differ, the reading that comes first is shown and the others are kept.",
        "One file a jurisdiction, by its ISO 3166-1 alpha-3 code; one file a source, in `sources`. Each document, element, "
        "event and copy cites the passage or source that bears it out. To add a jurisdiction, copy "
        f"[the thinnest file](jurisdictions/{thinnest}), then run `napgraph check data/jurisdictions/<code>.ttl`. "
        "[The model](../docs/model.md) shows how a source, a second reading and a report are written. International bodies "
        "and works that several files name are in [international.ttl](international.ttl).",
        "`napgraph query document-readings` gives these tables, `napgraph links` the addresses that are dead or were not read.",
    ]
    for country, listed in rows.items():
        code = str(places[country]["code"])
        parts.append(f"## {places[country]['name']} ([{code}](jurisdictions/{code.lower()}.ttl))")
        parts.append(table(["document", "source", "how much it shows", "read on", "period", "recorded"], listed))
    return "\n\n".join(parts)


def queries() -> str:
    titles = {
        "compare": "Across jurisdictions",
        "profile": "One jurisdiction or document",
        "plan": "For full plans",
        "check": "Checks: each row is a problem",
        "lookup": "Look-ups that the others need",
    }
    parts = [
        MADE,
        "# Saved queries",
        "Each file runs unchanged in any SPARQL 1.1 tool over the asserted and entailed statements together. "
        "`napgraph query NAME` runs it here; a parameter is a visible `VALUES` slot and is set with `--set name=value`. "
        "The queries in `build/` are CONSTRUCTs that the graph is made with; what they make of one jurisdiction does not depend on another.",
    ]
    catalogue = list(Catalogue(str(ROOT)))
    for folder, title in titles.items():
        rows = [
            [f"[{query.name}]({folder}/{query.name}.rq)", query.header.get("question", ""), ", ".join(query.parameters)]
            for query in catalogue
            if query.folder == folder
        ]
        parts += [f"## {title}", table(["query", "question", "parameters"], rows)]
    return "\n\n".join(parts)


def shapes() -> str:
    parts = [
        MADE,
        "# What a record must, should and may state",
        "One rule is one named shape. A finding of `hygiene.ttl` says that the record is wrong; one of the other files, that "
        "a part is missing which the cited paragraph asks for. How grave that is depends on the profile that the record "
        "declares, see [profiles.ttl](profiles.ttl). Shapes run on asserted statements.",
    ]
    sources = graph(*files_below(str(ROOT), "data/sources", (".ttl",)))
    for path in files_below(str(ROOT), "shapes", (".ttl",)):
        made = graph(path)
        rules = [node for node in made.subjects(SH.severity, None) if isinstance(node, rdflib.URIRef)]
        rules.sort(key=lambda node: (float(str(made.value(node, SH.order) or 0)), str(node)))
        if not rules:
            continue
        rows = []
        for rule in rules:
            cited = made.value(rule, DCTERMS.source)
            name = str(rule).rpartition("#")[2]
            severity = str(made.value(rule, SH.severity)).rpartition("#")[2]
            place = ""
            if cited is not None:
                nap = rdflib.Namespace("https://w3id.org/napgraph/ont#")
                place = f"{sources.value(cited, nap.section)} {sources.value(cited, nap.paragraph)}"
                item = sources.value(cited, nap.listItem)
                place += f", item {item}" if item is not None else ""
            rows.append([f"`{name}`", severity, english(made, rule, SH.description), place])
        parts += [f"## [{Path(path).name}]({Path(path).name})", purpose(ROOT / path)]
        parts += [table(["rule", "severity", "what to write, and why", "asked for in"], rows)]
    return "\n\n".join(parts)


def context() -> str:
    """Make the JSON-LD context: every prefix, the names of our terms, and which properties point to a resource.

    A property points if the ontology says so, or if the bundled data use it so and only so. A name that is a prefix
    too (``status``) stands for the prefix; the property is then ``nap:status``.
    """
    space = "https://w3id.org/napgraph/ont#"
    table = prefixes(str(ROOT))
    ours = graph("ontology/napgraph.ttl")
    pointing = set(ours.subjects(RDF.type, rdflib.OWL.ObjectProperty))
    used = graph(*files_below(str(ROOT), "data", (".ttl",)))
    for predicate in set(used.predicates()) - {RDF.type}:
        if not any(isinstance(value, rdflib.Literal) for value in used.objects(None, predicate)):
            pointing.add(predicate)
    rules = graph(*files_below(str(ROOT), "shapes", (".ttl",)))
    typed = {
        path: f"xsd:{str(datatype).rpartition('#')[2]}"
        for shape, datatype in rules.subject_objects(SH.datatype)
        for path in rules.objects(shape, SH.path)
        if datatype in {rdflib.XSD.integer, rdflib.XSD.duration, rdflib.XSD.date}
    }
    made: dict[str, object] = {"@version": 1.1, "id": "@id", "type": "@type"} | dict(sorted(table.items()))
    named = {str(node) for node in ours.subjects(RDF.type, None) if str(node).startswith(space)}
    for iri in sorted(named | {str(node) for node in [*pointing, *typed]}):
        short = shorten(iri, table)
        node = rdflib.URIRef(iri)
        kind = "@id" if node in pointing else typed.get(node)
        bare = iri.removeprefix(space) if iri.startswith(space) else ""
        if bare and bare not in table:
            made[bare] = {"@id": short, "@type": kind} if kind else short
        if kind:
            made[short] = {"@id": short, "@type": kind}
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in made.items()]
    return '{"@context": {\n' + ",\n".join(lines) + "\n}}"


def architecture() -> str:
    """Return docs/architecture.md with its drawing and its list of modules made anew from the imports."""
    imports = modules()
    packages = {name: {each.split(".")[0] for each in imported} - {name} for name, imported in merged(imports).items()}
    below: dict[str, set[str]] = {}
    for name in (name for floor in FLOORS for name in floor):
        below[name] = packages[name].union(*(below[each] for each in packages[name]))
    drawn = ["```mermaid", "flowchart BT"]
    for number, floor in enumerate(FLOORS, 1):
        names = "; ".join(sorted(floor))
        drawn.append(f'  subgraph f{number}["{number}"]\n    {names}\n  end')
    for name, imported in packages.items():
        through: set[str] = set().union(*(below[each] for each in imported))
        drawn += [f"  {name} --> {each}" for each in sorted(imported - through)]
    drawn.append("```")
    rows = [
        [
            f"`{name.replace('.', '/')}`",
            ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")), clean=True) or "",
        ]
        for name, path in sorted(paths().items())
        if name and not name.startswith("_")
    ]
    listed = table(["module", "what it does"], [[name, told.split("\n\n")[0]] for name, told in rows if told])
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").rstrip()
    for part, made in (("drawing", "\n".join(drawn)), ("modules", listed)):
        mark = f"<!-- {part}: made by 'make docs' -->\n"
        before, _, rest = text.partition(mark)
        text = f"{before}{mark}{made}\n<!-- end -->{rest.partition('<!-- end -->')[2]}"
    return text


def commands() -> str:
    """Return the page of the commands, from the command line itself."""
    told = "Data go to standard output, all else to standard error. Exit status: see [files](formats.md#exit-status)."
    parts = [MADE, "# Commands", told]
    for group, names in cli._GROUPS.items():
        parts.append(f"## {group}")
        for name in names.split():
            command = cli._cli.get_command(click.Context(cli._cli), name)
            assert command is not None
            parts += [f"### {name}", *command_told(command, f"napgraph {name}")]
            for below, each in sorted(getattr(command, "commands", {}).items()):
                parts += [f"#### {name} {below}", *command_told(each, f"napgraph {name} {below}")]
    return "\n\n".join(parts)


def command_told(command: click.Command, name: str) -> list[str]:
    """Return how a command is called, its help and its options."""
    context = click.Context(command, info_name=name)
    usage = command.get_usage(context).removeprefix("Usage: ")
    told = re.sub(r"\x08\n((?:.+(?:\n|$))+)", r"```text\n\1```\n", f"{inspect.cleandoc(command.help or '')}\n")
    rows = [row for row in (each.get_help_record(context) for each in command.params) if row]
    options = [table(["option", "what it does"], [[f"`{row[0]}`", row[1]] for row in rows])] if rows else []
    return [f"```text\n{usage}\n```", told.strip(), *options]


def python() -> str:
    """Return the page of the names that ``napgraph`` offers to Python, from their docstrings."""
    start = inspect.cleandoc(napgraph.__doc__ or "").replace(">>>", "```pycon\n>>>", 1)
    parts = [MADE, "# Python", f"{start}\n```"]
    for name in (each for each in napgraph.__all__ if not each.startswith("_") and each != "ResultTable"):
        value = getattr(napgraph, name)
        parts += [f"## {name}", *described(name, value)]
        own = [base for base in getattr(value, "__mro__", ()) if base.__module__.startswith("napgraph")]
        if own and not issubclass(value, Exception):
            members = {key: each for base in reversed(own) for key, each in vars(base).items()}
            for key, each in members.items():
                if not key.startswith("_") and inspect.getdoc(each):
                    parts += [f"### {name}.{key}", *described(key, getattr(each, "__func__", each))]
    return "\n\n".join(parts)


def described(name: str, value: object) -> list[str]:
    """Return the signature of what can be called, and its docstring with code marked as Markdown does."""
    text = re.sub(r":\w+:`(.+?)`", r"`\1`", re.sub(r"``(.+?)``", r"`\1`", inspect.getdoc(value) or ""))
    if not inspect.isfunction(value):
        return [text]
    signature = re.sub(r"\((?:self|cls)(?:, )?", "(", str(inspect.signature(value))).replace("'", "")
    return [f"```text\n{name}{signature}\n```", text]


def merged(imports: dict[str, list[str]]) -> dict[str, set[str]]:
    """Return what each package or module at the top imports, by its name."""
    found: dict[str, set[str]] = {name: set() for floor in FLOORS for name in floor}
    for name, imported in imports.items():
        if (package := name.split(".")[0]) in found:
            found[package].update(imported)
    return found


PAGES: dict[str, Callable[[], str]] = {
    "ontology/README.md": ontology,
    "data/README.md": data,
    "queries/README.md": queries,
    "shapes/README.md": shapes,
    "ontology/context.jsonld": context,
    "docs/architecture.md": architecture,
    "docs/commands.md": commands,
    "docs/python.md": python,
}


def main() -> None:
    for path, make in PAGES.items():
        (ROOT / path).write_text(make() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
