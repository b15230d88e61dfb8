"""No two places of the package share six or more lines of the same logic, whatever names they give to things."""

from __future__ import annotations

import ast
import io
import keyword
import tokenize
from collections.abc import Iterable
from pathlib import Path

from .conftest import ROOT

PACKAGE = ROOT / "src" / "napgraph"
MOST = 5
"""So many lines may be alike; with one more they are one function in two places."""
MARKS = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
Line = tuple[int, list[tuple[bool, str]]]


def declared(tree: ast.AST) -> set[int]:
    """Return the lines that say what there is, not what is done: imports, docstrings, signatures, fields of a class."""
    found: set[int] = set()
    for node in ast.walk(tree):
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found |= set(range(first, node.body[0].lineno))
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text or isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= set(range(first, last + 1))
        if isinstance(node, ast.ClassDef):
            fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
            found |= {line for each in fields for line in range(each.lineno, (each.end_lineno or 0) + 1)}
    return found


def logic(text: str) -> list[Line]:
    """Return the number of each line that does something, and its tokens: whether it is a name, and its text."""
    passed, lines = declared(ast.parse(text)), dict[int, list[tuple[bool, str]]]()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in MARKS and token.start[0] not in passed:
            is_name = token.type == tokenize.NAME and not keyword.iskeyword(token.string)
            lines.setdefault(token.start[0], []).append((is_name, token.string))
    return list(lines.items())


def shape(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return the text of lines with each name called by the place where it first occurs."""
    names: dict[str, str] = {}
    return tuple(
        " ".join(names.setdefault(text, f"name{len(names)}") if is_name else text for is_name, text in tokens)
        for _, tokens in lines
    )


def alike(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Return the pairs of places (name and line) at which more than MOST lines are alike."""
    seen: dict[tuple[str, ...], str] = {}
    pairs = []
    for name, text in texts.items():
        lines = logic(text)
        for start in range(len(lines) - MOST):
            place = f"{name}:{lines[start][0]}"
            first = seen.setdefault(shape(lines[start : start + MOST + 1]), place)
            pairs += [(first, place)] if first != place else []
    return pairs


def source(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))}


def test_no_two_places_share_six_lines_of_logic() -> None:
    texts = source(PACKAGE)
    assert len(texts) > 100
    assert alike(texts) == []


def test_a_copy_is_found_whatever_its_names() -> None:
    body = "    made = []\n    for each in given:\n        if each:\n            made.append(each)\n    made.sort()\n"
    one = f'def one(given):\n    """Sort."""\n{body}    return made\n'
    other = one.replace("one", "other").replace("made", "found").replace("each", "word").replace("Sort", "Arrange")
    assert alike({"a.py": one, "b.py": other}) == [("a.py:3", "b.py:3")]
    assert alike({"a.py": one, "b.py": other.replace("sort", "clear")}) == [("a.py:3", "b.py:3")]
    assert alike({"a.py": one, "b.py": other.replace("if word", "if not word")}) == []
    assert alike({"a.py": one, "b.py": other.replace("    return found\n", "")}) == []
