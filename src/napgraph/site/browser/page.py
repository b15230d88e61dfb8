"""What the page calls in its Python, where this is ``napgraph_page``: check a file, report, make files of a form."""

import json
import os
from functools import cache

from napgraph.errors import NapgraphError
from napgraph.project.root import resolve_root
from napgraph.records.convert import convert
from napgraph.records.limits import DEFAULT
from napgraph.records.read import read
from napgraph.records.workbook.model import load
from napgraph.records.workbook.tables import Filled
from napgraph.records.workbook.template import workbook as made_workbook
from napgraph.records.workbook.write import fill
from napgraph.sandbox import run
from napgraph.validation import Report
from napgraph.validation.reports import own_workbook, render
from napgraph.validation.validator import Checker

_FOLDER = "/sent"
_last: list[Report] = []
_model = cache(lambda: load(resolve_root()))


@cache
def _checker(language: str) -> Checker:
    """Return who checks, with the rules read."""
    made = Checker(resolve_root(), language=language)
    made.warm()
    return made


def ready(language: str) -> None:
    """Read the rules, which the first check would do otherwise."""
    os.makedirs(_FOLDER, exist_ok=True)
    os.chdir(_FOLDER)
    _checker(language)


def checked(name: str, content: bytes, language: str) -> str:
    """Return the report on a file as the command line gives it, in JSON."""
    _last[:] = _checker(language).each([_kept(name, content)], 1)
    return report("json").decode()


def report(form: str) -> bytes:
    """Return the last report as ``html``, ``json``, ``csv`` or ``xlsx``, in a sender's workbook if there was one."""
    return render(_last, form, resolve_root(), original=own_workbook)


def page() -> str:
    """Return the last report as the command line gives it as a page."""
    return report("html").decode()


def written(name: str, content: bytes, form: str) -> bytes:
    """Return a file in another format, such as ``turtle``; raises NapgraphError in words for the sender."""
    made = convert(_kept(name, content), form)
    assert isinstance(made.content, bytes)  # noqa: S101 only a folder has several
    return made.content


def workbook(draft: str) -> bytes:
    """Return what was filled in, as JSON of language, records and other statements, as a workbook."""
    told = json.loads(draft)
    language, shown = told["language"], told["shown"]
    return made_workbook(_model(), Filled(language, shown, told["records"], told["statements"]), shown, examples=False)


def draft(name: str, content: bytes, language: str) -> str:
    """Return a file as what the form holds, in JSON; what has no field there stands among the other statements."""
    record = run(read, _kept(name, content), seconds=DEFAULT.seconds, memory=DEFAULT.memory, source=name)
    return json.dumps(fill(record.triples, _model(), language)._asdict(), default=str)


def _kept(name: str, content: bytes) -> str:
    path = os.path.basename(name.replace("\\", "/")) or "file"
    with open(path, "wb") as file:
        file.write(content)
    return path


def answer(function: str, *arguments: object) -> tuple[str, object]:
    """Call a function of this module; return what went wrong, in words, and what it gave."""
    try:
        return "", globals()[function](*arguments)
    except NapgraphError as error:
        return str(error), None
