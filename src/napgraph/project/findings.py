"""What numbers say, in a sentence for figures, pages, reports and the terminal; "" where they are too few to say it.

A finding needs 10 cases and a lead of 3. It tells what sources name, never that something is lacking where they are
silent. The sentences are translated in ``language``; the caller has a plain question for where there is no finding.
"""

from collections.abc import Mapping, Sequence

from .language import say

LEAST, LEAD = 10, 3
"""The fewest cases of which something is said, and by how many the first must lead."""
_MONTHS = ("January", "February", "March", "April", "May", "June", "July")
_MONTHS += ("August", "September", "October", "November", "December")


def day_in_words(language: str, day: str) -> str:
    """Return a day (YYYY-MM-DD) in words."""
    year, month, number = (int(part) for part in day.split("-"))
    return say(language, "{day} {month} {year}", day=number, month=say(language, _MONTHS[month - 1]), year=year)


def most_named(language: str, counts: Mapping[str, int], total: int) -> str:
    """Return which concept most jurisdictions name, and which fewest; ``counts`` are by label, of ``total``."""
    ordered = sorted(counts, key=lambda label: -counts[label])
    if total < LEAST or not ordered or counts[ordered[0]] - counts[ordered[-1]] < LEAD:
        return ""
    most, least = counts[ordered[0]], counts[ordered[-1]]
    named = {"first": ordered[0], "most": most, "total": total, "last": ordered[-1], "least": least}
    return say(language, "{first} is named by {most} of {total} jurisdictions, {last} by {least}", **_low(named))


def naming(language: str, concept: str, number: int, total: int) -> str:
    """Return how many of ``total`` jurisdictions name a concept."""
    if total < LEAST or number < LEAD:
        return ""
    return say(language, "{concept} is named by {number} of {total} jurisdictions", concept=concept, number=number, total=total)


def running(language: str, number: int, total: int, day: str) -> str:
    """Return how many of ``total`` jurisdictions have a plan whose stated period holds a day (YYYY-MM-DD)."""
    if total < LEAST or number < LEAD:
        return ""
    sentence = "{number} of {total} jurisdictions have a plan that runs on {day}"
    return say(language, sentence, number=number, total=total, day=day_in_words(language, day))


def lengths(language: str, years: Sequence[int], now: int) -> str:
    """Return how many plans last three to five years; ``years`` are the stated lengths, ``now`` how many run today."""
    usual = sum(3 <= length <= 5 for length in years)  # noqa: PLR2004
    if len(years) < LEAST or 2 * usual - len(years) < LEAD:
        return ""
    sentence = "{usual} of {all} plans with a stated start and end last three to five years; {now} run today"
    return say(language, sentence, usual=usual, all=len(years), now=now)


def spread(language: str, shares: Mapping[str, tuple[tuple[int, int], tuple[int, int]]], year: int) -> str:
    """Return which concept a larger share of plans names since ``year``, and which a smaller one.

    ``shares`` are by label: how many of how many before, and since.
    """
    change = {}
    for label, ((some, before), (more, since)) in shares.items():
        if min(before, since) >= LEAST:
            change[label] = (more / since - some / before) * min(before, since)
    rising, falling = (pick(change, key=change.__getitem__, default="") for pick in (max, min))
    up, down = change.get(rising, 0) >= LEAD, change.get(falling, 0) <= -LEAD
    if up and down:
        sentence = "Since {year} a larger share of plans names {rising}, a smaller one {falling}"
    elif up or down:
        sentence = f"Since {{year}} a {'larger' if up else 'smaller'} share of plans names {{{'rising' if up else 'falling'}}}"
    else:
        return ""
    return say(language, sentence, year=year, rising=_lower(rising), falling=_lower(falling))


def leader(language: str, counts: Mapping[str, int], total: int) -> str:
    """Return which kind of body coordinates most often; ``counts`` are jurisdictions by kind, of ``total``."""
    ordered = sorted(counts.values(), reverse=True)
    if total < LEAST or not ordered or ordered[0] - (ordered[1:] or [0])[0] < LEAD:
        return ""
    first = max(counts, key=counts.__getitem__)
    return say(language, "Named most often as coordinator: {kind}, in {number} of {total} jurisdictions", kind=_lower(first), number=ordered[0], total=total)


def fullest(language: str, lowers: Sequence[float]) -> str:
    """Return of how many documents the sources show at least half of what is asked; ``lowers`` from 0 to 1."""
    number = sum(lower >= 0.5 for lower in lowers)  # noqa: PLR2004
    if len(lowers) < LEAST or number < LEAD:
        return ""
    return say(language, "The sources of {number} of {total} documents show at least half of what a plan can have", number=number, total=len(lowers))


def alike(language: str, pairs: Mapping[tuple[str, str], float]) -> str:
    """Return which two are most alike; ``pairs`` hold shares from 0 to 1, the first leading by 3 per cent or more."""
    ordered = sorted(pairs, key=lambda pair: -pairs[pair])
    if len(pairs) < LEAST or 100 * (pairs[ordered[0]] - pairs[ordered[1]]) < LEAD:
        return ""
    sentence = "{a} and {b} are most alike: they share {share} % of what either names"
    return say(language, sentence, a=ordered[0][0], b=ordered[0][1], share=round(100 * pairs[ordered[0]]))


def _lower(label: str) -> str:
    """Return a label as it stands within a sentence: small, unless it begins with more than one capital."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _low(slots: dict[str, object]) -> dict[str, object]:
    return slots | {"last": _lower(str(slots["last"]))}
