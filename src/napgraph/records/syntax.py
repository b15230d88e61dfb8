"""What the strict parser refuses, as sentences: what stands there, why it cannot, and the likely way to fix it."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from ..errors import IntakeError, nearest
from ..rdf.formats import FORMATS
from .languages import language_meant
from .locations import longest, without_texts
from .source import line_of

_PARSER = re.compile(
    r"^Parser error (?:at line \d+ (?:between columns \d+ and \d+|column \d+)|between line .*?): ", re.S
)
_END = "each line of a block ends in ' ;', the block in ' .'"
_USUAL = {"dct": "dcterms", "dc": "dcterms", "sdo": "schema", "shacl": "sh"}
_TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_TAGGED = re.compile(r"(?<=[\"'])@([A-Za-z0-9][\w-]*)")
_PAIR = re.compile(r"\\u([dD][89abAB][0-9A-Fa-f]{2})\\u([dD][c-fC-F][0-9A-Fa-f]{2})")
_LONGEST = "16 MiB"  # of the parser's buffer, which holds one token whole
_QUOTES = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb`"


class _ErrorLocation(NamedTuple):
    """Where the parser stopped: the words there, what is ``beside`` them on the line, and the text before and after.

    ``last`` is the text before without comments, which ends on ``last_line``.
    """

    words: str
    last: str
    last_line: int
    beside: str
    before: str
    after: str
    form: str
    prefixes: dict[str, str]


def explain(
    error: SyntaxError, text: str, name: str, form: str, prefixes: dict[str, str], line: int | None = None
) -> IntakeError:
    """Return the parser's error on ``text`` in plain words; ``line`` is that of an error which comes without one."""
    message = _PARSER.sub("", error.msg).rstrip(".")
    if error.lineno is None:
        return _without_line(message, text, name, form, line)
    lines = text.split("\n")
    line = min(error.lineno, len(lines))
    start, here = (error.offset or 1) - 1, lines[line - 1]
    end = (error.end_offset or 1) - 1 if error.end_lineno == error.lineno else len(here)
    above = [re.sub(r"(^|\s)#.*", "", each).rstrip() for each in [*lines[: line - 1], here[:start]][-50:]]
    last = "\n".join(above).rstrip()
    location = _ErrorLocation(
        here[start : max(end, start + 1)].strip()[:60], last, line - len(above) + 1 + last.count("\n"),
        here[:start].strip(), "\n".join([*lines[: line - 1], here[:start]]), here[start:], form, prefixes,
    )  # fmt: skip
    problem, mend = f"this is not valid {FORMATS[form].label}: {message}.", "Look at this line and above it."
    tags = (match[1] for match in _TAGGED.finditer(here) if match.start() <= start <= match.end())
    if wrong := next((tag for tag in tags if not is_tag(tag)), ""):
        problem, mend = tag_fault(wrong)
    else:
        words = {"words": location.words, "nap": prefixes.get("nap", "")}
        for pattern, say in _SAYINGS.items():
            if match := re.search(pattern, message, re.DOTALL):
                said: Any = (
                    tuple(each.format_map(words) for each in say) if isinstance(say, tuple) else say(location, match)
                )
                problem, mend, line = (*said, line)[:3]
                break
    return IntakeError(name, problem, line=line, mend=mend, key="syntax")


def is_tag(tag: str) -> bool:
    """Whether a language tag has the form that every format asks for; whether it is a language is asked later."""
    return _TAG.fullmatch(tag) is not None


def too_long(text: str, name: str) -> IntakeError:
    """Return the error on the longest text, comment or address of ``text``, which is too long for the parser."""
    start, token = longest(text)
    what = {'"': "a text", "'": "a text", "#": "a comment", "<": "an address"}.get(token[:1], "a word")
    problem = f"{what} of {len(token):,} characters begins here, and none above {_LONGEST} can be read."
    mend = "Shorten it or take it out." if what == "a comment" else "Shorten it. No limit can be raised for this."
    return IntakeError(name, problem, line=line_of(text, start), mend=mend, key="literal")


