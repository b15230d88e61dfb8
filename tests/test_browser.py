"""The site in a real browser: a reader, a researcher with SPARQL and a submitter, by keyboard and without network.

Needs Debian's Chromium and the parts that ``make browser`` fetches; without them these tests skip, and fail under CI.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from napgraph import KnowledgeGraph, check, convert
from napgraph.records.convert import same
from napgraph.records.read import read
from napgraph.validation.reports import render

from .conftest import ROOT

pytestmark = pytest.mark.server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

PARTS = ROOT / "src" / "napgraph" / "site"
AXE = PARTS / "browser" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PATIENCE = 240_000  # milliseconds: Python starts slowly on a machine that runs other tests
Opened = Callable[..., "Page"]


def needs(*, there: bool, what: str) -> None:
    if not there:
        assert os.environ.get("CI") != "true", f"{what} is not installed"
        pytest.skip(f"{what} is not here")


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture(scope="module")
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of the site, below a folder of a host, as a plain server of files gives it."""
    needs(there=shutil.which("chromium") is not None, what="Chromium")
    needs(there=(PARTS / "vendor" / "LICENSES.txt").is_file(), what="what 'make browser' fetches")
    site: Path = request.getfixturevalue("site")  # made only where a browser is there
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(site.parent)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{site.name}/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Browser]:  # noqa: ARG001 skips before a browser is started
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET.split())
        yield made
        made.close()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Opened]:
    """Open a page of the site; at the end nothing may have gone wrong in it or left the host."""
    wrong: list[str] = []
    contexts = []

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "blob:", "data:")):
            wrong.append(f"asked of another host: {request.url}")

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page that is left asks no more
            wrong.append(f"not had: {request.url}")

    def open_page(path: str, **options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", asked)
        page.on("requestfailed", failed)
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def faults(page: Page, *rules: str) -> list[tuple[str, list[str]]]:
    """Return what axe finds against WCAG 2.2 AA, or against some rules alone."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    found = page.evaluate("only => axe.run({ runOnly: only, resultTypes: ['violations'] })", only)
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]]


def tab_to(page: Page, selector: str, most: int = 120) -> None:
    """Go to an element with the Tab key alone."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the Tab key never comes to {selector}")


def wait_for_status(page: Page, part: str) -> str:
    page.wait_for_function("part => document.getElementById('status').textContent.includes(part)", arg=part)
    return page.text_content("#status") or ""


def address_with(page: Page, part: str) -> str:
    """Return the address that the page gives itself once it has ``part``; the browser tells of a click later."""
    page.wait_for_function("part => location.href.includes(part)", arg=part)
    return str(page.evaluate("location.href"))


def downloaded(page: Page, button: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def sent(folder: Path) -> list[Path]:
    """Write files of several kinds, right and broken, as people send them."""
    plan = ROOT / "tests" / "awkward" / "amended.ttl"
    text = plan.read_text(encoding="utf-8")
    as_json = convert(str(plan), "json-ld").content
    as_workbook = convert(str(ROOT / "tests" / "awkward" / "roles.ttl"), "xlsx").content
    assert isinstance(as_json, bytes)
    assert isinstance(as_workbook, bytes)
    book = load_workbook(io.BytesIO(as_workbook))
    for sheet in book.worksheets[1:4]:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, str) and cell.value[:2] == "20":
                    cell.value = "2024-ish"
    spoilt = io.BytesIO()
    book.save(spoilt)
    made = {
        "whole.ttl": text.encode(),
        "broken.ttl": text.replace(" .\n", "\n", 1).encode(),
        "whole.jsonld": as_json,
        "cut.jsonld": as_json[:-40],
        "whole.xlsx": as_workbook,
        "spoilt.xlsx": spoilt.getvalue(),
    }
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in made]


