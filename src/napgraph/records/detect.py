"""Find out what a file is by its content. What is no data (a PDF, a web page, a query) is refused, with what to do."""

import re

from ..errors import IntakeError
from ..rdf.formats import FORMATS, RDF
from .limits import Limits
from .locations import without_texts
from .source import LINE_BREAK, line_of, opened

_WORKBOOK = "Fill in the workbook that 'napgraph template -o plan.xlsx' makes, or send RDF."
_UNPACK = "Unpack it and send what is inside."
_MAGIC = (
    (b"%PDF-", "a PDF, which holds text for reading and no data", _WORKBOOK),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file, or one with a password", "Save it without password as .xlsx."),
    (b"\x1f\x8b", "packed with gzip", _UNPACK),
    (b"BZh", "packed with bzip2", _UNPACK),
    (b"\xfd7zXZ\x00", "packed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"{\\rtf", "rich text from a word processor", _WORKBOOK),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "a picture", _WORKBOOK),
    (b"SQLite format 3\x00", "a database", _WORKBOOK),
)
_ZIPPED = (
    ("xl/workbook.bin", "a binary Excel workbook", "Save it as .xlsx."),
    ("word/document.xml", "a Word document", _WORKBOOK),
    ("ppt/presentation.xml", "a presentation", _WORKBOOK),
    ("mimetype", "an OpenDocument file", "Save it as .xlsx."),
)
_BLANK = re.compile(r"(?:\s+|#[^\n\r]*)*+")
_HTML = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(r"<\?xml|<!(?:--|DOCTYPE)|<[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?\s+[\w:.-]+\s*=\s*[\"']")
_XML_NAMED = re.compile(r"<[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?\s*/?>")
_JSON = re.compile(r"\{\s*[\"}]|\[\s*(?:[{\[\"]|\]\s*\Z)")
_TERSE_START = re.compile(
    r"@|<|_:|[\[({]|(?:prefix|base|version|graph)\b|[^\s:;,.<>\"'\[\](){}#@|^`\\!$&*+=/?%~]*:", re.IGNORECASE
)
_DIRECTIVE = re.compile(r"^\s*(?:@prefix|@base|prefix\s+\S*:\s|base\s+<)", re.IGNORECASE | re.MULTILINE)
_NODE = r"(?:<[^<>\s]*>|_:[^\s<>\"]+)"
_STATEMENT = re.compile(
    rf"[ \t]*(?:{_NODE}[ \t]*<[^<>\s]*>[ \t]*"
    rf"(?:{_NODE}|\"(?:[^\"\\\n\r]|\\.)*+\"(?:@[A-Za-z0-9-]+|\^\^<[^<>\s]*>)?)[ \t]*({_NODE})?[ \t]*\.)?[ \t]*(?:#.*)?"
)
_QUERY = re.compile(
    r"(?:prefix\s+\S*:\s*<[^>]*>\s*|base\s*<[^>]*>\s*)*(?:select|construct|ask|describe|insert|delete)\b(?!\s*:)",
    re.IGNORECASE,
)


def detect_bytes(content: bytes, name: str, limits: Limits) -> str:
    """Return ``xlsx`` or ``csv`` for what a workbook or zip holds, empty for text; raises IntakeError for neither."""
    found = next(((f"this file is {what}.", fix) for magic, what, fix in _MAGIC if content.startswith(magic)), None)
    if found is None and not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ""
    if found is None:
        inside = [path.lower() for path in opened(content, name, limits).namelist()]
        if "xl/workbook.xml" in inside:
            return "xlsx"
        found = next(((f"this file is {what}.", fix) for path, what, fix in _ZIPPED if path in inside), None)
        if found is None and any(path.endswith(".csv") for path in inside):
            return "csv"
    neither = "this zip holds neither a workbook nor CSV sheets.", f"{_UNPACK[:-1]}, or put CSV sheets in it."
    problem, fix = found or neither
    raise IntakeError(name, problem, mend=fix, key="wrong-kind")


def detect_text(text: str, name: str, claim: str) -> tuple[str, ...]:
    """Return the formats that ``text`` may be in, best first; none for blanks alone. Raises IntakeError for no RDF."""
    at = match.end() if (match := _BLANK.match(text)) else 0
    if at == len(text):
        return ()
    if _HTML.match(text, at):
        mend = "A download that asks for a password often gives such a page; send the file itself."
        raise IntakeError(name, "this file is a web page.", mend=mend, key="wrong-kind")
    if _JSON.match(text, at) or (claim == "json-ld" and text[at] in "{["):
        return ("json-ld",)
    if _XML.match(text, at) or (claim == "rdf-xml" and _XML_NAMED.match(text, at)):
        return ("rdf-xml",)
    if _QUERY.match(text, at):
        problem, mend = "this is a query, not data.", "Run it with 'napgraph query'; send the data that it is about."
    elif _TERSE_START.match(text, at):
        return _terse(text, claim)
    elif claim == "csv":
        problem, mend = "this is one sheet.", "Put all CSV sheets of the plan in one folder or zip, and name that."
        mend += " Whoever has none yet fills in those that 'napgraph template -o plan.zip' writes."
    else:
        problem = f"this file is in no format that is taken; it begins with {text[at : at + 40].splitlines()[0]!r}."
        mend = f"Send {', '.join(FORMATS[form].label for form in RDF)}, a workbook or CSV sheets."
    raise IntakeError(name, problem, line=line_of(text, at), mend=mend, key="wrong-kind")


def _terse(text: str, claim: str) -> tuple[str, ...]:
    """Order Turtle and its kin: what the content shows, of lines mostly, what the name claims, then the others."""
    shown = "turtle"
    if "{" in text and "{" in without_texts(text):
        shown = "trig"
    elif claim not in {"turtle", "trig"} and not _DIRECTIVE.search(text):
        lines = LINE_BREAK.split(text)
        matches = [match for match in map(_STATEMENT.fullmatch, lines) if match]
        if len(matches) == len(lines) or (claim in {"n-triples", "n-quads"} and 2 * len(matches) >= len(lines)):
            shown = "n-quads" if any(match[1] for match in matches) else "n-triples"
    first = claim if claim == "trig" or (claim == "n-quads" and shown == "n-triples") else shown
    return tuple(dict.fromkeys((first, "turtle", "trig", "n-quads")))
