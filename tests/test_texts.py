"""Signs in texts that nobody sees: what turns or hides letters is told, what a script needs is not."""

from __future__ import annotations

import pyoxigraph
import pytest

from napgraph.validation.near_misses import text_faults

SUBJECT = pyoxigraph.NamedNode("https://w3id.org/napgraph/id/xaa/plan")
LANGUAGE = "urn:x:language"


def faults(text: str, language: str | None = None, link: str = "urn:x:name") -> list[tuple[str, str]]:
    value = pyoxigraph.Literal(text, language=language)
    triple = pyoxigraph.Triple(SUBJECT, pyoxigraph.NamedNode(link), value)
    return [(fault.key, fault.values.get("character", fault.nearest)) for fault in text_faults([triple], {LANGUAGE})]


@pytest.mark.parametrize(
    ("text", "key", "sign"),
    [
        ("Not \u202etnesba\u202c", "turned-text", "U+202E, right-to-left override"),
        ("\u202dtext", "turned-text", "U+202D, left-to-right override"),
        ("\u202aC:\\plan", "turned-text", "U+202A, left-to-right embedding"),
        ("see \u2067x\u2069", "turned-text", "U+2067, right-to-left isolate"),
        ("pre\u200bvention", "unseen-sign", "U+200B, zero width space"),
        ("pre\u200dvention", "unseen-sign", "U+200D, zero width joiner"),
        ("пре\u200cвенция", "unseen-sign", "U+200C, zero width non-joiner"),
        ("\ufeffPlan", "unseen-sign", "U+FEFF, zero width no-break space"),
        ("plan\u2060s", "unseen-sign", "U+2060, word joiner"),
        ("Plan\U000e0041", "unseen-sign", "U+E0041, tag latin capital letter a"),
    ],
)
def test_a_sign_that_turns_or_hides_is_told(text: str, key: str, sign: str) -> None:
    assert faults(text, "en") == [(key, sign)]


@pytest.mark.parametrize(
    "text",
    [
        "برنامه\u200cریزی",  # Persian: a joiner that is not there
        "क्\u200dष",  # Hindi
        "ශ්\u200dරී",  # Sinhala
        "الخطة \u200f(2027)",  # Arabic with its own mark
        "\u061cخطة",
        "תכנית \u200e2027",
        "แผน\u200bปฏิบัติ",  # Thai: where a line may break
        "ផែន\u200bការ",  # Khmer
        "Ver\u00adein",
        "\U0001f469\u200d\U0001f4bb",  # an emoji of two
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # the flag of Scotland
        "Plan – “été” ñ",
    ],
)
def test_what_a_script_needs_is_left_alone(text: str) -> None:
    assert faults(text, "und") == []


def test_a_tag_that_is_none_is_told_once_with_the_right_one() -> None:
    triples = [
        pyoxigraph.Triple(SUBJECT, pyoxigraph.NamedNode("urn:x:name"), pyoxigraph.Literal(text, language="english"))
        for text in ("Plan", "Goal")
    ]
    (fault,) = text_faults(triples, {LANGUAGE})
    assert (fault.written, fault.nearest, fault.values) == ("@english", "@en", {"count": "2"})
    assert fault.triple.object == pyoxigraph.Literal("Plan", language="english")


def test_a_language_as_a_value_is_one() -> None:
    assert faults("fre", link=LANGUAGE) == [("unknown-language-code", "fr")]
    assert faults("fr", link=LANGUAGE) == faults("pt-BR", link=LANGUAGE) == []
