"""Write the sheets as an xlsx workbook: headings with help, drop-downs, the lists, an example in grey.

Every text is written as a string, never as a formula. What the sheets hold is laid out in ``tables``.
"""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ...tables.xlsx import undated
from .cells import Scalar, letters
from .model import Column, Model, said
from .tables import Filled, Laid, example, lay_out

_ROWS = 1000  # down to where the drop-downs reach
_DOCUMENTS = 24  # documents for which the sheet of documents has drop-downs
_NUMBERS = {"number", "scale"}
_WIDE = {"text": 44, "evidence": 22, "name": 30, "code": 26, "reference": 18, "kind": 22, "id": 14, "owner": 16}
_FORMULA_SIGNS = ("=", "+", "-", "@")
_PREFILLED = ("document-extent", "document-profile", "document-examined")
_INK, _MUTED = "1F2A37", "6B7280"
_REQUIRED, _HEAD, _EXAMPLE = (PatternFill("solid", fgColor=colour) for colour in ("F6D8AE", "D9E5F2", "F3F4F6"))
_LINE = Side(style="thin", color="C3CAD4")
_TOP = Alignment(vertical="top", wrap_text=True)


def _font(**look: object) -> Font:
    return Font(name="Calibri", **{"size": 11, **look})  # type: ignore[arg-type]


def empty(model: Model, language: str, country: str = "") -> Filled:
    """Return a workbook to be filled in: one document of ``country`` that claims what most submissions are."""
    sheet = model.sheets["document"]
    record: dict[str, Scalar] = {}
    for column in sheet.columns:
        if column.name in _PREFILLED:
            record[column.name] = example(column, sheet, model, language)
        elif column.kind == "language":
            record[column.name] = language
        elif column.name == "document-jurisdiction" and country:
            labels = {code.iri.rpartition("/")[2]: said(code.labels, language) for code in model.choices(column)}
            record[column.name] = labels.get(country.lower(), country.upper())
    return Filled(language, language, {sheet.name: [record]}, [])