def tag_fault(
    tag: str, write: str = "it as @{}", example: str = 'it as in "plan"@en or "plan"@pt-BR'
) -> tuple[str, str]:
    """Return what is wrong with a language tag that is none, and how to fix it: by the right one, else an example."""
    right = language_meant(tag)
    return f"{tag!r} is no language tag.", f"Write {write.format(right) if right else example}."


_Said = tuple[str, str] | tuple[str, str, int]


def _dot(spot: _ErrorLocation, _: re.Match[str]) -> _Said:
    last = spot.last
    if not spot.beside and last and not last.endswith((".", ";", ",", "[", "(", "{", "}")):
        problem = f"the statement before {spot.words!r} is not ended."
        return problem, "End this line with ' ;' if the next is about the same subject, or with ' .'.", spot.last_line
    above = [line for line in spot.before.split("\n")[:-1] if line.strip() and not line.lstrip().startswith("#")]
    mark = above[-1].rstrip()[-1:] if above else ""
    if mark in {";", ","} and spot.beside:
        problem = f"{spot.words!r} is one term too many here."
        mend = f"If a new block begins on this line, the line above must end in ' .' and not in ' {mark}'."
        return problem, f"{mend} Otherwise set ' ;' or ',' before {spot.words!r}."
    return (
        f"{spot.words!r} stands where ' ;', ',' or ' .' is expected.",
        "Set ' ;' before a new property, ',' before another value, ' .' at the end; text needs quotes.",
    )


def _opened(before: str) -> str:
    stack: list[str] = []
    for mark in re.findall(r"[\[\](){}]", without_texts(before[-5000:])):
        if mark in "[({":
            stack.append(mark)
        elif stack:
            stack.pop()
    return stack[-1] if stack else ""


def _misplaced(spot: _ErrorLocation, match: re.Match[str]) -> _Said:
    kind, words, last = match[1], spot.words, spot.last
    if kind == "object" and words in {".", ";", ")", "]"} and last.endswith(","):
        return f"a comma stands before {words!r}.", "Delete the comma, or write the value that is missing."
    if kind == "object" and words in {".", ";", "]", "}"} and _opened(spot.before) == "(":
        return f"a list ( ... ) is not closed before {words!r}.", "Close it with ')'."
    if kind == "subject" and re.fullmatch(r"[-.+][\d.]+", words) and last[-1:].isdigit():
        fix = 'A date stands in quotes, with its datatype: "2007-05-31"^^xsd:date.'
        return f"{last.split()[-1]}{words} is no number.", fix
    if kind == "subject" and words == "." and re.search(r"(?:^|\n)\s*(?:prefix|base)\b[^\n]*$", last, re.IGNORECASE):
        return "PREFIX and BASE have no dot at their end.", "Delete the dot, or write @prefix or @base."
    if kind == "subject" and re.match(r"\w", words) and last[-1:] in {'"', "'"}:
        fix = 'Write a quote inside a text as \\", or set the text between """ and """.'
        return f"a text ends before {words!r}, which stands outside it.", fix
    found = next(said for known, *said in _MISPLACED[kind] if not known or words.lower() in known.split())
    return found[0].format(words), found[1]


