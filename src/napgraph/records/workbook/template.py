"""Write the sheets as an xlsx workbook: headings with help, drop-downs, the lists, an example in grey."""

import io
from functools import partial
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ...rdf.namespaces import slug
from ...tables.xlsx import undated
from .cells import Scalar, letters
from .model import Column, Model, Sheet, said
from .tables import Filled, Laid, example, lay_out

_ROWS = 1000  # down to where the drop-downs reach
_DOCUMENTS = 24  # documents for which the sheet of documents has drop-downs
_NUMBERS = {"number", "scale"}
_WIDE = {"text": 44, "evidence": 22, "name": 30, "code": 26, "reference": 18, "kind": 22, "id": 14, "owner": 16}
_FORMULA_SIGNS = ("=", "+", "-", "@")
_PREFILLED = ("document-extent", "document-examined")
_OWN = {*_PREFILLED, "document-profile"}
_INK, _MUTED = "1F2A37", "6B7280"
_REQUIRED, _HEAD, _EXAMPLE = (PatternFill("solid", fgColor=colour) for colour in ("F6D8AE", "D9E5F2", "F3F4F6"))
_TOP = Alignment(vertical="top", wrap_text=True)
_LINE = Side(style="thin", color="C3CAD4")
_BORDER = Border(bottom=_LINE, right=_LINE)
_font: Any = partial(Font, name="Calibri", size=11)
_BOLD, _PALE = _font(bold=True, color=_INK), _font(color=_MUTED)


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
            labels = {slug(code.iri): said(code.labels, language) for code in model.choices(column)}
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
        if each.sheet.name == "other":
            sheet, columns = sheets["other"], len(each.lines[0])
            for at, value in each.filled():
                _put(sheet, *at, value, number_format="@", alignment=_TOP)
            for column in range(1, columns + 1):
                _put(sheet, 1, column, font=_BOLD, fill=_HEAD)
            _set_widths(sheet, ([44] * 3 + [16] * columns)[:columns])
            sheet.freeze_panes = "A2"
            book.move_sheet(sheet, 1)
        else:
            _sheet(sheets[each.sheet.name], each, model, language, lists)
    book.active = 0 if examples else 1  # who fills it in begins with the page that says how
    out = io.BytesIO()
    book.save(out)
    return undated(out.getvalue())


def _put(sheet: Worksheet, row: int, column: int, value: Scalar | None = None, **style: object) -> None:
    """Write and format a cell, or only format it; a text is a string whatever it begins with."""
    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith(_FORMULA_SIGNS):
            cell.quotePrefix = True
    for name, look in style.items():
        setattr(cell, name, look)


