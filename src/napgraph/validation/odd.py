"""What is asked of the sender of a text where a number or date should be, and which cannot be read in one way only."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..rdf.namespaces import slug
from ..records.numbers import date_readings, grouped, number_oddity

if TYPE_CHECKING:
    import pyoxigraph

    from ..records.numbers import Oddity
    from .labels import Rule

_NUMBERS, _DATES = {"integer", "decimal"}, {"gYear", "gYearMonth", "date"}
_TEXTS = {"string", "langString"}
_MONEY = "MonetaryAmount-"


class Odd(NamedTuple):
    """The note that says what is wrong with a text, what goes into its slots, and the right value if there is one."""

    note: str
    slots: dict[str, str]
    nearest: str = ""


def odd_text(term: pyoxigraph.Literal, rule: Rule) -> Odd | None:
    """Return what to ask about a text where ``rule`` wants a number or a date; None where nothing is odd about it."""
    wanted = {slug(each) for each in rule.values("datatype")}
    if slug(term.datatype.value) not in _TEXTS or not wanted:
        return None
    if wanted <= _NUMBERS and (odd := number_oddity(term.value)):
        return _odd_number(odd, is_money=slug(rule.iri).startswith(_MONEY))
    days = date_readings(term.value) if wanted & _DATES else ()
    return Odd("two-readings", _both(days, days)) if days else None


def _odd_number(odd: Oddity, *, is_money: bool) -> Odd:
    if odd.reason == "readings":
        shown = [grouped(value.rstrip("0").rstrip(".") if "." in value else value) for value in odd.values]
        return Odd("two-readings", _both(shown, odd.values))
    if odd.reason == "words" or (odd.reason == "percent" and is_money):
        return Odd("percent-as-money" if odd.values else "number-with-words", {})
    number, currency = odd.values[0], odd.values[-1]
    return Odd(f"{odd.reason}-in-number", {"number": number, "currency": currency}, number)


def _both(shown: list[str] | tuple[str, ...], written: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(("first", "second", "one", "other"), (*shown, *written), strict=True))
