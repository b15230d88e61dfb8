"""Make JSON-LD ready for the strict parser, so that nothing is fetched and every value can be followed.

JSON-LD leaves out what it cannot read: a key that no context maps, a node whose name is no IRI. To learn what came of
each value the file is parsed twice: as it is, and as a twin in which every value is replaced by an IRI that carries
its number. :mod:`.tracing` compares the two.
"""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ..errors import IntakeError
from ..rdf.namespaces import BASE
from .json_text import Leaf, Path, check, leaves
from .locations import pointer
from .text import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .limits import Limits

__all__ = ["CONTEXT", "Context", "JsonLd", "prepare"]

CONTEXT = f"{BASE}context.jsonld"
Context = dict[str, object]

_UNCOUNTED = {"@language", "@index", "@version", "@context", "@base", "@vocab"}
_KINDS = {"@type": "type", "@direction": "direction"}
_NUMBERED = {"id", "value", "number"}


class JsonLd(NamedTuple):
    """A file ready for the strict parser.

    ``content`` is the text with our context written in where it is named, ``twin`` the same with each leaf of a kind
    ``id``, ``value`` or ``number`` replaced by ``tag:`` and its place in ``found``. ``aliases`` are other names of
    keywords, ``contexts`` all that the file uses.
    """

    name: str
    text: str
    content: str
    twin: str
    tag: str
    found: list[Leaf]
    kinds: list[str]
    aliases: dict[str, str]
    contexts: list[Context]


def prepare(text: str, name: str, root: str, limits: Limits) -> JsonLd:
    """Check JSON text and make it ready; raises IntakeError for what is refused."""
    parsed = check(text, name, limits)
    contexts = list(_contexts(parsed)) if "@context" in text else []
    found = leaves(text, name)
    ours: Context = {}
    if CONTEXT.partition(":")[2] in text:
        ours = _own_context(root)
        contexts.append(ours)
    _refuse_sets_of_lists(text, name, found, contexts)
    aliases = _aliases(contexts)
    _refuse_languages(text, name, found, contexts, aliases)
    kinds = [_kind(leaf.path, text[leaf.start : leaf.end], aliases) for leaf in found]
    tag = "urn-napgraph"
    while tag in text:
        tag += "-"
    content, twin = _written(text, name, found, kinds, ours, tag)
    return JsonLd(name, text, content, twin, tag, found, kinds, aliases, contexts)


def _written(text: str, name: str, found: list[Leaf], kinds: list[str], ours: Context, tag: str) -> tuple[str, str]:
    import json

    content, twin = [], []
    last = 0
    for number, (leaf, kind) in enumerate(zip(found, kinds, strict=True)):
        original = text[leaf.start : leaf.end]
        plain = json.dumps(ours) if kind == "context" and _allowed(text, name, leaf) else original
        content += [text[last : leaf.start], plain]
        twin += [text[last : leaf.start], f'"{tag}:{number}"' if kind in _NUMBERED else plain]
        last = leaf.end
    return "".join([*content, text[last:]]), "".join([*twin, text[last:]])


def _contexts(parsed: object) -> Iterator[Context]:
    """Yield every context that stands in the file as an object, those inside others too."""
    stack = [parsed]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += [inner for inner in node if isinstance(inner, (dict, list))]
        elif isinstance(node, dict):
            stack += [inner for inner in node.values() if isinstance(inner, (dict, list))]
            contexts = node.get("@context")
            yield from (
                one for one in (contexts if isinstance(contexts, list) else [contexts]) if isinstance(one, dict)
            )


def _aliases(contexts: list[Context]) -> dict[str, str]:
    """Return the keys that a context makes another name of a keyword, such as ``id``, and no other something else."""
    found, others = {}, set()
    for context in contexts:
        for key, value in context.items():
            target = value.get("@id") if isinstance(value, dict) else value
            if isinstance(target, str) and target.startswith("@"):
                found[key] = target
            elif not key.startswith("@"):
                others.add(key)
    return {key: target for key, target in found.items() if key not in others}


