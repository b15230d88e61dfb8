"""What numbers say, in a sentence for figures, pages, reports and the terminal; "" where they are too few to say it.

A finding needs 10 cases and a lead of 3. It tells what sources name, never that something is lacking where they are
silent. The sentences are translated in ``language``; the caller has a plain question for where there is no finding.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .language import say

LEAST, LEAD = 10, 3
"""The fewest cases of which something is said, and by how many the first must lead."""
_USUAL = range(3, 6)  # years
_SINCE = 2015  # plans that start later are compared with those before
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_in_words(language: str, day: str) -> str:
    """Return a day (YYYY-MM-DD) in words."""
    year, month, number = (int(part) for part in day.split("-"))
    return say(language, "{day} {month} {year}", day=number, month=say(language, _MONTHS[month - 1]), year=year)


def most_named(language: str, counts: Mapping[str, int], total: int) -> str:
    """Return which concept most jurisdictions name, and which fewest; ``counts`` are by label, of ``total``."""
    first, last = (pick(counts, key=counts.__getitem__, default="") for pick in (max, min))
    if total < LEAST or counts.get(first, 0) - counts.get(last, 0) < LEAD:
        return ""
    numbers = {"most": counts[first], "total": total, "least": counts[last]}
    sentence = "{first} is named by {most} of {total} jurisdictions, {last} by {least}"
    return say(language, sentence, first=first, last=lower(last), **numbers)


def naming(language: str, concept: str, number: int, total: int) -> str:
    """Return how many of ``total`` jurisdictions name a concept."""
    sentence = "{concept} is named by {number} of {total} jurisdictions"
    return _some(language, sentence, number, total, concept=concept)


def running(language: str, number: int, total: int, day: str) -> str:
    """Return how many of ``total`` jurisdictions have a plan whose stated period holds a ``day`` (in words)."""
    return _some(language, "{number} of {total} jurisdictions have a plan that runs on {day}", number, total, day=day)


def fullest(language: str, shares: Sequence[float]) -> str:
    """Return of how many documents the sources show at least half of what is asked; ``shares`` from 0 to 1."""
    number = sum(share >= 0.5 for share in shares)  # noqa: PLR2004
    sentence = "The sources of {number} of {total} documents show at least half of what a plan can have"
    return _some(language, sentence, number, len(shares))


def lengths(language: str, years: Sequence[int], now: int) -> str:
    """Return how many plans last three to five years; ``years`` are the stated lengths, ``now`` how many run today."""
    usual = sum(length in _USUAL for length in years)
    sentence = "{number} of {total} plans with a stated start and end last three to five years; {now} run today"
    return _some(language, sentence, usual, len(years), now=now) if 2 * usual - len(years) >= LEAD else ""


def change(before: tuple[int, int], since: tuple[int, int]) -> float | None:
    """Return by how much a share (some of all) rose, in plans of the fewer; None where either are too few."""
    fewer = min(before[1], since[1])
    return fewer * (since[0] / since[1] - before[0] / before[1]) if fewer >= LEAST else None


def changes(rows: Iterable[Mapping[str, Any]], by: str = "label") -> tuple[dict[str, float | None], int]:
    """Return by how much the share of each concept rose, see :func:`change`, and since which year.

    Rows are those of charts.spread: of ``all`` plans that start in a span from ``start`` on, ``some`` name the concept.
    """
    found: dict[str, list[tuple[int, int, int]]] = {}
    for row in rows:
        found.setdefault(str(row[by]), []).append((int(row["start"]), int(row["some"]), int(row["all"])))
    starts = sorted({start for spans in found.values() for start, _, _ in spans})
    year = next((start for start in starts if start >= _SINCE), starts[-1] if starts else _SINCE)

    def shares(spans: list[tuple[int, int, int]], late: bool) -> tuple[int, int]:
        chosen = [each for each in spans if (each[0] >= year) is late]
        return sum(some for _, some, _ in chosen), sum(every for _, _, every in chosen)

    return {key: change(shares(spans, False), shares(spans, True)) for key, spans in found.items()}, year


def spread(language: str, changes: Mapping[str, float | None], year: int) -> str:
    """Return which concept a larger share of plans names since ``year``, which a smaller one; see :func:`change`."""
    known = {label: each for label, each in changes.items() if each is not None}
    rising, falling = (pick(known, key=known.__getitem__, default="") for pick in (max, min))
    up, down = known.get(rising, 0) >= LEAD, known.get(falling, 0) <= -LEAD
    sentence = {
        (True, True): "Since {year} a larger share of plans names {rising}, a smaller one {falling}",
        (True, False): "Since {year} a larger share of plans names {rising}",
        (False, True): "Since {year} a smaller share of plans names {falling}",
    }.get((up, down), "")
    return say(language, sentence, year=year, rising=lower(rising), falling=lower(falling)) if sentence else ""


def leader(language: str, counts: Mapping[str, int]) -> str:
    """Return which kind of body coordinates most often; ``counts`` are jurisdictions by kind."""
    first, second, *_ = [*sorted(counts.values(), reverse=True), 0, 0]
    kind = lower(max(counts, key=counts.__getitem__, default=""))
    sentence = "Named most often as coordinator: {kind}, in {number} of {total} jurisdictions"
    return _some(language, sentence, first, sum(counts.values()), kind=kind) if first - second >= LEAD else ""


def alike(language: str, pairs: Mapping[tuple[str, str], float]) -> str:
    """Return which two are most alike; ``pairs`` hold shares from 0 to 1, the first leading by 3 per cent or more."""
    first, second, *_ = [*sorted(pairs, key=lambda pair: -pairs[pair]), ("", ""), ("", "")]
    if len(pairs) < LEAST or 100 * (pairs[first] - pairs[second]) < LEAD:
        return ""
    sentence = "{a} and {b} are most alike: they share {share} % of what either names"
    return say(language, sentence, a=first[0], b=first[1], share=round(100 * pairs[first]))


def _some(language: str, sentence: str, number: int, total: int, **slots: object) -> str:
    """Return a sentence on a number of a total, where both are enough."""
    return say(language, sentence, number=number, total=total, **slots) if total >= LEAST and number >= LEAD else ""


def lower(label: str) -> str:
    """Return a label as it stands within a sentence: small, unless it begins with more than one capital."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
