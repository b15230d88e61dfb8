"""What to write in place of a wrong value, as the sender would, where one reading is left: 3.4.2027 has two."""

import re
from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import partial
from os.path import commonprefix

import pyoxigraph

from ..errors import nearest
from ..rdf.namespaces import BASE, slug
from ..records.languages import language_meant
from ..records.numbers import date_meant, date_readings, grouped, number_oddity, number_readings
from ..text import without_accents
from .labels import Labels, NodeNames, Rule, closest, literal_of
from .report import Result

NUMBERS, DATES = {"integer", "decimal"}, {"gYear", "gYearMonth", "date"}
_READINGS = ("first", "second", "one", "other")
_LONG = 80
_MANY = 300
_STATE = re.compile(
    "^(?:the )?(?:[^ ]+ ){0,2}?(?:republic|kingdom|state|commonwealth|république|royaume|república|reino)"
    " (?:of the|of|du|de la|des|de|del) (?!korea|corée|corea)"
)  # what many formal names begin with makes none of them alike
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_PART_OF_YEAR = re.compile(r"\b(?:t[1-4]|q[1-4]|s[12]|h[12]|[1-4]\W?\w{0,3}\s+(?:half|quarter|semest\w+|trimest\w+))\b")
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,9})?")
_FORMS = {7: "gYearMonth", 10: "date"}  # by length
_SYMBOLS = (
    dict.fromkeys(("€", "euro", "euros"), "EUR")
    | dict.fromkeys(("us$", "us dollar", "us dollars"), "USD")
    | {"£": "GBP", "₦": "NGN", "₹": "INR", "₺": "TRY", "₴": "UAH", "₪": "ILS"}
)


class Suggestions:
    """Nearest right values for one record."""

    def __init__(self, nodes: NodeNames, labels: Labels) -> None:
        self._nodes, self._labels, self._sheets = nodes, labels, nodes.sheets
        self._fitting: dict[frozenset[str], list[str]] = {}

    def of(self, result: Result, rule: Rule, key: str) -> str:
        """Return the nearest right value as a sender of this kind writes it, or nothing."""
        if not result.value:
            return ""
        if (term := literal_of(result.value)) is not None:
            space = f"{BASE}{slug(result.path)}/"
            name = _STATE.sub("", term.value.casefold()) if space.endswith("/jurisdiction/") else term.value
            by_name = self._labels.code(space + name) if space.rstrip("/") in self._labels.lists else ""
            return self.written(by_name) or self._of_literal(term, rule, result.path)
        iri, codes = result.value.strip("<>"), self.codes(rule)
        if codes:
            return self.written(self._nearest_code(iri, codes))
        if iri.startswith(f"{BASE}jurisdiction/") and (right := self._labels.code(iri)) != iri:
            return self.written(right)
        if key == "Class":  # in a sheet it is a row of another kind, whose address does not tell which one was meant
            return "" if self._sheets else self.written(self._nearest_node(iri, rule))
        return ""

    def _of_literal(self, term: pyoxigraph.Literal, rule: Rule, path: str) -> str:
        if path in self._labels.languages:
            meant = language_meant(term.value)
            return meant if self._sheets or not meant else f'"{meant}"'
        datatypes = [slug(each) for each in rule.values("datatype")]
        text, datatype = normalized(term.value, datatypes, self._labels.currencies)
        is_code, members = rule.values("maxLength") == ["3"], rule.values("member")
        if (datatype == "string" and not is_code) or (members and text not in members):  # in capitals only if a code
            text = ""
        if "langString" in datatypes and not term.language and self._nodes.language and not self._sheets:
            return f'"{term.value}"@{self._nodes.language}' if len(term.value) < _LONG and '"' not in term.value else ""
        if not text or (text == term.value and datatype == slug(term.datatype.value)):
            return self.written(self._nearest_code(term.value, self.codes(rule)))
        if self._sheets or datatype in NUMBERS:
            return text
        return f'"{text}"' if datatype == "string" else f'"{text}"^^xsd:{datatype}'

    def _nearest_code(self, written: str, codes: list[str]) -> str:
        """Return the code spelt most like ``written``, or called so in any language; for a code its namesake."""
        names = {slug(code): code for code in codes}
        if written in self._labels.codes:
            return names.get(slug(written), "")
        for code in codes:
            labels = self._labels.codes[code].labels if code in self._labels.codes else {}
            names |= {label: code for label in labels.values() if label not in names}
        return closest(slug(written), names)

    def _nearest_node(self, iri: str, rule: Rule) -> str:
        """Return the entry of the right kind whose address is most like ``iri``, where there are not too many."""
        wanted = frozenset(self._labels.short(each) for each in rule.values("class"))
        if wanted not in self._fitting:
            nodes = [node.strip("<>") for node in self._nodes.forward if node.startswith("<")]
            fitting = [node for node in nodes if self._nodes.kind(f"<{node}>") in wanted]
            self._fitting[wanted] = fitting or nodes  # a kind that nothing is stated to be is above those that are
        fitting = self._fitting[wanted]
        # What all begin with tells nothing, and takes time.
        same = commonprefix([iri, *fitting]).rfind("/") + 1  # noqa: RUF071
        found = nearest(iri[same:], [each[same:] for each in fitting], 1) if len(fitting) <= _MANY else []
        return iri[:same] + found[0] if found else ""

    def codes(self, rule: Rule) -> list[str]:
        """Return the codes that a rule allows."""
        schemes = rule.values("scheme")
        return rule.values("code") or [each.iri for each in self._labels.codes.values() if each.scheme in schemes]

    def written(self, iri: str) -> str:
        """Return an IRI as a sender of this kind writes it: by prefix, or by its label in a sheet."""
        code = self._labels.codes.get(iri)
        if self._sheets and code:
            return self._nodes.spoken(code.labels)
        if not iri.startswith("http"):
            return iri
        short = self._labels.short(iri)
        return f"<{self._nodes.address(iri)}>" if short.startswith("<") else short