def workbook(model: Model, filled: Filled, language: str, *, examples: bool) -> bytes:
    """Return the workbook as xlsx; ``examples`` adds the grey row that is never read."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "napgraph"
    book.properties.title = model.sheets["read-me"].labels["en"]
    laid = lay_out(model, filled, language, examples=examples)
    titles = {name: said(sheet.labels, language) for name, sheet in model.sheets.items()}
    _read_me(book.create_sheet(titles["read-me"]), model, language)
    sheets = {each.sheet.name: book.create_sheet(each.title) for each in laid}
    lists = _lists(book.create_sheet(titles["lists"]), model, language)
    for each in laid:
        if each.columns:
            _sheet(sheets[each.sheet.name], each, model, language, lists)
        else:
            _statements(sheets[each.sheet.name], each)
    if "other" in sheets:
        book.move_sheet(sheets["other"], 1)
    book.active = 0 if examples else 1  # who fills it in begins with the page that says how
    out = io.BytesIO()
    book.save(out)
    return undated(out.getvalue())


def _put(sheet: Worksheet, row: int, column: int, value: Scalar) -> Cell | MergedCell:
    """Write a cell; a text is a string whatever it begins with."""
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith(_FORMULA_SIGNS):
            cell.quotePrefix = True
    return cell


def _sheet(sheet: Worksheet, laid: Laid, model: Model, language: str, lists: dict[str, str]) -> None:
    down = laid.sheet.down
    _fill(sheet, laid)
    for number, column in enumerate(laid.columns, 1):
        head = sheet.cell(*((number, 1) if down else (1, number)))
        head.font, head.border, head.alignment = _font(bold=True, color=_INK), Border(bottom=_LINE, right=_LINE), _TOP
        head.fill = _REQUIRED if column.needed else _HEAD
        note = said(column.help, language)
        if note:
            head.comment = _comment(note)
        if laid.examples:
            shown = sheet.cell(*((number, 2) if down else (2, number)))
            shown.font, shown.fill, shown.alignment = _font(italic=True, color=_MUTED), _EXAMPLE, _TOP
        _shape(sheet, number, column, down=down)
        _validate(sheet, laid, number, column, model, language, lists)
    sheet.freeze_panes = "B1" if down else f"B{2 + laid.examples}"
    if down:
        _size_down(sheet, laid)
    else:
        sheet.row_dimensions[1].height = 50
    sheet.sheet_properties.tabColor = "3B6EA5" if down else "9DB7D5"
    _fit(sheet, wide=not down)


def _fill(sheet: Worksheet, laid: Laid) -> None:
    for row, line in enumerate(laid.lines, 1):
        for position, value in enumerate(line, 1):
            cell = sheet.cell(row, position)
            if value is not None and value != "":
                cell = _put(sheet, row, position, value)
                cell.alignment, cell.font = _TOP, _font()
            column = laid.columns[(row if laid.sheet.down else position) - 1]
            if column.kind not in _NUMBERS:
                cell.number_format = "@"


def _size_down(sheet: Worksheet, laid: Laid) -> None:
    for number, line in enumerate(laid.lines, 1):
        longest = max(len(value) for value in line if isinstance(value, str))
        sheet.row_dimensions[number].height = 16 * min(longest // 36 + 1, 12)
    for position in range(1, _DOCUMENTS):
        sheet.column_dimensions[letters(position)].width = 38 if position < 4 else 30  # noqa: PLR2004


def _fit(sheet: Worksheet, *, wide: bool) -> None:
    """Print a sheet as wide as the paper."""
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape" if wide else "portrait", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _shape(sheet: Worksheet, number: int, column: Column, *, down: bool) -> None:
    """Set the width of a column, and text as its format, so that no program makes a date of 2027-03."""
    form = "General" if column.kind in _NUMBERS else "@"
    if down:
        sheet.row_dimensions[number].number_format = form
    else:
        dimension = sheet.column_dimensions[letters(number)]
        dimension.width = max(_WIDE.get(column.kind, 16), 24 if column.needed else 0)
        dimension.number_format = form


def _comment(text: str) -> Comment:
    note = Comment(text, "napgraph")
    note.width, note.height = 320, 40 + 18 * (len(text) // 44 + 1)
    return note


def _validate(
    sheet: Worksheet, laid: Laid, number: int, column: Column, model: Model, language: str, lists: dict[str, str]
) -> None:
    """Offer what may stand in a column; other answers are not refused, as several values and gaps are good too."""
    source = lists.get(
        column.name if column.kind == "code" else f"{laid.sheet.name}-kind" if column.kind == "kind" else ""
    )
    if column.points and column.kind in {"reference", "part-of", "about", "source", "name", "place", "owner"}:
        source = _ids(model, column, language)
    if column.kind == "owner":
        source = _range(said(model.sheets["document"].labels, language), "$B$1:$Z$1")
    if not source:
        return
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
    first = 2 + laid.examples
    if laid.sheet.down:
        rule.add(f"{letters(first)}{number}:{letters(_DOCUMENTS)}{number}")
    else:
        rule.add(f"{letters(number)}{first}:{letters(number)}{_ROWS}")
    sheet.add_data_validation(rule)


def _ids(model: Model, column: Column, language: str) -> str:
    """Return the range of ids, or of names, on the sheet that a column mostly refers to."""
    sheets = [model.sheets[model.kinds[kind].sheet] for kind in column.points]
    if len({sheet.name for sheet in sheets}) != 1:
        return ""
    sheet = sheets[0]
    title = said(sheet.labels, language)
    if sheet.down:
        return _range(title, "$C$1:$Z$1")
    wanted = "bodies-name" if sheet.name == "bodies" else "id"
    position = next((at for at, each in enumerate(sheet.columns, 1) if each.name == wanted), 0)
    return _range(title, f"${letters(position)}$3:${letters(position)}${_ROWS}") if position else ""


def _range(title: str, cells: str) -> str:
    quoted = title.replace("'", "''")
    return f"'{quoted}'!{cells}"


def _lists(sheet: Worksheet, model: Model, language: str) -> dict[str, str]:
    """Write the lists of codes and kinds side by side; return the range of each by its column's name."""
    title = sheet.title
    found: dict[str, str] = {}
    written: dict[tuple[str, ...], str] = {}
    position = 1
    silent = model.word("not-stated", language)
    for each in model.sheets.values():
        for column in each.columns:
            if column.kind == "code":
                rows = [(said(code.labels, language), code.iri.rpartition("/")[2]) for code in model.choices(column)]
                # What a rule asks for without a way out is not answered by saying that the plan is silent.
                last = [] if column.needed == "required" else [(silent, "")]
                name, head = column.name, said(column.labels, language)
            elif column.kind == "kind":
                rows = [(said(kind.labels, language), "") for kind in each.kinds if kind.labels]
                name, head, last = (
                    f"{each.name}-kind",
                    f"{said(each.labels, language)}: {said(column.labels, language)}",
                    [],
                )
            else:
                continue
            rows += last
            key = tuple(label for label, _ in rows)
            if key not in written:
                written[key] = _list(sheet, position, head, rows, title)
                position += 3
            found[name] = written[key]
    sheet.freeze_panes = "A2"
    sheet.sheet_properties.tabColor = "C3CAD4"
    _fit(sheet, wide=True)
    return found