def _sheet(sheet: Worksheet, laid: Laid, model: Model, language: str, lists: dict[str, str]) -> None:
    down, columns = laid.sheet.down, laid.sheet.columns
    first = 2 + laid.examples
    for (row, position), value in laid.filled():
        _put(sheet, row, position, value, font=_font(), alignment=_TOP)
    for number, column in enumerate(columns, 1):
        at, letter = (number, 1) if down else (1, number), letters(number)
        form = "General" if column.kind in _NUMBERS else "@"  # as text, so that no program makes a date of 2027-03
        for record in range(1, (len(laid.lines[0]) if down else len(laid.lines)) + 1):
            _put(sheet, *((number, record) if down else (record, number)), number_format=form)
        _put(sheet, *at, font=_BOLD, fill=_REQUIRED if column.needed else _HEAD, border=_BORDER, alignment=_TOP)
        if note := said(column.help, language):
            sheet.cell(*at).comment = Comment(note, "napgraph", 40 + 18 * (len(note) // 44 + 1), 320)
        if laid.examples:
            at = (number, 2) if down else (2, number)
            _put(sheet, *at, font=_font(italic=True, color=_MUTED), fill=_EXAMPLE, alignment=_TOP)
        dimension = sheet.row_dimensions[number] if down else sheet.column_dimensions[letter]
        dimension.number_format = form
        if down:
            longest = max(len(value) for value in laid.lines[number - 1] if isinstance(value, str))
            sheet.row_dimensions[number].height = 16 * min(longest // 36 + 1, 12)
        else:
            _set_widths(sheet, [max(_WIDE.get(column.kind, 16), 24 if column.needed else 0)], number)
        if source := _offered(column, laid.sheet, model, language, lists):
            # other answers are not refused, as several values and gaps are good too
            rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
            across = f"{letters(first)}{number}:{letters(_DOCUMENTS)}{number}"
            rule.add(across if down else f"{letter}{first}:{letter}{_ROWS}")
            sheet.add_data_validation(rule)
    if down:
        _set_widths(sheet, [38] * 3 + [30] * (_DOCUMENTS - 4))
    else:
        sheet.row_dimensions[1].height = 50
    _finish(sheet, "B1" if down else f"B{first}", "3B6EA5" if down else "9DB7D5", wide=not down)


def _set_widths(sheet: Worksheet, widths: list[int], first: int = 1) -> None:
    for position, width in enumerate(widths, first):
        sheet.column_dimensions[letters(position)].width = width


def _finish(sheet: Worksheet, freeze: str, colour: str, *, wide: bool) -> None:
    """Keep the headings in sight, colour the tab, and print the sheet as wide as the paper."""
    sheet.freeze_panes = freeze
    if colour:
        sheet.sheet_properties.tabColor = colour
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape" if wide else "portrait", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _offered(column: Column, sheet: Sheet, model: Model, language: str, lists: dict[str, str]) -> str:
    """Return the range of what may stand in a column: a list, or the ids or names on the sheet that it refers to."""
    if column.kind == "owner":
        return _range(said(model.sheets["document"].labels, language), "$B$1:$Z$1")
    pointed = {model.kinds[kind].sheet for kind in column.points}
    if not pointed:
        return lists.get(f"{sheet.name} {column.name}", "")
    other = model.sheets[pointed.pop()]
    title = said(other.labels, language)
    wanted = "bodies-name" if other.name == "bodies" else "id"
    at = next((letters(at) for at, each in enumerate(other.columns, 1) if each.name == wanted), "")
    if pointed or not (at or other.down):
        return ""
    return _range(title, "$C$1:$Z$1" if other.down else f"${at}$3:${at}${_ROWS}")


def _range(title: str, cells: str) -> str:
    quoted = title.replace("'", "''")
    return f"'{quoted}'!{cells}"


def _lists(sheet: Worksheet, model: Model, language: str) -> dict[str, str]:
    """Write the lists of codes and kinds side by side; return the range of each by sheet and column."""
    found: dict[str, str] = {}
    written: dict[tuple[str, ...], str] = {}
    for each, column in [(sheet, column) for sheet in model.sheets.values() for column in sheet.columns]:
        head = said(column.labels, language)
        if column.kind == "code":
            rows = [(said(code.labels, language), slug(code.iri)) for code in model.choices(column)]
            # What a rule requires, or who records decides, is not answered by saying that the plan is silent.
            if column.needed != "required" and column.name not in _OWN:
                rows.append((model.word("not-stated", language), ""))
        elif column.kind == "kind":
            rows = [(said(kind.labels, language), "") for kind in each.kinds if kind.labels]
            head = f"{said(each.labels, language)}: {head}"
        elif column.kind == "yes":
            rows = [(model.word("yes", language), "")]
        else:
            continue
        key = tuple(label for label, _ in rows)
        if key not in written:
            at = 1 + 3 * len(written)
            _put(sheet, 1, at, head, font=_BOLD, fill=_HEAD, alignment=_TOP)
            for number, (label, code) in enumerate(rows, 2):
                _put(sheet, number, at, label)
                if code:
                    _put(sheet, number, at + 1, code, font=_PALE)
            _set_widths(sheet, [34, 22, 3], at)
            written[key] = _range(sheet.title, f"${letters(at)}$2:${letters(at)}${len(rows) + 1}")
        found[f"{each.name} {column.name}"] = written[key]
    _finish(sheet, "A2", "C3CAD4", wide=True)
    return found


def _read_me(sheet: Worksheet, model: Model, language: str) -> None:
    from ... import __version__

    _put(sheet, 1, 1, said(model.sheets["read-me"].labels, language), font=_font(bold=True, size=16, color=_INK))
    _put(sheet, 2, 1, f"napgraph {__version__}", font=_PALE)
    texts = model.page("read-me-", language)
    for row, text in enumerate(texts, 4):
        _put(sheet, row, 1, text, alignment=_TOP)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        sheet.row_dimensions[row].height = 16 * (len(text) // 100 + 1) + 4
    for row, each in enumerate((each for each in model.sheets.values() if each.columns), 5 + len(texts)):
        text = said(each.help, language)
        _put(sheet, row, 1, said(each.labels, language), font=_BOLD, alignment=_TOP)
        _put(sheet, row, 2, text, alignment=_TOP)
        sheet.row_dimensions[row].height = 16 * (len(text) // 80 + 1) + 2
    _set_widths(sheet, [30, 84])
    sheet.sheet_view.showGridLines = False
    _finish(sheet, "", "", wide=False)