def odd_text(
    term: pyoxigraph.Literal, rule: Rule, currencies: Collection[str]
) -> tuple[str, dict[str, str], str] | None:
    """Return the note on a text where ``rule`` wants a number or date, its slots, and the right value; or None."""
    wanted = {slug(each) for each in rule.values("datatype")}
    if slug(term.datatype.value) not in {"string", "langString"} or not wanted:
        return None
    is_number = wanted & NUMBERS and wanted <= {*NUMBERS, "langString"}
    reason, values = number_oddity(term.value, currencies) if is_number else ("", ())
    if reason:
        if reason == "readings":
            shown = [grouped(value.rstrip("0").rstrip(".") if "." in value else value) for value in values]
            return "two-readings", dict(zip(_READINGS, (*shown, *values), strict=True)), ""
        if reason == "words" or (reason == "percent" and slug(rule.iri).startswith("MonetaryAmount-")):
            return "percent-as-money" if values else "number-with-words", {}, ""
        return f"{reason}-in-number", {"number": values[0], "currency": values[-1]}, values[0]
    days = date_readings(term.value) if wanted & DATES else ()
    return ("two-readings", dict(zip(_READINGS, (*days, *days), strict=True)), "") if days else None


def normalized(text: str, datatypes: Iterable[str], currencies: Collection[str] = ()) -> tuple[str, str]:
    """Return the nearest right text and the name of its datatype, both empty if there is none.

    ``datatypes`` are the names, without namespace, that are allowed, ``currencies`` the codes that are taken for one.
    """
    allowed = set(datatypes)
    makers = (DATES, _date), (NUMBERS, partial(_number, currencies)), ({"duration"}, _duration), ({"string"}, _capitals)
    made = (make(text.strip()) for names, make in makers if names & allowed)
    return next((found for found in made if found is not None and found[1] in allowed), ("", ""))


def _date(text: str) -> tuple[str, str] | None:
    if found := date_meant(text):
        return found, _FORMS[len(found)]
    text = _PART_OF_YEAR.sub("", without_accents(text))  # a half or quarter of a year is no date: its year is
    year = _YEAR.search(text)
    return (year[1], "gYear") if year and re.findall(r"\d+", text) == [year[1]] else None


def _number(currencies: Collection[str], text: str) -> tuple[str, str] | None:
    readings, (reason, values) = number_readings(text), number_oddity(text, currencies)
    if reason in {"currency", "percent"}:
        readings = values[:1]
    bare = readings[0] if len(readings) == 1 else ""
    if re.fullmatch(r"[+-]?\d{1,15}(?:\.\d{1,15})?[eE][+-]?\d{1,2}", text):
        bare = f"{Decimal(text):f}"
    return (bare, "decimal" if "." in bare else "integer") if _NUMBER.fullmatch(bare) else None


def _capitals(text: str) -> tuple[str, str] | None:
    if text.casefold() in _SYMBOLS:
        return _SYMBOLS[text.casefold()], "string"
    return (text.upper(), "string") if re.fullmatch("[A-Za-z]{3}", text) else None


def _duration(text: str) -> tuple[str, str] | None:
    match = re.fullmatch(r"(\d{1,3})\s*([ymdw])\w*", text.casefold())
    return (f"P{match[1]}{match[2].upper()}", "duration") if match else None
