"""The data folder that a submission goes into, and the new files of its jurisdiction and sources there."""

import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from urllib.parse import urljoin

import pyoxigraph

from ..errors import FolderError, OutputError, SourceFileError
from ..files import write_whole
from ..graph.files import read_turtle
from ..project.root import FOLDERS, is_inside_package, resolve_root
from ..rdf.descriptions import Descriptions
from ..rdf.write import TurtleWriter, declaration
from ..records.locations import TOKEN
from ..validation.recorded import BOM, Existing

_PREFIX = re.compile(r"(?:@prefix|PREFIX)\s+([^\s:]*):\s")
_HEAD = ("#", "@prefix", "PREFIX", "@base", "BASE")


def root_of(root: str | os.PathLike[str] | None, data: str | os.PathLike[str] | None, *, writing: bool) -> str:
    """Return the folder that holds the four, given as such or by its data folder.

    Raises FolderError where it is not one, or where it is part of the installed package and ``writing`` is meant.
    """
    if data is not None:
        folder, name = os.path.split(os.path.abspath(data))
        if name != "data" or not os.path.isdir(data):
            others = ", ".join(each for each in FOLDERS if each != "data")
            problem = "this is no data folder. It is called 'data' and lies beside"
            raise FolderError(f"{os.fspath(data)}: {problem} {others}.")
        root = folder
    found = resolve_root(root)
    if writing and is_inside_package(found):
        raise FolderError(
            f"{found}: these data came with the installation and go when it is renewed, so nothing is written here. "
            "Make a folder of your own once, by copying this one (cp -r on Linux and macOS, xcopy /e /i on Windows), "
            "for instance to my-graph; then say 'napgraph --root my-graph accept FILE', and --root my-graph with the "
            "other commands (or set NAPGRAPH_ROOT)."
        )
    return found


