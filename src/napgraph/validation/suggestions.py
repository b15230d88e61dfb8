"""The nearest right value of a wrong one, as the sender would write it: a term in RDF, a word or number in a sheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph

from ..errors import nearest
from ..rdf.namespaces import BASE, slug
from ..records.languages import language_meant
from .mend import mended
from .vocabulary import closest

if TYPE_CHECKING:
    from .labels import Lexicon, Rule
    from .shacl import Result
    from .vocabulary import Known
    from .words import Namer

_LONG = 80
_MANY = 300
_STATE = re.compile(
    "^(?:the )?(?:[^ ]+ ){0,2}?(?:republic|kingdom|state|commonwealth|république|royaume|república|reino)"
    " (?:of the|of|du|de la|des|de|del) (?!korea|corée|corea)"
)  # what many formal names begin with makes none of them alike


class Right:
    """Nearest right values for one record."""

    def __init__(self, namer: Namer, lexicon: Lexicon, known: Known, *, sheets: bool) -> None:
        self._namer, self._lexicon, self._known, self._sheets = namer, lexicon, known, sheets
        self._fitting: dict[frozenset[str], list[str]] = {}

    def of(self, result: Result, rule: Rule | None, key: str) -> str:
        """Return the nearest right value as a sender of this kind writes it, or nothing."""
        if rule is None or not result.value:
            return ""
        term = self._namer.terms.get(result.value)
        if isinstance(term, pyoxigraph.Literal):
            space = f"{BASE}{slug(result.path)}/"
            name = _STATE.sub("", term.value.casefold()) if space.endswith("/jurisdiction/") else term.value
            by_name = self._known.code(space + name) if self._known.is_list(space) else ""
            return self.written(by_name) or self._of_literal(term, rule, result.path)
        iri = result.value.strip("<>")
        codes = self.codes(rule)
        if codes:
            return self.written(self._nearest_code(iri, codes))
        if key == "Class":  # in a sheet it is a row of another kind, whose address does not tell which one was meant
            return "" if self._sheets else self.written(self._nearest_node(iri, rule))
        if iri.startswith(f"{BASE}jurisdiction/") and (right := self._known.code(iri)) != iri:
            return self.written(right)
        return ""

    def _of_literal(self, term: pyoxigraph.Literal, rule: Rule, path: str) -> str:
        if path in self._known.languages:
            meant = language_meant(term.value)
            return meant if self._sheets or not meant else f'"{meant}"'
        datatypes = [slug(each) for each in rule.values("datatype")]
        text, datatype = mended(term.value, datatypes)
        if datatype == "string" and rule.values("maxLength") != ["3"]:  # in capitals only if it is a code
            text = ""
        if (members := rule.values("member")) and text not in members:
            text = ""
        if "langString" in datatypes and not term.language and self._namer.language and not self._sheets:
            return f'"{term.value}"@{self._namer.language}' if len(term.value) < _LONG and '"' not in term.value else ""
        if not text or (text == term.value and datatype == slug(term.datatype.value)):
            codes = self.codes(rule)
            return self.written(self._nearest_code(term.value, codes)) if codes else ""
        if self._sheets or datatype in {"integer", "decimal"}:
            return text
        return f'"{text}"' if datatype == "string" else f'"{text}"^^xsd:{datatype}'

    def _nearest_code(self, written: str, codes: list[str]) -> str:
        """Return the code that is spelt most like ``written``, or called so in any language.

        A code of another list is no misspelling: for it, only one of the same name is near.
        """
        names = {slug(code): code for code in codes}
        if written in self._lexicon.codes:
            return names.get(slug(written), "")
        for code in codes:
            labels = self._lexicon.codes[code].labels if code in self._lexicon.codes else {}
            names |= {label: code for label in labels.values() if label not in names}
        return closest(slug(written), names)

    def _nearest_node(self, iri: str, rule: Rule) -> str:
        """Return the entry of the right kind whose address is most like ``iri``, where there are not too many."""
        wanted = frozenset(self._lexicon.short(each) for each in rule.values("class"))
        if wanted not in self._fitting:
            nodes = [node for node in self._namer.forward if node.startswith("<")]
            self._fitting[wanted] = [node.strip("<>") for node in nodes if self._namer.kind(node) in wanted]
        fitting = self._fitting[wanted]
        found = nearest(iri, fitting, 1) if len(fitting) <= _MANY else []
        return found[0] if found else ""

    def codes(self, rule: Rule) -> list[str]:
        """Return the codes that a rule allows."""
        schemes = set(rule.values("scheme"))
        listed = (code.iri for code in self._lexicon.codes.values() if code.scheme in schemes)
        return rule.values("code") or (list(listed) if schemes else [])

    def written(self, iri: str) -> str:
        """Return an IRI as a sender of this kind writes it: by prefix, or by its label in a sheet."""
        if not iri:
            return ""
        code = self._lexicon.codes.get(iri)
        if self._sheets and code:
            return self._namer.spoken(code.labels)
        if not iri.startswith("http"):
            return iri
        short = self._lexicon.short(iri)
        return f"<{self._namer.address(iri)}>" if short.startswith("<") else short
