"""A report as a workbook: the sender's own, with the cells in question coloured and commented, or findings alone.

Added are fills, comments and one sheet of findings in front. Every cell is written as a text: none is a formula.
"""

import io
from collections.abc import Callable, Sequence
from contextlib import suppress

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from ...project.messages import Catalogue
from ...text import visible
from ..report import Finding, Report
from .data import file_of, inside
from .text import words

_COLOURS = {"Violation": "F7C6C2", "Warning": "FCE3AE", "Info": "CFE2F1"}
_HEADS = {"level": 20, "file": 24, "place": 24, "problem": 60, "value": 26}  # with the width of each column
_HEADS |= {"nearest": 26, "fix": 70, "rule": 26, "rule-id": 30}
_OURS = "napgraphFindings"
_LONGEST_CELL, _LONGEST_COMMENT, _LONGEST_NAME = 32_000, 2_000, 31
_LINE, _HIGHEST = 15, 400  # points: no program is left to work out how high a wrapped sentence is


def render(
    reports: Sequence[Report], catalogue: Catalogue, original: Callable[[Report], bytes | None] | None = None
) -> bytes:
    """Return the workbook; ``original`` gives the one that a report is about, which several reports do not have."""
    content = original(reports[0]) if original is not None and len(reports) == 1 else None
    book = None
    with suppress(Exception):  # it fails in as many ways as there are broken workbooks
        book = load_workbook(io.BytesIO(content), rich_text=True) if content is not None else None
    if book is None:
        book = Workbook()
        book.remove(book.worksheets[0])
    else:
        _clean(book, catalogue.text("heading", "comment"))
        for finding in reports[0].findings:
            _mark(book, finding, catalogue)
    _list(book, reports, catalogue)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _clean(book: Workbook, author: str) -> None:
    """Take out what an earlier report put in: a workbook that was mended is often sent again with its marks."""
    for sheet in list(book.worksheets):
        if sheet.sheet_properties.codeName == _OURS:
            book.remove(sheet)
            continue
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.comment is not None and cell.comment.author == author:
                cell.comment, cell.fill = None, PatternFill()


def _mark(book: Workbook, finding: Finding, catalogue: Catalogue) -> None:
    """Colour the cell of a finding and add the words to its comment; another's comment stays below."""
    place, author = finding.place, catalogue.text("heading", "comment")
    if place is None or not place.cell or place.sheet not in book.sheetnames:
        return
    cell = book[place.sheet][place.cell]
    if not isinstance(cell, Cell):
        return
    told = f"{catalogue.text('severity', finding.grade)}: {words(finding, catalogue, 'message', 'near', 'fix')}"
    there = cell.comment.text if cell.comment else ""
    marked = cell.comment is not None and cell.comment.author == author
    parts = (there, told) if marked else (told, there)
    cell.comment = Comment(visible("\n\n".join(filter(None, parts)))[:_LONGEST_COMMENT], author, 200, 360)
    if not marked:
        cell.fill = PatternFill("solid", start_color=_COLOURS[finding.severity])


def _list(book: Workbook, reports: Sequence[Report], catalogue: Catalogue) -> None:
    """Put the sheet of findings in front, under a name that the workbook does not have yet."""
    wanted, names = catalogue.text("heading", "sheet"), {name.casefold() for name in book.sheetnames}
    tries = [wanted, *(f"{wanted} {number}" for number in range(2, len(names) + 3))]
    sheet = book.create_sheet(next(name for name in tries if name.casefold() not in names)[:_LONGEST_NAME], 0)
    sheet.sheet_properties.codeName = _OURS
    for column, (head, width) in enumerate(_HEADS.items(), 1):
        _write(sheet.cell(1, column), catalogue.text("heading", head))
        sheet.cell(1, column).font = Font(name="Calibri", size=11, bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    findings = [(report, finding) for report in reports for finding in report.findings]
    for number, (report, each) in enumerate(findings, 2):
        fix = words(each, catalogue, "fix", "asked")
        texts = [catalogue.text("severity", each.grade), file_of(report, each), inside(each), each.message]
        texts += [each.shown, each.nearest, fix, each.title, each.name]
        for column, text in enumerate(texts, 1):
            _write(sheet.cell(number, column), text)
            sheet.cell(number, column).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(number, 1).fill = PatternFill("solid", start_color=_COLOURS[each.severity])
        place = each.place
        if place is not None and place.cell and place.sheet in book.sheetnames:
            cell, quoted = sheet.cell(number, 3), place.sheet.replace("'", "''")
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{place.cell}")
            cell.style = "Hyperlink"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        lines = max(len(text) // (width - 4) + 1 for text, width in zip(texts, _HEADS.values(), strict=True))
        sheet.row_dimensions[number].height = min(_LINE * lines + 2, _HIGHEST)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_HEADS))}{len(findings) + 1}"
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False


def _write(cell: Cell, text: str) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub("�", text)[:_LONGEST_CELL]
    cell.data_type = "s"
    cell.quotePrefix = True