def test_a_submitter_gets_the_findings_of_the_command_and_nothing_is_sent(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = sent(tmp_path)
    monkeypatch.chdir(tmp_path)
    page = opened("check/")
    page.wait_for_selector("#file:enabled")
    tab_to(page, "#file")
    page.set_input_files("#file", paths[0])
    page.wait_for_selector(".steps .now")
    page.wait_for_selector("#report .verdict")
    page.context.set_offline(True)
    verdicts = set()
    for path in paths:
        page.set_input_files("#file", path)
        wait_for_status(page, path.name)
        report = check(path.name)
        assert downloaded(page, "Findings as JSON").decode() == render(report, "json", str(ROOT)).decode(), path.name
        assert page.locator("#report .found > li").count() == len(report[0].findings)
        elements = [each for structure in report[0].structures for level in structure.levels for each in level.elements]
        assert page.locator("#report .elements > li").count() == len(elements)
        fixes = {finding.fix for finding in report[0].findings}
        assert set(page.locator("#report .write > b + p").all_text_contents()) == fixes
        verdicts.add(report[0].conforms)
    assert verdicts == {True, False}
    assert faults(page) == []
    marked = load_workbook(io.BytesIO(downloaded(page, "Workbook with the findings")))
    assert len(marked.sheetnames) > len(load_workbook(paths[-1]).sheetnames)
    page.select_option("#language", "fr")
    page.wait_for_function("() => document.querySelector('#report[lang=fr] .verdict') !== null")
    assert page.locator("#report .found > li").count() == len(check(paths[-1].name, lang="fr")[0].findings)


def test_a_check_that_takes_long_can_be_stopped(opened: Opened, tmp_path: Path) -> None:
    page = opened("check/")
    page.wait_for_selector("#file:enabled")
    page.set_input_files("#file", sent(tmp_path)[0])
    page.wait_for_selector(".steps .now")
    page.click("#stop")
    wait_for_status(page, "Stopped")
    page.wait_for_selector("#file:enabled")


def test_a_plan_is_filled_in_by_keyboard_kept_as_a_draft_checked_and_taken_out(opened: Opened, tmp_path: Path) -> None:
    page = opened("submit/")
    page.wait_for_selector(".card")
    tab_to(page, "#document-0-document-id")
    page.keyboard.type("plan-2027")
    tab_to(page, "#document-0-document-jurisdiction")
    page.keyboard.type("Kenya")
    tab_to(page, "#document-0-document-title")
    page.keyboard.type("Plan of Kenya")
    page.reload()
    page.wait_for_selector(".card")
    assert page.input_value("#document-0-document-title") == "Plan of Kenya"
    page.select_option("#language", "fr")
    page.wait_for_function("() => document.getElementById('sheet').lang === 'fr'")
    assert page.input_value("#document-0-document-jurisdiction") == "Kenya"
    page.select_option("#language", "en")
    page.wait_for_function("() => document.getElementById('sheet').lang === 'en'")
    assert faults(page) == []
    page.click("#check")
    page.wait_for_selector("#report .verdict")
    (tmp_path / "draft.xlsx").write_bytes(downloaded(page, "Workbook (.xlsx)"))
    (report,) = check(str(tmp_path / "draft.xlsx"))
    wait_for_status(page, "everything")
    page.click("#check")
    page.wait_for_selector("#report .verdict")
    assert page.locator("#report .found > li").count() == len(report.findings) > 0
    place = page.locator("#report .place button").first
    called = (place.text_content() or "").rpartition(" (")[0]
    place.click()
    reached = page.evaluate("() => document.activeElement.id")
    assert "document-0-" in reached
    assert (page.text_content(f"label[for='{reached}']") or "").startswith(called)


def test_a_file_opened_in_the_form_comes_out_saying_the_same(opened: Opened) -> None:
    plan = ROOT / "tests" / "awkward" / "roles.ttl"
    page = opened("submit/")
    page.wait_for_selector(".card")
    page.set_input_files("#open", plan)
    wait_for_status(page, "is open in the form")
    told = read(str(plan)).triples
    for button, name in (("Turtle (.ttl)", "plan.ttl"), ("Workbook (.xlsx)", "plan.xlsx")):
        assert same(told, read(downloaded(page, button), name=name).triples)


def test_a_reader_finds_a_plan_by_words_without_accents_and_reads_it(opened: Opened) -> None:
    page = opened("")
    tab_to(page, "form.find input")
    page.keyboard.type("trafficking croatiá")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("search/index.html?q=trafficking+croati%C3%A1")
    page.wait_for_selector("#found a")
    assert faults(page) == []
    titles = page.locator("#found a").all_text_contents()
    assert titles[0] == "Croatia"
    assert "Action Plan for Suppression of Trafficking in Persons" in titles
    tab_to(page, "#found a")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.text_content("h1") == titles[0]


@pytest.mark.parametrize(
    ("words", "first", "told"),
    [
        ("Holland", "Netherlands", ""),
        ("Burma", "Myanmar", ""),
        ("uk", "United Kingdom of Great Britain and Northern Ireland", ""),
        ("挪威", "Norway", ""),
        ("Sveden", "Sweden", "Showing Sweden"),
        ("the refelction perod in Norge", "Norway", "Showing reflection period in Norway"),
        ("delai de reflexion", "Residence status and reflection period", ""),
        ("prevntion", "Prevention", "Showing prevention"),
        ("xqzzvw", "", "Nothing has these words"),
    ],
)
def test_search_understands_other_names_other_languages_and_typing_errors(
    opened: Opened, words: str, first: str, told: str
) -> None:
    page = opened("search/#q=" + words)
    page.wait_for_function("() => !['', 'Looking …'].includes(document.getElementById('status').textContent)")
    wait_for_status(page, told)
    names = page.locator("#found section li:first-child > a").all_text_contents()
    assert first in names if first else names == []
    assert page.locator("#found h2", has_text="Terms and rules").count() == 0
    if "Norge" in words:
        page.wait_for_selector("#answer li")
        assert "six months at most" in (page.text_content("#answer") or "")
        assert page.locator("#answer a.source").count() > 0
    if first == "Prevention":
        page.get_by_label("Terms and rules").check()
        page.wait_for_function("() => [...document.querySelectorAll('#found h2')].at(-1).textContent.includes('Terms')")


def test_a_reader_takes_away_the_choice_as_table_and_picture(opened: Opened, kg: KnowledgeGraph) -> None:
    page = opened("compare/pillars/#plan=all&depth=1&match=exact&country=GRC&country=FIN")
    page.wait_for_selector("#chosen:not([hidden])")
    chosen = kg.compare("pillars", match="exact", country=["FIN", "GRC"])
    assert (page.text_content("#told") or "").startswith(f"2 countries, {chosen.documents} documents compared")
    rows = list(csv.DictReader(io.StringIO(downloaded(page, "CSV").decode())))
    assert [row["country"] for row in rows] == ["FIN", "GRC"]
    assert set(rows[0]) == {"country", "name", *(concept.code for concept in chosen.spoken())}
    for row, whole in zip(rows, chosen.rows(), strict=True):
        assert row.items() <= {name: str(value) for name, value in whole.items()}.items()
    behind = list(csv.DictReader(io.StringIO(downloaded(page, "CSV of the statements behind it").decode())))
    assert {row["country"] for row in behind} == {"FIN", "GRC"}
    assert {row["match"] for row in behind} == {row["match"] for row in chosen.evidence().rows if row["concept"]}
    assert all(row["document_address"].startswith(page.url.partition("compare/")[0] + "id/") for row in behind)
    small, (width, height) = picture_size(downloaded(page, "PNG"))
    page.evaluate("location.hash = ''")
    page.wait_for_function("() => document.querySelectorAll('#matrix [data-row]').length > 20")
    large, (wider, higher) = picture_size(downloaded(page, "PNG"))
    assert width <= wider
    assert height < higher
    assert len(large) > len(small) > 5000


def test_a_cell_opens_under_its_row_by_keyboard_and_by_its_address(opened: Opened) -> None:
    page = opened("compare/pillars/")
    page.wait_for_selector("#chosen:not([hidden])")
    cell = page.locator("#matrix tr[data-row='NOR'] > td.stated").first
    focused = "() => document.activeElement.matches('#matrix tr[data-row] > td')"
    cell.focus()
    page.keyboard.press("Enter")
    assert "Norway" in page.locator("#matrix tr[data-row='NOR'] + .detail h2").inner_text()
    assert page.locator(".detail li a").count() > 1
    assert faults(page) == []
    address = address_with(page, "cell=NOR~")
    page.keyboard.press("Escape")
    assert page.locator(".detail").count() == 0
    assert page.evaluate(focused)
    assert "cell=" not in page.evaluate("location.href")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused)
    again = opened(address.partition("/compare/")[2].join(["compare/", ""]))
    again.wait_for_selector(".detail")
    assert "Norway" in again.locator(".detail h2").inner_text()
    again.select_option("[name=region]", "Northern Europe")
    rows = again.locator("#matrix [data-row]").count()
    assert 0 < rows < page.locator("#matrix [data-row]").count()
    assert again.locator("#matrix .region").count() == 1
    assert f"{rows} countries" in (again.text_content("#told") or "")


