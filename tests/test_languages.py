"""Language tags: which are of BCP 47, and which one is meant by what is none."""

from __future__ import annotations

import pytest

from napgraph.records.languages import language_fault, language_meant

from . import languages


@pytest.mark.parametrize(
    "tag",
    [
        *("en", "EN-gb", "fil", "pt-br", "zh-Hant", "zh-yue", "sr-Latn-RS", "de-DE-1996", "es-419", "sl-rozaj-biske"),
        *("i-klingon", "sgn-BE-FR", "x-own", "en-x-twain", "de-u-co-phonebk", "qaa", "qtz-Qabx-XA", "und", "ar"),
    ],
)
def test_tags_of_bcp_47_are_right_in_capitals_or_not(tag: str) -> None:
    assert language_fault(tag) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *(("eng", "en"), ("fra", "fr"), ("fre", "fr"), ("ger", "de"), ("tgl", "tl"), ("fra-CA", "fr-CA")),
        *(("en_GB", "en-GB"), ("EN_gb", "en-GB"), ("en-UK", "en-GB"), ("pt-BRA", "pt-BR"), ("en_US.UTF-8", "en-US")),
        *(
            ("english", "en"),
            ("English", "en"),
            ("anglais", "en"),
            ("inglés", "en"),
            ("Inglês", "en"),
            ("ingles", "en"),
        ),
        *(("Français", "fr"), ("Español", "es"), ("Castellano", "es"), ("العربية", "ar"), ("русский", "ru")),
        *(("British English", "en-GB"), ("Brazilian Portuguese", "pt-BR"), ("Dari", "fa-AF"), ("Kurdish", "ku")),
        *(("xx", ""), ("zz-ZZ", ""), ("nonsense", ""), ("12", ""), ("-", ""), ("", ""), ("en-", ""), ("en-xyzzy1", "")),
    ],
)
def test_what_is_no_tag_has_the_tag_that_is_meant(text: str, meant: str) -> None:
    assert language_fault(text) == meant
    assert language_meant(text) == meant


def test_the_file_is_what_its_script_makes() -> None:
    assert languages.FILE.read_text(encoding="utf-8") == languages.text()
