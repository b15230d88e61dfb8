"""Which numbers and days a text can stand for, whatever its signs for thousands and decimals: nothing is guessed."""

import re
import unicodedata
from collections.abc import Collection
from datetime import date

from ..text import without_accents

_SIGNS = str.maketrans({"−": "-", "٫": "\ue000", "٬": "'"})
_DECIMAL_ONLY = "\ue000"  # the Arabic sign for decimals, which is never one for thousands
_GAP = re.compile("(?<=[0-9])[\u0020\u00a0\u2007\u2009\u202f'’](?=[0-9]{3}(?![0-9]))")
_PLAIN = re.compile(r"([+-]?)([0-9]{0,40})(?:[.,\ue000]([0-9]{1,40}))?")
_GROUPED = re.compile(r"([+-]?)([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*[./-]\s*([0-9]{1,2})\s*[./-]\s*((?:19|20)[0-9]{2})")
_MONTH_FIRST = re.compile(r"(0?[1-9]|1[0-2])[./-]((?:19|20)\d\d)")
_YEAR_FIRST = re.compile(r"((?:19|20)\d\d)[./-](\d\d?)(?:[./-](\d\d?)(?:[T ].*|Z|[+-]\d\d:\d\d)?)?")
_IN_WORDS = re.compile(
    r"(?:(\d\d?)(?:er|st|nd|rd|th)?\.?\s+(?:de\s+)?)?([^\W\d_]{3,})\.?\s+(?:del?\s+)?((?:19|20)\d\d)"
)
_MONTH_NAMES = (
    *("january janvier enero", "february fevrier febrero", "march mars marzo", "april avril abril", "may mai mayo"),
    *("june juin junio", "july juillet julio", "august aout agosto", "september septembre septiembre"),
    *("october octobre octubre", "november novembre noviembre", "december decembre diciembre"),
)
_MONTHS = 12
_POWER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{1,2}")
_CURRENCY = re.compile(r"euros?|(?:us )?dollars?", re.IGNORECASE)
_THREE = 3


def ascii_digits(text: str) -> str:
    """Return ``text`` with the digits of one other script as 0 to 9; digits of several scripts stay as they are."""
    scripts = {ord(sign) - unicodedata.decimal(sign) for sign in text if sign.isdecimal()}
    if len(scripts) != 1 or scripts == {ord("0")}:
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def number_readings(text: str) -> tuple[str, ...]:
    """Return the numbers, in digits with a point, that a text can stand for: none, one, or two."""
    written = ascii_digits(text.strip()).translate(_SIGNS)
    bare = _GAP.sub("", written)
    if bare != written and not re.match(r"[+-]?[0-9]{1,3}[\s'’]", written):
        return ()
    if found := _PLAIN.fullmatch(bare):
        sign, whole, part = found.groups()
        return _plain(sign, whole, part, exact=_DECIMAL_ONLY in bare)
    parted = re.fullmatch(r"(.*)([.,\ue000])([0-9]{1,40})", bare)
    whole, mark, part = parted.groups() if parted else (bare, "", "")
    if mark and (found := _GROUPED.fullmatch(whole)) and mark not in found[2]:
        return _plain(found[1], re.sub("[.,]", "", found[2]), part, exact=len(re.findall("[.,]", whole)) > 1)
    found = _GROUPED.fullmatch(bare)
    return (found[1] + re.sub("[.,]", "", found[2]),) if found else ()


def _plain(sign: str, whole: str, part: str | None, *, exact: bool) -> tuple[str, ...]:
    """Return the readings of digits with decimals; three of them may be thousands, unless ``exact``."""
    if part is None:
        return (sign + whole,) if whole else ()
    if exact or len(part) != _THREE or not whole.strip("0"):
        if len(part) == _THREE + 1 and part.endswith("0") and not part.endswith("00") and whole.strip("0"):
            part = part[:_THREE]  # 420.1250 is how 420.125 is written so that it has one reading
        return (f"{sign}{whole}.{part}",)
    rest = part.rstrip("0")
    return f"{sign}{whole}{part}", f"{sign}{whole}.{part}0" if rest == part else f"{sign}{whole}.{rest}".rstrip(".")


def grouped(number: str) -> str:
    """Return a number with a space between its thousands, as a sentence shows it."""
    whole, point, part = number.partition(".")
    return re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", "\u00a0", whole) + point + part


def number_oddity(text: str, currencies: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """Return why a text with digits is no plain number, and what it holds; an empty reason where it is one.

    The reason is ``readings`` (with what it can stand for), ``currency`` (number, currency), ``percent`` (number) or
    ``words`` (there is more than a number). ``currencies`` are the codes that are taken for one.
    """
    text = ascii_digits(text.strip())
    readings = number_readings(text)
    if readings:
        return ("readings", readings) if len(readings) > 1 else ("", ())
    found = re.fullmatch(r"([^0-9+−-]*?)\s*([+−-]?[0-9](?:.*[0-9])?)\s*([^0-9]*)", text)
    if found is None or _POWER.fullmatch(text):
        return "", ()
    around, inner = f"{found[1]} {found[3]}".strip(), number_readings(found[2])
    is_percent, beside = around in {"%", "٪", "％"}, [sign for sign in around if unicodedata.category(sign) != "Sc"]
    is_sign = len(beside) == len(around) - 1 and re.fullmatch(r"\s*[A-Z]{0,2}\s*", "".join(beside))  # US$, R$
    if not inner or not (is_percent or is_sign or around in currencies or _CURRENCY.fullmatch(around)):
        return "words", ()
    if len(inner) > 1:
        return "readings", inner
    return ("percent", inner) if is_percent else ("currency", (*inner, around))


def date_readings(text: str) -> tuple[str, ...]:
    """Return both days that a text such as ``03/04/2027`` can stand for; none where only one is left."""
    found = _DAY_FIRST.fullmatch(ascii_digits(text.strip()))
    if found is None or int(found[1]) == int(found[2]):
        return ()
    first, second, year = map(int, found.groups())
    try:
        return date(year, second, first).isoformat(), date(year, first, second).isoformat()
    except ValueError:
        return ()


def date_meant(text: str) -> str:
    """Return the one day or month (YYYY-MM-DD, YYYY-MM) that a text stands for, or nothing: 3.4.2027 has two."""
    text = ascii_digits(text.strip()).removesuffix(".")
    folded = without_accents(text)
    # A year and a number, such as 2009/10, are a month to one reader and two years to another.
    match = _YEAR_FIRST.fullmatch(text)
    if match and (match[3] is not None or int(match[2]) != (int(match[1]) + 1) % 100):
        return _built(match[1], match[2], match[3])
    if match := _MONTH_FIRST.fullmatch(text):
        return _built(match[2], match[1], None)
    if match := _DAY_FIRST.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        if first != second and (first > _MONTHS) == (second > _MONTHS):
            return ""
        return _built(match[3], *((match[1], match[2]) if second > _MONTHS else (match[2], match[1])))
    if match := _IN_WORDS.fullmatch(folded):  # the name of a month may be cut short
        names = (any(each.startswith(match[2]) for each in month.split()) for month in _MONTH_NAMES)
        if len(months := [at for at, is_meant in enumerate(names, 1) if is_meant]) == 1:
            return _built(match[3], str(months[0]), match[1])
    return ""


def _built(year: str, month: str, day: str | None) -> str:
    try:
        found = date(int(year), int(month), int(day or 1)).isoformat()
    except ValueError:
        return ""
    return found if day else found[:-3]