_MISPLACED = {
    "object": (
        (". ; , ] }", "a value is missing before {!r}.", "Write it, or delete the property."),
        ("true yes", "{!r} is no value.", "Write true for a truth value, or set text in quotes."),
        ("false no", "{!r} is no value.", "Write false for a truth value, or set text in quotes."),
        ("", "{!r} is no value.", "Text needs quotes, an address < >, a code its prefix."),
    ),
    "predicate": (
        ("a", "{!r} is no property.", "Write a small 'a' for the type."),
        ("{", "a named graph begins here, which Turtle does not have.", "Name the file .trig."),
        (". ; ] ,", "a property and its value are missing before {!r}.", f"Remember: {_END}."),
        ("", "{!r} is no property.", "A property is written prefix:name; text comes after it, in quotes."),
    ),
    "subject": (
        (
            ". ; , ] ) }",
            "{!r} stands where a new block should begin.",
            f"Delete it, or look for a dot or bracket above that closes too early: {_END}.",
        ),
        ("", "{!r} cannot begin a block.", "A block begins with <an IRI> or prefix:name; text needs quotes."),
    ),
}
"""What stands where it cannot, by what is expected there: words (none: any other), the problem, and how to fix it."""


def _prefix(spot: _ErrorLocation, match: re.Match[str]) -> _Said:
    prefix = match[1]
    if prefix.lower() in {"http", "https"}:
        return "an address stands here without its brackets.", "Write it in < >, or as text in quotes."
    problem = f"the prefix {prefix}: is used but not declared."
    if space := spot.prefixes.get(_USUAL.get(prefix, prefix)):
        return problem, f"Add at the top: @prefix {prefix}: <{space}> ."
    near = nearest(prefix, spot.prefixes)
    hint = f" Did you mean {' or '.join(f'{one}:' for one in near)}?" if near else ""
    return problem, f"Add a line '@prefix {prefix}: <...> .' at the top.{hint}"


def _unclosed(spot: _ErrorLocation, _: re.Match[str]) -> _Said:
    mark = re.match(r"\"\"\"|'''|[\"'<]", spot.words)
    closing = {"<": ">"}.get(mark[0], mark[0]) if mark else ""
    if not closing:
        return "the file ends in the middle of a statement.", f"It may have been cut off; {_END}."
    what = "the IRI" if closing == ">" else "the text"
    mend = f"Close it with {closing}"
    if len(closing) == 1 and closing != ">":
        mend += '; text of several lines stands between """ and """'
    return f"{what} that begins here with {mark[0] if mark else ''} is not closed.", f"{mend}."


def _iri_character(iri: str, sign: str) -> tuple[str, str]:
    named = {" ": "a space", "\t": "a tab", "\n": "a line break"}
    character = named.get(sign, sign if sign.isprintable() else f"the character U+{ord(sign[:1]):04X}")
    mend = "Write a space as %20, or correct the address." if sign == " " else "Correct the address."
    return f"{iri} holds {character}, which no IRI may.", mend


def _first_character(_: _ErrorLocation, match: re.Match[str]) -> _Said:
    character = match[1]
    if character in _QUOTES:
        return f"a typographic quote {character} stands here.", "Use straight quotes: \" or '."
    if character in "\u00a0\u2007\u202f\u200b\ufeff":
        problem = f"an invisible character (U+{ord(character):04X}) stands here."
        return problem, "Delete it and type a plain space."
    if character in "/%&=+*!$?()":
        mend = "Write the whole address in < >, or set a backslash before the character."
        return f"{character!r} cannot stand in prefix:name as it is.", mend
    return f"{character!r} cannot stand here.", "Text needs quotes, an address < >."


def _escape(spot: _ErrorLocation, _: re.Match[str]) -> _Said:
    words, short = spot.words, re.search(r"\\[uU]\w*\Z", spot.before[-10:])
    if pair := _PAIR.match(spot.after):
        code = 0x10000 + ((int(pair[1], 16) - 0xD800) << 10) + int(pair[2], 16) - 0xDC00
        mend = f"Write the character itself, {chr(code)}, or \\U{code:08X}."
        return f"{pair[0]} is how JSON writes a character, in two halves.", mend
    if words[:2] in {r"\u", r"\U"} and words[2:4].lower() >= "d8":
        return f"{words} is half of a character.", "Write the character itself."
    if short or words[:2] in {r"\u", r"\U"}:
        mend = r"Behind \u stand four hexadecimal digits, behind \U eight; a backslash itself is \\."
        return f"{short[0] if short else words} is no escape.", mend
    return f"{words} is no escape.", 'Write a backslash as \\\\, a quote as \\".'


