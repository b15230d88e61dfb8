"""Write the sheets as an xlsx workbook: questions, headings with help, drop-downs, lists, an example in grey."""

import io
from functools import partial
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import Outline, PageSetupProperties
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
_COUNTS = 6  # the first of the hidden columns in which the first sheet counts
_OWN = {"document-extent", "document-examined", "document-profile"}
_INK, _MUTED, _LINK = "1F2A37", "6B7280", "0B4F9C"
_REQUIRED, _HEAD, _EXAMPLE, _DARK, _YOURS = (
    PatternFill("solid", fgColor=colour) for colour in ("FFE8A6", "D9E5F2", "F3F4F6", "08306B", "FFFEF5")
)
_NEEDED = PatternFill("solid", bgColor="FFE8A6")  # of a rule, whose colour is that of the ground
_TOP = Alignment(vertical="top", wrap_text=True)
_LINE = Side(style="thin", color="C3CAD4")
_BORDER = Border(bottom=_LINE, right=_LINE)
_EDGE, _THICK = (
    Border(left=side, right=side, top=side, bottom=side)
    for side in (Side(style=style, color="8A4B00") for style in ("thin", "medium"))
)
_font: Any = partial(Font, name="Calibri", size=11)
_BOLD, _PALE, _WHITE = _font(bold=True, color=_INK), _font(color=_MUTED), _font(bold=True, color="FFFFFF")


def empty(model: Model, language: str, country: str = "") -> Filled:
    """Return a workbook to be filled in: one document of ``country``, of which nothing is claimed yet."""
    sheet = model.sheets["document"]
    record: dict[str, Scalar] = {sheet.name_of("language"): language}
    if country and (column := sheet.column("document-jurisdiction")):
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
    _Start(book.create_sheet(titles["read-me"]), laid, model, language)
    sheets = {each.sheet.name: book.create_sheet(each.title) for each in laid}
    lists = _lists(book.create_sheet(titles["lists"]), model, language)
    for each in laid:
        if each.sheet.name == "other":
            sheet, columns = sheets["other"], len(each.lines[0])
            for at, value in each.filled():
                heading: dict[str, Any] = {"font": _BOLD, "fill": _HEAD} if at[0] == 1 else {}
                _put(sheet, *at, value, number_format="@", alignment=_TOP, **heading)
            _set_widths(sheet, ([44] * 3 + [16] * columns)[:columns])
            sheet.freeze_panes = "A2"
            book.move_sheet(sheet, 1)
        else:
            _sheet(sheets[each.sheet.name], each, model, language, lists)
            if not each.sheet.step and not filled.records.get(each.sheet.name):
                sheets[each.sheet.name].sheet_state = "hidden"
    book[titles["lists"]].sheet_state = "hidden"
    book.active = 0 if examples else 1  # who fills it in begins with the page that says how
    out = io.BytesIO()
    book.save(out)
    return undated(out.getvalue())


def _put(sheet: Worksheet, row: int, column: int, value: Scalar | None = None, **style: object) -> None:
    """Write and format a cell, or only format it; a text is a string whatever it begins with."""
    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    for name, look in style.items():
        setattr(cell, name, look)


def _sheet(sheet: Worksheet, laid: Laid, model: Model, language: str, lists: dict[str, str]) -> None:
    down, first = laid.sheet.down, 2 + laid.examples
    given = {position[down ^ 1] for position, _ in laid.filled() if position[down] >= first}
    for (row, position), value in laid.filled():
        _put(sheet, row, position, value, font=_font(), alignment=_TOP)
    for number, column in enumerate(laid.columns, 1):
        source = _offered(column, laid.sheet, model, language, lists)
        is_open = bool(column.opens or column.needed or number in given)
        _column(sheet, laid, number, said(column.help, language), source, is_open=is_open)
    sheet.sheet_properties.outlinePr = Outline(summaryBelow=False, summaryRight=False)
    if down:
        sheet.sheet_format.outlineLevelRow = 1
        _set_widths(sheet, [38] * 3 + [30] * (_DOCUMENTS - 4))
    else:
        sheet.row_dimensions[1].height = 50
    _finish(sheet, "B1" if down else f"B{first}", "3B6EA5" if down else "9DB7D5", wide=not down)