def content_of(root: str, path: str) -> bytes | None:
    """Return the content of the file, None where there is none; raises OutputError for what is no plain file."""
    full = os.path.join(root, path)
    try:
        mode = os.lstat(full).st_mode
        if not stat.S_ISREG(mode):
            kind = "a link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "no plain file"
            problem = f"this is {kind}, and only a plain file can be added to. Put the file itself here."
            raise OutputError(f"{full}: {problem}")
        with open(full, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(f"{full}: this file cannot be read ({error.strerror}). Nothing was written.") from error


def write(root: str, path: str, content: bytes, verify: Callable[[bytes], None]) -> None:
    """Put ``content`` in the place of the file at one stroke, once ``verify`` has passed what was written.

    Raises OutputError, the old file untouched. To be called with the lock held, as leavings of other writers go.
    """
    full = os.path.join(root, path)
    folder, name = os.path.split(full)
    try:
        os.makedirs(folder, exist_ok=True)
        for entry in os.scandir(folder):
            if entry.name.startswith(f".{name}.") and entry.name.endswith(".part"):
                with suppress(OSError):
                    os.unlink(entry.path)
        write_whole(full, content, verify)
    except OSError as error:
        room = ""
        with suppress(OSError):
            if (free := shutil.disk_usage(folder).free) < len(content):
                room = f" {len(content):,} bytes are needed and {free:,} are free: make room."
        problem = f"nothing was written here ({error.strerror}); what was there is unchanged."
        raise OutputError(f"{full}: {problem}{room}") from error


def compose(
    existing: Existing,
    submitted: Descriptions,
    order: Sequence[pyoxigraph.NamedNode],
    table: Mapping[str, str],
    base: str,
    head: str,
) -> bytes:
    """Return the file with the resources of ``order`` added in that order; a new file begins with ``head``.

    ``table`` are the project's prefixes, ``base`` what the addresses of the file begin with.
    """
    fresh = not existing.text.strip()
    usable = {prefix: space for prefix, space in table.items() if existing.prefixes.get(prefix, space) == space}
    writer = TurtleWriter(usable, base if fresh or existing.base == base else None)
    blocks = "\n\n".join(writer.block(subject, submitted) for subject in order)
    wanted = {prefix: usable[prefix] for prefix in writer.used if prefix not in existing.prefixes}
    if fresh:
        declared = "\n".join([*(declaration(each, wanted[each]) for each in sorted(wanted)), f"@base <{base}> ."])
        return f"{head}\n\n{declared}\n\n{blocks}\n".encode()
    lines = existing.text.count("\n")
    end = "\r\n" if lines and existing.text.count("\r\n") == lines else "\n"
    text = _with_prefixes(existing.text, wanted, end)
    gap = "" if text.endswith("\n") else end
    return (text + gap + end + blocks.replace("\n", end) + end).encode()


def corrected(
    existing: Existing,
    submitted: Descriptions,
    subjects: Sequence[pyoxigraph.NamedNode],
    links: Mapping[str, list[str]],
) -> Descriptions:
    """Return what is said of recorded ``subjects`` once a correction is taken: its values of what it states.

    All else stays: properties that it does not state, links to parts and further names (``adds``), and evidence from
    sources that it does not cite. What was not stated (``silent``) goes where a value comes, and the other way round.
    """
    silent, (_, evidence, *_) = links["silent"][0], links["second-reading"]
    joined = set(links["adds"]) - {evidence}
    triples = existing.descriptions.triples(subjects) + submitted.triples(subjects)
    nested = [triple for triple in triples if isinstance(triple.subject, pyoxigraph.BlankNode)]
    made: list[pyoxigraph.Triple] = []
    for subject in subjects:
        new = submitted.of(subject)
        stated = {predicate.value for predicate, _ in new}
        told = {getattr(value, "value", "") for predicate, value in new if predicate.value == silent}
        cited = {_above(value) for predicate, value in new if predicate.value == evidence}
        kept = []
        for predicate, value in existing.descriptions.of(subject):
            is_other = predicate.value == evidence and _above(value) not in cited
            goes = predicate.value in told or (predicate.value == silent and getattr(value, "value", "") in stated)
            if not goes and (is_other or predicate.value in joined or predicate.value not in stated):
                kept.append((predicate, value))
        known = {existing.descriptions.statement(*each) for each in kept}
        kept += [each for each in new if submitted.statement(*each) not in known]
        made += [pyoxigraph.Triple(subject, *each) for each in kept]
    return Descriptions([*made, *nested])


def _above(value: object) -> str:
    return str(value).rpartition("/")[0]


def replace(existing: Existing, path: str, new: Descriptions, table: Mapping[str, str]) -> bytes:
    """Return the file with the blocks of the resources of ``new`` in place of those there; the rest stays as it is.

    Raises OutputError where the block of one is not found.
    """
    usable = {prefix: space for prefix, space in table.items() if existing.prefixes.get(prefix, space) == space}
    writer = TurtleWriter(usable, existing.base)
    wanted = {f"<{subject.value}>": writer.block(subject, new) for subject in new.subjects}
    parts, at, text = list[str](), 0, existing.text
    done: set[str] = set()
    for subject, begin, end in _blocks(existing):
        if subject in wanted:
            parts += [text[at:begin], "" if subject in done else wanted[subject]]
            at = end
            done.add(subject)
    if missing := wanted.keys() - done:
        problem = f"the block of {min(missing)} was not found, so nothing was written. Change it by hand."
        raise OutputError(f"{path}: {problem}")
    prefixes = {prefix: usable[prefix] for prefix in writer.used if prefix not in existing.prefixes}
    return _with_prefixes("".join([*parts, text[at:]]), prefixes, "\n").encode()


def _blocks(existing: Existing) -> Iterator[tuple[str, int, int]]:
    """Yield the address of the subject, the start and the end of each block of a file in Turtle."""
    depth, begin, subject = 0, -1, ""
    for match in TOKEN.finditer(existing.text):
        kind, sign = match.lastgroup, match[match.lastgroup or 0]
        if kind == "mark" and sign == "." and not depth:
            if begin >= 0:
                yield subject, begin, match.end("mark")
            begin = -1
        elif kind == "mark" and sign in "[](){}":
            depth += 1 if sign in "[({" else -1
        elif kind and begin < 0:
            begin, (prefix, _, name) = match.start(kind), sign.partition(":")
            own = f"<{existing.prefixes[prefix]}{name}>" if prefix in existing.prefixes else sign
            subject = f"<{urljoin(existing.base or '', sign[1:-1])}>" if sign.startswith("<") else own


def verify(content: bytes, path: str, *parts: tuple[Descriptions, Sequence[pyoxigraph.NamedNode]]) -> None:
    """Read ``content`` again, and raise OutputError unless it says exactly what ``parts`` say together."""
    expected: dict[pyoxigraph.NamedNode, frozenset[tuple[str, int]]] = {}
    for descriptions, subjects in parts:
        for subject in subjects:
            expected[subject] = expected.get(subject, frozenset()) | descriptions.told(subject)
    problem = ""
    try:
        found = Descriptions(read_turtle(content, path))
        if found.tangled or found.all_told() != expected:
            problem = "it did not say what was checked when it was read again"
    except SourceFileError as error:
        problem = f"it could not be read again ({error})"
    if problem:
        raise OutputError(f"{path}: nothing was written here: {problem}. Please report this.")


def _with_prefixes(text: str, wanted: Mapping[str, str], end: str) -> str:
    """Add declarations among those at the head of ``text``, each before the first that sorts after it."""
    lines = text.split(end)
    # Before the first statement stand comments, prefixes, a base, or nothing.
    heads = [not (line := each.strip().removeprefix(BOM)) or line.startswith(_HEAD) for each in lines]
    head = heads.index(False) if False in heads else len(lines)
    declared = {at: match[1] for at in range(head) if (match := _PREFIX.match(lines[at]))}
    stop = max(declared) + 1 if declared else head
    if wanted and not declared:
        lines.insert(stop, "")
    for prefix in sorted(wanted, reverse=True):
        at = next((at for at, name in declared.items() if name > prefix), stop)
        lines.insert(at, declaration(prefix, wanted[prefix]))
    return end.join(lines)