_SAYINGS: dict[str, tuple[str, str] | Callable[[_ErrorLocation, re.Match[str]], _Said]] = {
    r"^A dot is expected": _dot,
    r"is not a valid (?:RDF )?(object|predicate|subject)": _misplaced,
    r"^The prefix (.*): has not been declared": _prefix,
    r"^Unexpected end of file": _unclosed,
    r"^Unexpected end$": lambda spot, _: (
        "the file ends inside a block.",
        "End it with ' .'; if more should follow, the file was cut off.",
        spot.last_line,
    ),
    r"^Line jumps are not allowed": (
        "a line ends inside a text, or the text is not closed.",
        'Close it with a quote; text of several lines stands between """ and """, or is written with \\n.',
    ),
    r"^Invalid IRI code point '(.*)'": lambda spot, match: _iri_character(spot.words, match[1]),
    r"^No scheme found": lambda spot, _: (
        f"{spot.words} is no full IRI, and nothing says what it is relative to.",
        "Write it out in full."
        if spot.form in {"n-triples", "n-quads"}
        else "Write it out, use prefix:name without < >, or add a line '@base <https://...> .' at the top.",
    ),
    r"^'(.)' is not allowed at the beginning of a prefix name": _first_character,
    r"escape character|escape sequence": _escape,
    r"language|subtag": lambda spot, _: (
        tag_fault(tag)
        if (tag := spot.words.lstrip("@"))
        else ("a language tag is missing after @.", 'Write it as in "plan"@en.')
    ),
    r"datatype": ("{words!r} is no datatype.", 'Write it as in "2007"^^xsd:gYear.'),
    r"PREFIX|BASE": (
        "{words!r} does not belong in a declaration of a prefix.",
        "Write it as in @prefix nap: <{nap}> .",
    ),
    r"percent encoding|escapes in IRIs": ("{words} holds a % that begins no code.", "Write a % itself as %25."),
    r"should end with a '\]'": (
        "{words!r} stands where the [ ... ] above should close.",
        "Close it with ']' before this.",
    ),
    r"triple or quad|of a triple must be|followed by a dot|line jumps": lambda spot, _: (
        f"{spot.words!r} does not fit here." if spot.words else "the statement is not complete.",
        "In N-Triples and N-Quads each statement has a line of its own; if this is Turtle, name the file .ttl.",
    ),
}
"""What the parser's words mean, first match first: the problem and how to fix it, or functions that return them."""

_NO_BASE = {
    "rdf-xml": 'Write it out, or say xml:base="https://..." in the outermost element.',
    "json-ld": 'Write it out, or say "@base": "https://..." in the @context.',
}


def _without_line(message: str, text: str, name: str, form: str, line: int | None) -> IntakeError:
    """Find the line of an error that comes without one by what it quotes."""
    quoted = re.search(r"'([^']+)'", message)
    words = quoted[1] if quoted else ""
    if line is None and words in text and words:
        line = line_of(text, text.find(words))
    problem, mend = f"this is not valid {FORMATS[form].label}: {message}.", "Look for it in the file."
    if "No scheme found" in message and quoted:
        problem, mend = f"{words!r} is no full IRI, and nothing says what it is relative to.", _NO_BASE[form]
    elif "language tag" in message:
        problem, mend = tag_fault(words, 'it as xml:lang="{}"', 'it as in xml:lang="pt-BR"')
    elif bad := re.search(r"Invalid IRI code point '(.*)'", message, re.DOTALL):
        problem, mend = _iri_character(f"<{words}>", bad[1])
    elif "LoadDocumentCallback" in message:
        problem, mend = "another context is asked for, and nothing is fetched.", "Write its terms into this file."
    return IntakeError(name, problem, line=line, mend=mend, key="syntax")