def _column(sheet: Worksheet, laid: Laid, number: int, note: str, source: str, *, is_open: bool) -> None:
    """Format a column, or the line where records are columns: heading with help, example, what is needed or offered."""
    down, column, first, letter = laid.sheet.down, laid.columns[number - 1], 2 + laid.examples, letters(number)
    cells = [(number, at) if down else (at, number) for at in range(1, len(laid.lines[0] if down else laid.lines) + 1)]
    form = "General" if column.kind in _NUMBERS else "@"  # as text, so that no program makes a date of 2027-03
    for at in cells:
        _put(sheet, *at, number_format=form)
    fill, border = (_REQUIRED, _THICK) if column.needed else (_HEAD, _BORDER)
    _put(sheet, *cells[0], font=_BOLD, fill=fill, border=border, alignment=_TOP)
    if note:
        sheet.cell(*cells[0]).comment = Comment(note, "napgraph", 40 + 18 * (len(note) // 44 + 1), 320)
    if laid.examples:
        _put(sheet, *cells[1], font=_font(italic=True, color=_MUTED), fill=_EXAMPLE, alignment=_TOP)
    dimension = sheet.row_dimensions[number] if down else sheet.column_dimensions[letter]
    dimension.number_format = form
    if not is_open:
        dimension.outlineLevel, dimension.hidden = 1, True
    if down:
        longest = max(len(value) for value in laid.lines[number - 1] if isinstance(value, str))
        sheet.row_dimensions[number].height = 16 * min(longest // 36 + 1, 12)
        top, last = f"{letters(first)}{number}", f"{letters(_DOCUMENTS)}{number}"
        begun = f"OR(COLUMN()={first},COUNTA({letters(first)}$1:{letters(first)}${len(laid.columns)})>0)"
    else:
        _set_widths(sheet, [max(_WIDE.get(column.kind, 16), 24 if column.needed else 0)], number)
        top, last = f"{letter}{first}", f"{letter}{_ROWS}"
        begun = f"COUNTA($A{first}:${letters(len(laid.columns))}{first})>0"
    if column.needed:  # its cells are coloured while they are empty and their record has begun; the first document has
        _rule(sheet, f"{top}:{last}", f"AND({begun},LEN({top})=0)", fill=_NEEDED, border=_EDGE)
    if source:  # other answers are not refused, as several values and gaps are good too
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
        rule.add(f"{top}:{last}")
        sheet.add_data_validation(rule)


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
        elif column.kind == "degree":
            rows = next([(said(one.degree, language), "") for one in own] for by, own in each.graded() if by is column)
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


class _Start:
    """The first sheet: the questions with their state, the steps with what is missing, how to send, colours."""

    def __init__(self, sheet: Worksheet, laid: list[Laid], model: Model, language: str) -> None:
        from ... import __version__

        self._sheet, self._laid, self._model, self._language = sheet, laid, model, language
        self._needed = model.word("required", language)
        self._filled, self._open = self._say("filled"), self._say("not-started")
        _put(sheet, 1, 1, self._say("title"), font=_font(bold=True, size=18, color=_INK))
        _put(sheet, 1, 5, f"napgraph {__version__}", font=_PALE)
        _put(sheet, 2, 1, self._say("lead"), font=_PALE)
        last = self._questions(5)
        row = self._steps(last + 2)
        answered = f'COUNTIF(E6:E{last},"✓*")'
        words = f'&" "&{_quoted(self._say("answered"))}&", "&SUM(F6:F{row})&" "&{_quoted(self._say("cells"))}'
        _formula(sheet, 3, 1, answered + words)
        bar = f'REPT("█",{answered})&REPT("░",COUNTIF(E6:E{last},"<>✓*"))'
        _formula(sheet, 3, 4, bar, font=_font(color="08306B"))
        for sign, colour in (("✓", "1C6B3C"), ("●", "8A4B00")):
            _rule(sheet, f"E6:E{row}", f'LEFT($E6,1)="{sign}"', font=Font(bold=True, color=colour))
        _rule(sheet, f"B6:B{last}", 'LEFT($E6,1)="●"', fill=_NEEDED, border=_EDGE)
        self._notes(row + 1)
        sheet.protection.enable()  # what is typed here would not be read: each question leads to its place
        _set_widths(sheet, [30, 46, 12, 50, 18])
        for column in range(_COUNTS, sheet.max_column + 1):
            sheet.column_dimensions[letters(column)].hidden = True
        sheet.sheet_view.showGridLines = False
        _finish(sheet, "", "", wide=False)
        sheet.page_setup.fitToHeight = 1

    def _say(self, name: str) -> str:
        return self._model.word(f"start-{name}", self._language)

    def _head(self, row: int, *names: str) -> None:
        for column, name in enumerate(names, 1):
            _put(self._sheet, row, column, name and self._say(name), font=_WHITE, fill=_DARK, alignment=_TOP)

    def _row(self, row: int, title: str, place: str, *texts: tuple[int, str]) -> None:
        """Write the link that a row begins with, and its texts by column."""
        look = _font(color=_LINK, underline="single")
        _put(self._sheet, row, 1, title, font=look, alignment=_TOP)
        self._sheet.cell(row, 1).hyperlink = Hyperlink(ref=f"A{row}", location=place)
        for column, text in texts:
            _put(self._sheet, row, column, text, font=_PALE, alignment=_TOP)
            self._sheet.row_dimensions[row].height = 15 * (len(text) // 46 + 1) + 2

    def _questions(self, head: int) -> int:
        self._head(head, "question", "answer", "", "what", "state")
        document = next(each for each in self._laid if each.sheet.down)
        first, beside = letters(2 + document.examples), self._model.word("example", self._language).capitalize()
        for row, column in enumerate(self._model.questions, head + 1):
            place = _range(document.title, f"{first}{document.columns.index(column) + 1}")
            shown = example(column, document.sheet, self._model, self._language)
            told = said(column.help, self._language) + (f" {beside}: {shown}" if shown else "")
            self._row(row, said(column.labels, self._language), place, (4, told))
            _formula(self._sheet, row, 2, f'IF({place}="","",{place})', fill=_YOURS, border=_BORDER, alignment=_TOP)
            state = _quoted(self._needed if column.needed else self._open)
            _formula(self._sheet, row, 5, f'IF(B{row}="",{state},{_quoted(self._filled)})')
        return head + len(self._model.questions)

    def _steps(self, row: int) -> int:
        self._head(row, "sheet", "goes-there", "rows", "missing", "state")
        for step in sorted({each.step for each in self._model.sheets.values()} - {0}):
            row += 1
            for column, text in enumerate((self._say(f"step-{step}"), *[None] * 4), 1):
                _put(self._sheet, row, column, text, font=_BOLD, fill=_HEAD)
            for each in (each for each in self._laid if each.sheet.step == step):
                row += 1
                self._row(row, each.title, _range(each.title, "A1"), (2, said(each.sheet.help, self._language)))
                rows, missing = _counts(each, self._language)
                for column, count in enumerate(missing.values(), _COUNTS + 1):
                    _formula(self._sheet, row, column, count)
                cells = [f"{letters(column)}{row}" for column in range(_COUNTS + 1, _COUNTS + 1 + len(missing))]
                told = zip(cells, missing, strict=True)
                words = [f'IF({cell}>0,{_quoted(f"{name}: ")}&{cell}&"  ","")' for cell, name in told]
                _formula(self._sheet, row, 3, rows, alignment=_TOP)
                _formula(self._sheet, row, 4, "&".join(words), alignment=_TOP)
                _formula(self._sheet, row, _COUNTS, f"SUM({cells[0]}:{cells[-1]})")
                begun = f'IF(F{row}=0,{_quoted(self._filled)},"● "&F{row}&{_quoted(self._needed[1:])})'
                _formula(self._sheet, row, 5, f"IF(C{row}=0,{_quoted(self._open)},{begun})")
        return row

    def _notes(self, first: int) -> None:
        notes = self._model.page("read-me-", self._language)
        lines = {"+": "more", self._say("check"): "check-how", self._say("empty"): "empty-how"}
        told = [(name, self._say(text)) for name, text in lines.items()]
        told += [("" if number else self._say("good-to-know"), text) for number, text in enumerate(notes)]
        for row, (name, text) in enumerate(told, first):
            _put(self._sheet, row, 1, name, font=_BOLD, alignment=_TOP)
            _put(self._sheet, row, 2, text, alignment=_TOP)
            self._sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=5)
            self._sheet.row_dimensions[row].height = 16 * (len(text) // 110 + 1) + 4
        _put(self._sheet, first + len(told), 1, self._say("colours"), font=_BOLD)
        looks = {2: (self._needed, _REQUIRED, _THICK), 4: (self._say("is-example"), _EXAMPLE, _BORDER)}
        for column, (text, fill, border) in (looks | {5: (self._say("by-formula"), _YOURS, _BORDER)}).items():
            _put(self._sheet, first + len(told), column, text, fill=fill, border=border, alignment=_TOP)


def _counts(laid: Laid, language: str) -> tuple[str, dict[str, str]]:
    """Return formulas: how many rows are filled, and by heading how many of them lack a cell that is needed."""
    first, sheet = 2 + laid.examples, laid.sheet

    def area(column: Column) -> str:
        at = laid.columns.index(column) + 1
        cells = f"${letters(first)}${at}" if sheet.down else f"${letters(at)}${first}:${letters(at)}${_ROWS}"
        return _range(laid.title, cells)

    names = {said(each.labels, language): each for each in laid.columns if each.needed}
    if sheet.down:
        title = next(each for each in laid.columns if each.name == "document-title")
        row = area(title).rpartition("$")[2]
        across = _range(laid.title, f"${letters(first)}${row}:${letters(_DOCUMENTS)}${row}")
        return f"COUNTA({across})", {name: f'IF({area(each)}="",1,0)' for name, each in names.items()}
    filled = "+".join(f'({area(each)}<>"")' for each in laid.columns if each.opens or each.needed)
    usual, of_kind = said(sheet.kinds[0].labels, language), ""
    for each in (each for each in laid.columns if each.kind == "kind"):
        of_kind = f'*((({area(each)}="")+({area(each)}="{usual}"))>0)'
    missing = {}
    for name, column in names.items():  # a rule may ask for either of two, or both say the same, as start and length
        own = {column.part} - {None}
        alike = [each for each in laid.columns if each is column or {*each.rules} & {*column.rules} or each.part in own]
        silent = "*".join(f'({area(each)}="")' for each in alike)
        missing[name] = f"SUMPRODUCT((({filled})>0)*{silent}{of_kind if column.kind != 'evidence' else ''})"
    return f"SUMPRODUCT(--(({filled})>0))", missing


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _formula(sheet: Worksheet, row: int, column: int, formula: str, **style: object) -> None:
    _put(sheet, row, column, None, **style)
    sheet.cell(row, column).value = f"={formula}"


def _rule(sheet: Worksheet, area: str, formula: str, **look: object) -> None:
    """Give the cells of an area, of which ``formula`` speaks of the first, a look where it holds."""
    made: Any = FormulaRule
    sheet.conditional_formatting.add(area, made(formula=[formula], **look))
