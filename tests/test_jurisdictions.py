"""Jurisdictions are asked for by code or name, in any language, with one answer everywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from napgraph import KnowledgeGraph
from napgraph.errors import ParameterError, UnknownNameError
from napgraph.query.jurisdictions import codes_by_name, folded, jurisdiction
from napgraph.records.workbook.model import load

from .conftest import ROOT, Run

COMMON = {
    "Kosovo": "XKX",
    "Moldova": "MDA",
    "United Kingdom": "GBR",
    "UK": "GBR",
    "Britain": "GBR",
    "Vietnam": "VNM",
    "Viet Nam": "VNM",
    "Burma": "MMR",
    "Holland": "NLD",
    "the Netherlands": "NLD",
    "Bosnia": "BIH",
    "bosnia & herzegovina": "BIH",
    "Bosnie-Herzégovine": "BIH",
    "Turkey": "TUR",
    "TÜRKİYE": "TUR",
    "turkiye": "TUR",
    "Russia": "RUS",
    "Россия": "RUS",
    "South Korea": "KOR",
    "Korea, Republic of": "KOR",
    "Ivory Coast": "CIV",
    "Cote d’Ivoire": "CIV",
    "Czech Republic": "CZE",
    "Swaziland": "SWZ",
    "Macedonia": "MKD",
    "Laos": "LAO",
    "Syria": "SYR",
    "Iran": "IRN",
    "Bolivia": "BOL",
    "Venezuela": "VEN",
    "Tanzania": "TZA",
    "U.S.A.": "USA",
    "America": "USA",
    "Cape Verde": "CPV",
    "East Timor": "TLS",
    "Palestine": "PSE",
    "Birmanie": "MMR",
    "Pays Bas": "NLD",
    "越南": "VNM",
    "النرويج": "NOR",
    "St. Lucia": "LCA",
    "no": "NOR",
    "578": "NOR",
    "36": "AUS",
    "nOr": "NOR",
    "Norge": "NOR",
    "Deutschland": "DEU",
    "Brasil": "BRA",
    "Hrvatska": "HRV",
    "Ελλάδα": "GRC",
    "ไทย": "THA",
    "ישראל": "ISR",
}


@pytest.mark.parametrize("text", COMMON)
def test_a_name_means_its_jurisdiction(kg: KnowledgeGraph, text: str) -> None:
    assert jurisdiction(text, kg.jurisdictions) == COMMON[text]
    assert jurisdiction(text, load(str(ROOT)).jurisdiction_names) == COMMON[text]


def test_every_label_and_code_of_the_scheme_means_its_own(kg: KnowledgeGraph) -> None:
    by_name = codes_by_name(kg.jurisdictions)
    shared = {name: codes for name, codes in by_name.items() if len(codes) > 1}
    assert {"congo": {"COD", "COG"}, "korea": {"KOR", "PRK"}}.items() <= shared.items()
    assert set(shared) == {
        *("congo", "korea", "coree", "corea"),
        *(folded(name) for name in ("Virgin Islands", "Îles Vierges", "Islas Vírgenes")),
    }
    checked = 0
    for code, names in kg.jurisdictions.items():
        for name in names:
            if folded(name) not in shared:
                assert by_name[folded(name)] == {code}
                checked += 1
    assert checked > 1500


def test_a_name_that_two_share_is_asked_about(kg: KnowledgeGraph) -> None:
    with pytest.raises(ParameterError, match=r"COD \(Democratic Republic of the Congo\) or COG \(Congo\)"):
        kg.show("congo")


def test_an_unknown_name_gets_the_nearest(kg: KnowledgeGraph) -> None:
    for text, near in (("Norwey", "NOR (Norway)"), ("Vietnamm", "VNM (Viet Nam)"), ("Kosvo", "XKX (Kosovo")):
        with pytest.raises(UnknownNameError) as raised:
            kg.compare("pillars", country=[text])
        assert f"Did you mean {near}" in str(raised.value)
    for text in (" ", 'NOR" }', "NOR; DROP", "NOR\u202e"):
        with pytest.raises(UnknownNameError, match="is not known as a jurisdiction"):
            kg.show(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["compare", "pillars"],
        ["timeline"],
        ["gaps"],
        ["network"],
        ["similarity", "pillars"],
        ["query", "documents"],
        ["chart", "intervals", "-o", "x.html"],
    ],
    ids=lambda command: str(command[0]),
)
def test_names_are_taken_and_only_what_has_no_document_is_said_to_have_none(
    napgraph: Run, tmp_path: Path, command: list[str]
) -> None:
    command = [str(tmp_path / part) if part == "x.html" else part for part in command]
    done = napgraph(*command, "-c", "Norvège")
    assert (done.returncode, "no document" in done.stderr) == (0, False), done.stderr
    assert done.stdout == napgraph(*command, "-c", "NOR").stdout
    beside = napgraph(*command, "-c", "Norway", "-c", "Kenya")
    assert beside.returncode == 0
    assert "no document of KEN Kenya is recorded" in beside.stderr
    assert beside.stdout == done.stdout
    alone = napgraph(*command, "-c", "Kenya")
    assert "no document of KEN Kenya is recorded" in alone.stderr
    assert alone.returncode == (0 if command[0] == "query" else 2)


def test_more_names_make_no_more_rows(kg: KnowledgeGraph) -> None:
    codes = [row["code"] for row in kg.query("jurisdictions")]
    assert len(codes) == len(set(codes)) == len(kg.names)
    listed = [(row["code"], row["language"]) for row in kg.query("codes") if "/jurisdiction/" in str(row["code"])]
    assert len(listed) == len(set(listed))
    numbers = [row["code"] for row in kg.query("area-numbers")]
    assert len(numbers) == len(set(numbers))
    assert kg.names["GBR"] == "United Kingdom of Great Britain and Northern Ireland"
    model = load(str(ROOT))
    column = model.sheets["document"].column("document-jurisdiction")
    offered = model.choices(column) if column else []
    assert offered
    assert len({each.iri for each in offered}) == len(offered)


def test_a_cell_takes_other_names_but_none_that_two_share() -> None:
    names = load(str(ROOT)).code_names["https://w3id.org/napgraph/jurisdiction"]
    assert names["burma"].endswith("/mmr")
    assert names["congo"].endswith("/cog"), "the label that the list offers"
    assert "korea" not in names


def test_the_script_of_the_site_reads_names_as_the_library_does(kg: KnowledgeGraph, tmp_path: Path) -> None:
    script = tmp_path / "names.mjs"
    compare = ROOT / "src" / "napgraph" / "site" / "assets" / "compare.mjs"
    script.write_text(
        f"import {{ folded, named }} from {json.dumps(compare.as_uri())};\n"
        'let text = ""; for await (const part of process.stdin) text += part;\n'
        "const { names, called } = JSON.parse(text);\n"
        'console.log(JSON.stringify([names.map(folded), named({ called }, ["Norvège", "Atlantis", "nor"])]));\n',
        encoding="utf-8",
    )
    names = sorted({*COMMON, *(name for listed in kg.jurisdictions.values() for name in listed)})
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node")
    given = json.dumps({"names": names, "called": {"norvege": "NOR", "nor": "NOR"}})
    done = subprocess.run([node, str(script)], input=given, capture_output=True, text=True, check=True)
    made, found = json.loads(done.stdout)
    assert made == [folded(name) for name in names]
    assert found == {"countries": ["NOR", "NOR"], "missing": ["Atlantis"]}
