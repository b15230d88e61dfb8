"""Write the sheets as an xlsx workbook: headings with help, drop-downs, the lists, an example in grey.

Every text is written as a string, never as a formula. What the sheets hold is laid out in ``tables``.
"""

from __future__ import annotations

import io

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
_PREFILLED = ("document-extent", "document-profile", "document-examined")
_INK, _MUTED = "1F2A37", "6B7280"
_REQUIRED, _HEAD, _EXAMPLE = (PatternFill("solid", fgColor=colour) for colour in ("F6D8AE", "D9E5F2", "F3F4F6"))
_LINE = Side(style="thin", color="C3CAD4")
_TOP = Alignment(vertical="top", wrap_text=True)


def _font(**look: object) -> Font:
    return Font(name="Calibri", **{"size": 11, **look})  # type: ignore[arg-type]


_BOLD = _font(bold=True, color=_INK)


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
    down = laid.sheet.down
    for row, line in enumerate(laid.lines, 1):
        for position, value in enumerate(line, 1):
            style: dict[str, object] = {"alignment": _TOP, "font": _font()} if value not in {None, ""} else {}
            if laid.columns[(row if down else position) - 1].kind not in _NUMBERS:
                style["number_format"] = "@"
            _put(sheet, row, position, None if value == "" else value, **style)
    for number, column in enumerate(laid.columns, 1):
        fill, border = _REQUIRED if column.needed else _HEAD, Border(bottom=_LINE, right=_LINE)
        at = (number, 1) if down else (1, number)
        _put(sheet, *at, font=_BOLD, fill=fill, border=border, alignment=_TOP)
        if note := said(column.help, language):
            sheet.cell(*at).comment = comment = Comment(note, "napgraph")
            comment.width, comment.height = 320, 40 + 18 * (len(note) // 44 + 1)
        if laid.examples:
            grey = _font(italic=True, color=_MUTED)
            _put(sheet, *((number, 2) if down else (2, number)), font=grey, fill=_EXAMPLE, alignment=_TOP)
        # as text, so that no program makes a date of 2027-03
        dimension = sheet.row_dimensions[number] if down else sheet.column_dimensions[letters(number)]
        dimension.number_format = "General" if column.kind in _NUMBERS else "@"
        if not down:
            _set_widths(sheet, [max(_WIDE.get(column.kind, 16), 24 if column.needed else 0)], number)
        _validate(sheet, laid, number, _offered(column, laid.sheet, model, language, lists))
    if down:
        for number, line in enumerate(laid.lines, 1):
            longest = max(len(value) for value in line if isinstance(value, str))
            sheet.row_dimensions[number].height = 16 * min(longest // 36 + 1, 12)
        _set_widths(sheet, [38] * 3 + [30] * (_DOCUMENTS - 4))
    else:
        sheet.row_dimensions[1].height = 50
    _finish(sheet, "B1" if down else f"B{2 + laid.examples}", "3B6EA5" if down else "9DB7D5", wide=not down)


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


def _validate(sheet: Worksheet, laid: Laid, number: int, source: str) -> None:
    """Offer what may stand in a column; other answers are not refused, as several values and gaps are good too."""
    if source:
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
        first, at = 2 + laid.examples, letters(number)
        down = f"{letters(first)}{number}:{letters(_DOCUMENTS)}{number}"
        rule.add(down if laid.sheet.down else f"{at}{first}:{at}{_ROWS}")
        sheet.add_data_validation(rule)


def _offered(column: Column, sheet: Sheet, model: Model, language: str, lists: dict[str, str]) -> str:
    """Return the range of what may stand in a column: a list, or the ids or names on the sheet that it refers to."""
    if column.kind == "owner":
        return _range(said(model.sheets["document"].labels, language), "$B$1:$Z$1")
    if not column.points or column.kind not in {"reference", "part-of", "about", "source", "name", "place"}:
        return lists.get(_list_name(sheet, column), "")
    pointed = {model.kinds[kind].sheet for kind in column.points}
    other = model.sheets[pointed.pop()]
    if pointed:
        return ""
    title = said(other.labels, language)
    if other.down:
        return _range(title, "$C$1:$Z$1")
    wanted = "bodies-name" if other.name == "bodies" else "id"
    at = next((letters(at) for at, each in enumerate(other.columns, 1) if each.name == wanted), "")
    return _range(title, f"${at}$3:${at}${_ROWS}") if at else ""


def _list_name(sheet: Sheet, column: Column) -> str:
    return column.name if column.kind == "code" else f"{sheet.name}-kind" if column.kind == "kind" else ""


def _range(title: str, cells: str) -> str:
    quoted = title.replace("'", "''")
    return f"'{quoted}'!{cells}"


def _lists(sheet: Worksheet, model: Model, language: str) -> dict[str, str]:
    """Write the lists of codes and kinds side by side; return the range of each by its name."""
    found: dict[str, str] = {}
    written: dict[tuple[str, ...], str] = {}
    for each in model.sheets.values():
        for column in each.columns:
            head = said(column.labels, language)
            if column.kind == "code":
                rows = [(said(code.labels, language), slug(code.iri)) for code in model.choices(column)]
                # What a rule requires without a way out is not answered by saying that the plan is silent.
                rows += [(model.word("not-stated", language), "")] if column.needed != "required" else []
            elif column.kind == "kind":
                rows = [(said(kind.labels, language), "") for kind in each.kinds if kind.labels]
                head = f"{said(each.labels, language)}: {head}"
            else:
                continue
            key = tuple(label for label, _ in rows)
            if key not in written:
                written[key] = _list(sheet, 1 + 3 * len(written), head, rows)
            found[_list_name(each, column)] = written[key]
    _finish(sheet, "A2", "C3CAD4", wide=True)
    return found


def _list(sheet: Worksheet, position: int, head: str, rows: list[tuple[str, str]]) -> str:
    _put(sheet, 1, position, head, font=_BOLD, fill=_HEAD, alignment=_TOP)
    for number, (label, code) in enumerate(rows, 2):
        _put(sheet, number, position, label)
        if code:
            _put(sheet, number, position + 1, code, font=_font(color=_MUTED))
    _set_widths(sheet, [34, 22, 3], position)
    return _range(sheet.title, f"${letters(position)}$2:${letters(position)}${len(rows) + 1}")


def _read_me(sheet: Worksheet, model: Model, language: str) -> None:
    from ... import __version__

    _put(sheet, 1, 1, said(model.sheets["read-me"].labels, language), font=_font(bold=True, size=16, color=_INK))
    _put(sheet, 2, 1, f"napgraph {__version__}", font=_font(color=_MUTED))
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


def _statements(sheet: Worksheet, laid: Laid) -> None:
    for at, value in laid.filled():
        _put(sheet, *at, value, number_format="@", alignment=_TOP)
    columns = len(laid.lines[0])
    for column in range(1, columns + 1):
        _put(sheet, 1, column, font=_BOLD, fill=_HEAD)
    _set_widths(sheet, ([44] * 3 + [16] * columns)[:columns])
    sheet.freeze_panes = "A2"
