"""The sentences of findings, by language, of ``shapes/messages``: by rule and constraint, else by constraint alone."""

import os
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Self, cast

from ..rdf.namespaces import prefixes
from .language import known

MISSING = {"MinCount", "QualifiedMinCount"}  # constraints that something is not there
_FOLDER = ("shapes", "messages")


class Catalogue:
    """The sentences and little words of one language."""

    def __init__(self, language: str, content: Mapping[str, Any]) -> None:
        self.language = language
        self._content = content

    @classmethod
    def load(cls, root: str, language: str) -> Self:
        """Read the catalogue of ``language``; raises UnknownNameError if there is none."""
        return cls(known(language), _read(root, language))

    def text(self, table: str, key: str, /, **slots: object) -> str:
        """Return one text with its slots filled."""
        return str(self._content[table][key]).format_map(slots)

    def counted(self, key: str, count: int) -> str:
        """Return a number with its noun, in the singular for one."""
        one, many = self._content["heading"][key]
        return str(one if count == 1 else many).format(count=count)

    def rule(self, name: str, component: str, part: str, variant: str = "", *, sheets: bool = False) -> str:
        """Return the sentence ``part`` (message or fix) of a rule for a constraint, or of the constraint alone.

        ``variant`` names a case of the constraint, such as a code of another list. For ``sheets``, what fits a
        workbook goes before what fits everything.
        """
        own, general = self._content["rule"].get(name, {}), self._content["component"]
        known, missing = general.get(component, general["other"]), variant == "missing"
        tries = [
            own.get(component) if part == "message" else None,
            own.get(f"{part}-sheet") if sheets else None,
            # what speaks of a value does not fit where there is none
            None if missing and "{value}" in own.get(part, "") else own.get(part),
            known.get(variant),
            known.get(f"{part}-sheet") if sheets else None,
            known.get("bare") if missing else None,
            known.get(part),
            general["other"][part],
        ]
        return next(str(text) for text in tries if text)

    def note(self, key: str) -> Mapping[str, str] | None:
        """Return name, message and fix of a note or near-miss, or None for a key without a sentence."""
        return cast("Mapping[str, str] | None", self._content["note"].get(key))

    def refusal(self, key: str, *, is_limit: bool) -> str:
        """Return why a file is refused, by the key of the error."""
        table = self._content["refusal"]
        return str(table.get(key) or table["limit" if is_limit else "other"])

    def thing(self, kind: str, form: str) -> str:
        """Return the words for a kind of thing in one form: the, of, a."""
        table = self._content["class"]
        return str(table.get(kind, table[""])[form])

    @property
    def things(self) -> list[str]:
        """The kinds that have words of their own, the narrower before the wider."""
        return [kind for kind in self._content["class"] if kind]

    def datatype(self, names: Iterable[str]) -> str:
        """Return datatypes in words, one after the other."""
        table = self._content["datatype"]
        return self.choice([str(table.get(name, table[""])) for name in names])

    def quote(self, text: str) -> str:
        """Return ``text`` in quotation marks."""
        marks = self._content["quote"]
        return f"{marks['open']}{text}{marks['close']}"

    def choice(self, texts: list[str]) -> str:
        """Return texts as a choice: a, b or c."""
        if len(texts) < 2:  # noqa: PLR2004
            return "".join(texts)
        return f"{', '.join(texts[:-1])} {self.text('word', 'or')} {texts[-1]}"


def component_key(iri: str) -> str:
    """Return the key of a SHACL constraint component: ``...#MinCountConstraintComponent`` is MinCount."""
    return iri.rpartition("#")[2].removesuffix("ConstraintComponent")


@cache
def grades(root: str) -> dict[str, dict[str, Any]]:
    """Return what holds in every language: severities of notes, terms by rule, and what links do, as IRIs by role."""
    table, made = prefixes(root), dict(_read(root, "notes"))

    def long(name: str) -> str:
        prefix, _, local = name.partition(":")
        return table[prefix] + local

    made["links"] = {role: [*map(long, names)] for role, names in made["links"].items()}
    made["renamed"] = {long(old): long(now) for old, now in made["renamed"].items()}
    return made


@cache
def _read(root: str, name: str) -> dict[str, Any]:
    import tomllib

    with open(os.path.join(root, *_FOLDER, f"{name}.toml"), "rb") as file:
        return tomllib.load(file)