def _kind(path: Path, original: str, aliases: dict[str, str]) -> str:
    """Return what a leaf is: context, id, type, direction, value, number, or empty: left as it is, nothing is lost."""
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    if key in {"@context", "@import"}:
        return "" if original == "null" else "context"
    keyword = aliases.get(key, key)
    if "@context" in path or original == "null" or keyword in _UNCOUNTED:
        return ""
    if keyword == "@id":
        return "id" if original.startswith('"') and not original.startswith('"_:') else ""
    return _KINDS.get(keyword) or ("number" if original[0] in "-0123456789" else "value")


def _is_ours(original: str) -> bool:
    return original in {f'"{CONTEXT}"', f'"{CONTEXT.replace("https:", "http:")}"'}


def _allowed(text: str, name: str, leaf: Leaf) -> bool:
    """Whether a context that is named by its IRI is ours; raises IntakeError for another."""
    original = text[leaf.start : leaf.end]
    if _is_ours(original) and leaf.path[-1] != "@import":
        return True
    raise IntakeError(
        name,
        f"the context {original} is asked for, and nothing is fetched.",
        line=line_of(text, leaf.start),
        pointer=pointer(leaf.path),
        mend=f"Write its terms into this file, or use {CONTEXT}, which is known here.",
        key="context",
    )


def _own_context(root: str) -> Context:
    import json

    with open(os.path.join(root, "ontology", "context.jsonld"), encoding="utf-8") as file:
        made: Context = json.load(file)["@context"]
    return made


def _refuse_sets_of_lists(text: str, name: str, found: list[Leaf], contexts: list[Context]) -> None:
    """Refuse a set where a list is declared: the parser would lose the order."""
    terms = {key for context in contexts for key, term in context.items() if _is_list(term)}
    for leaf in found if terms else ():
        if any(one in terms and two == "@set" for one, two in pairwise(leaf.path)):
            line, mend = line_of(text, leaf.start), 'Write the values as [ ... ], without "@set".'
            problem = "a set stands here, where the context declares a list."
            raise IntakeError(name, problem, line=line, pointer=pointer(leaf.path), mend=mend, key="syntax")


def _refuse_languages(
    text: str, name: str, found: list[Leaf], contexts: list[Context], aliases: dict[str, str]
) -> None:
    """Refuse what cannot be a language tag, as the parser would leave the text out; and a direction."""
    from .languages import language_meant
    from .syntax import is_tag

    maps = {key for context in contexts for key, term in context.items() if _has_languages(term)}
    for leaf in found:
        original = text[leaf.start : leaf.end]
        key = leaf.path[-1] if leaf.path else ""
        pairs = () if "@context" in leaf.path else pairwise(leaf.path)
        tags = [two for one, two in pairs if one in maps and isinstance(two, str)]
        keyword = aliases.get(str(key), key) if original.startswith('"') else ""
        if keyword == "@direction":
            problem, mend = (
                "a text with a base direction stands here (RDF 1.2), which is not taken.",
                f'Leave out "{key}".',
            )
            line, at = line_of(text, leaf.start), pointer(leaf.path)
            raise IntakeError(name, problem, line=line, pointer=at, mend=mend, key="rdf-1.2")
        if keyword == "@language":
            tags = [original.strip('"')]
        for tag in tags:
            if not is_tag(tag) and aliases.get(tag, tag) != "@none":
                right = language_meant(tag)
                mend = f'Write "{right}".' if right else 'Write a tag such as "en" or "pt-BR".'
                line = line_of(text, leaf.start)
                problem = f"{tag!r} is no language tag."
                raise IntakeError(name, problem, line=line, pointer=pointer(leaf.path), mend=mend, key="syntax")


def _has_languages(term: object) -> bool:
    container = term.get("@container") if isinstance(term, dict) else None
    return "@language" in (container if isinstance(container, list) else [container])


def _is_list(term: object) -> bool:
    return isinstance(term, dict) and term.get("@container") in ("@list", ["@list"])