def _list(sheet: Worksheet, position: int, head: str, rows: list[tuple[str, str]], title: str) -> str:
    cell = _put(sheet, 1, position, head)
    cell.font, cell.fill, cell.alignment = _font(bold=True, color=_INK), _HEAD, _TOP
    for number, (label, code) in enumerate(rows, 2):
        _put(sheet, number, position, label)
        if code:
            _put(sheet, number, position + 1, code).font = _font(color=_MUTED)
    sheet.column_dimensions[letters(position)].width = 34
    sheet.column_dimensions[letters(position + 1)].width = 22
    sheet.column_dimensions[letters(position + 2)].width = 3
    return _range(title, f"${letters(position)}$2:${letters(position)}${len(rows) + 1}")


def _read_me(sheet: Worksheet, model: Model, language: str) -> None:
    from ... import __version__

    _put(sheet, 1, 1, said(model.sheets["read-me"].labels, language)).font = _font(bold=True, size=16, color=_INK)
    _put(sheet, 2, 1, f"napgraph {__version__}").font = _font(color=_MUTED)
    row = 4
    for text in model.page("read-me-", language):
        cell = _put(sheet, row, 1, text)
        cell.alignment = _TOP
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        sheet.row_dimensions[row].height = 16 * (len(text) // 100 + 1) + 4
        row += 1
    row += 1
    for each in model.sheets.values():
        if each.columns:
            _put(sheet, row, 1, said(each.labels, language)).font = _font(bold=True, color=_INK)
            text = said(each.help, language)
            _put(sheet, row, 2, text).alignment = _TOP
            sheet.cell(row, 1).alignment = _TOP
            sheet.row_dimensions[row].height = 16 * (len(text) // 80 + 1) + 2
            row += 1
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 84
    sheet.sheet_view.showGridLines = False
    _fit(sheet, wide=False)


def _statements(sheet: Worksheet, laid: Laid) -> None:
    for row, line in enumerate(laid.lines, 1):
        for column, value in enumerate(line, 1):
            if value is not None and value != "":
                cell = _put(sheet, row, column, value)
                cell.number_format, cell.alignment = "@", _TOP
    for column in range(1, len(laid.lines[0]) + 1):
        head = sheet.cell(1, column)
        head.font, head.fill = _font(bold=True, color=_INK), _HEAD
        sheet.column_dimensions[letters(column)].width = 44 if column < 4 else 16  # noqa: PLR2004
    sheet.freeze_panes = "A2"