def test_a_narrow_screen_has_one_theme_at_a_time(opened: Opened) -> None:
    page = opened("compare/pillars/#theme=awareness-raising", viewport={"width": 390, "height": 844})
    page.wait_for_selector("#one select")
    assert page.locator("#matrix").is_hidden()
    assert page.locator("#one select").input_value() == "awareness-raising"
    assert page.locator("#one summary").count() > 3
    assert faults(page) == []
    page.locator("#one summary").first.click()
    assert "#theme=awareness-raising" in address_with(page, "~awareness-raising")


def picture_size(content: bytes) -> tuple[bytes, tuple[int, int]]:
    """Return a PNG as it is, and its width and height in dots."""
    assert content.startswith(b"\x89PNG")
    return content, (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big"))


PAGES = (
    "",
    "compare/",
    "compare/pillars/",
    "timeline/",
    "gaps/",
    "completeness/",
    "bodies/",
    "similarity/pillars/",
    "map/",
    "map/prevention/",
    "query/",
    "query/in-force/",
    "query/prefixes/",
    "jurisdiction/nor/",
    "id/nor/plan-2006-2009/",
    "id/lva/plan-2025-2027/",
    "id/lva/plan-2025-2027/activity-3-2/",
    "id/lva/ministry-of-the-interior/",
    "source/9pdf-stop-human-trafficking/",
    "source/likumi-lv-362691/table/",
    "theme/prevention/",
    "form/forced-labour/",
    "themes/",
    "profile/full-submission/",
    "source/unodc-toolkit-2008/",
    "ont/",
    "ont/index-fr.html",
    "theme/",
    "lists/index-es.html",
    "jurisdiction/index-ar.html",
    "jurisdiction/index-zh.html",
    "shapes/",
    "dataset/",
    "graph/nor/",
    "search/",
    "search/?q=reflexion+norge",
    "record/",
    "sources/",
    "ont/links/",
    "shapes/hygiene/",
    "sparql/",
    "check/",
    "submit/",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_meets_wcag_in_light_and_dark_and_fits_a_phone(opened: Opened, scheme: str) -> None:
    page = opened("", color_scheme=scheme, viewport={"width": 390, "height": 844})
    top = page.url
    for path in PAGES:
        page.goto(top + path, wait_until="networkidle")
        looked_at = ["color-contrast"] if scheme == "dark" else []
        assert (path, faults(page, *looked_at)) == (path, [])
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        assert (path, wide <= 390) == (path, True)


def test_activities_are_chosen_by_lead_deadline_and_theme_and_the_address_keeps_the_choice(opened: Opened) -> None:
    page = opened("id/lva/plan-2025-2027/")
    shown = page.locator(".activities tbody tr:not(.above):visible")
    every = shown.count()
    page.select_option("select[name=lead]", "ombudsman")
    led = shown.all_inner_texts()
    assert 0 < len(led) < every
    assert all("Ombudsman" in row for row in led)
    assert page.locator(".activities:visible tr.above:visible").count() <= len(led)
    page.select_option("select[name=due]", "2025-12-31")
    both = shown.all_inner_texts()
    assert 0 < len(both) < len(led)
    assert all("31 December 2025" in row for row in both)
    assert page.evaluate("location.hash") == "#lead=ombudsman&due=2025-12-31"
    assert f"{len(both)} of {every}" in (page.text_content("#chosen") or "")
    page.reload()
    assert shown.all_inner_texts() == both
    page.select_option("select[name=lead]", "")
    page.select_option("select[name=due]", "")
    assert shown.count() == every
    assert "#" not in page.evaluate("location.href")


def test_a_researcher_asks_with_the_keyboard_alone_and_the_answer_is_that_of_the_command(
    opened: Opened, kg: KnowledgeGraph
) -> None:
    page = opened("sparql/#q=in-force")
    page.wait_for_selector("#run:enabled")
    tab_to(page, "#parameter-country")
    page.keyboard.type("Norway")
    tab_to(page, "#parameter-date")
    page.keyboard.type("06012007")
    assert page.input_value("#parameter-date") == "2007-06-01"
    tab_to(page, "textarea")
    tab_to(page, "#run")
    page.keyboard.press("Enter")
    wait_for_status(page, " in ")
    rows = list(csv.reader(io.StringIO(downloaded(page, "Download CSV").decode())))
    told = kg.query("in-force", country="NOR", date="2007-06-01").to_csv()
    assert rows == list(csv.reader(io.StringIO(told)))
    assert len(rows) > 1
    assert page.locator("#answer tbody tr").count() == len(rows) - 1
    assert faults(page) == []
    address_with(page, "q=in-force")
    link = page.locator("#answer td a", has_text="Norway").first
    with page.expect_navigation():
        link.click()
    assert "Norway" in (page.text_content("h1") or "")


def test_an_answer_leads_to_the_pages_that_there_are(opened: Opened) -> None:
    page = opened("sparql/")
    page.wait_for_selector("#run:enabled")
    text = "PREFIX nap: <https://w3id.org/napgraph/ont#> SELECT * { ?statement nap:coverageOf ?document ; a ?class }"
    page.locator(".CodeMirror").evaluate("(place, text) => place.CodeMirror.setValue(text)", text)
    page.click("#run")
    wait_for_status(page, "rows in")
    own = set(page.locator("#answer td a").evaluate_all("links => links.map(each => each.href)"))
    own = {link for link in own if link.startswith(page.url.partition("sparql/")[0])}
    assert len(own) > 20
    assert {page.request.get(link).status for link in own} == {200}
    assert page.locator("#answer td span[title*=coverage-]").count() > 20


def test_a_term_that_nothing_states_has_near_ones_beside_it_and_a_question_in_words_starts(opened: Opened) -> None:
    page = opened("sparql/?query=PREFIX nap: <https://w3id.org/napgraph/ont%23> SELECT * { ?a nap:hasElemnt ?b }")
    page.wait_for_selector("#run:enabled")
    page.click("#run")
    wait_for_status(page, "0 rows")
    near = page.locator("#answer .notice", has_text="nap:hasElemnt")
    assert "nap:hasElement" in (near.text_content() or "")
    near.get_by_role("button").first.click()
    page.click("#run")
    wait_for_status(page, "The first 500")
    assert page.locator("#answer .notice").count() == 0
    page.locator("#starters button").first.click()
    page.wait_for_function("() => document.querySelector('#answer .day') !== null")
    address_with(page, "q=")


def test_with_the_network_cut_any_query_is_answered_a_long_one_can_be_stopped_and_a_wrong_one_is_explained(
    opened: Opened, kg: KnowledgeGraph
) -> None:
    page = opened("sparql/")
    page.wait_for_selector("#run:enabled")
    page.click("#run")
    wait_for_status(page, "rows in")
    page.context.set_offline(True)

    def write(text: str) -> None:
        page.locator(".CodeMirror").evaluate("(place, text) => place.CodeMirror.setValue(text)", text)

    for query in kg.queries:
        if query.folder in {"check", "compare", "profile"} and "asserted" in query.header.get("graph", ""):
            page.locator(f'#saved button[data-name="{query.name}"]').evaluate("button => button.click()")
            page.click("#run")
            number = len(kg.query(query.name))
            assert wait_for_status(page, " in ").startswith(f"{number:,} row")
    write("SELECT * {\n  ?this has no end")
    page.click("#run")
    assert "line 2" in wait_for_status(page, "not valid SPARQL")
    write("ASK { <a:nothing> ?is ?here }")
    page.click("#run")
    wait_for_status(page, "No, in")
    write("CONSTRUCT WHERE { <https://w3id.org/napgraph/theme/prevention> ?p ?o }")
    page.click("#run")
    wait_for_status(page, "A graph, in")
    assert b"theme/prevention" in downloaded(page, "Download Turtle")
    write("SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }")
    page.click("#run")
    wait_for_status(page, "not supported")
    write("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    page.click("#run")
    wait_for_status(page, "Asking")
    page.click("#stop")
    wait_for_status(page, "Stopped")
