"""What a cell says: the terms that stand for its values, for every kind of cell.

Bodies and passages that are named but have no row are made here, and said through ``say``, at the cell that names them.
Before, words such as ``over 60``, ``2018/19`` or ``three years`` are moved to the cells that they stand for.
"""

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from functools import partial

import pyoxigraph

from ...errors import nearest
from ...rdf.namespaces import slug
from ..numbers import ascii_digits, number_readings
from ..record import Location
from . import cells
from .cells import Cell, Tell, Term, count_meant, items
from .model import Column, Model, digest, fold, said, slugged
from .rows import NOTHING, Row, Rows, last_part

_CUT = re.compile(r"\s*[,:]\s*|\s+|$")
ELSEWHERE = {"id", "kind", "owner", "language", "degree"}  # read in ``rows``
_FREE = {"text", "plain", "words", "name"}
_ALIKE = 0.75
_SCALES = ("units", "hundreds", "thousands", "millions", "billions")
_WEB = re.compile(r"\b(?:https?://|www\.|doi:|urn:)\S+", re.IGNORECASE)
_CONTACTS = {
    "e-mail": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "telephone": re.compile(
        r"\+[1-9][0-9]{0,3}[ .\-/()\u00a00-9]{6,16}[0-9]"
        r"|\(0?[0-9]{2,3}\)[ \u00a0]?[0-9]{3,4}[ .-][0-9]{3,4}\b"
        r"|(?<![\w.,/-])(?![0-9 .\-/]*\b(?:19|20)[0-9]{2}\b)0[0-9]{1,3}(?:[ .\-/][0-9]{2,4}){3,4}(?![\w,/-])"
        r"|(?i:\b(?:t[ée]l[ée]?(?:(?:ph|f)on[eo]?)?|phone|mobile|m[óo]vil|cell|fax|whatsapp|тел|هاتف))[ .:]+"
        r"[0-9][0-9 .\-/]{5,}"
    ),
    "address": re.compile(
        r"\b[0-9]{1,4}[a-z]?,? (?:[A-Z][\w'’.-]* ){1,3}"
        r"(?:Street|St\.|Road|Rd\.|Avenue|Ave\.|Lane|Drive|Boulevard)(?!\w)"
        r"|\b[0-9]{1,4}(?: bis| ter)?,? (?i:rue|avenue|boulevard|chemin|impasse|allée) "
        r"(?:d[eu]s? |de la |d['’]|l[ae] )*[A-ZÀ-Ý]"
        r"|\b(?:Calle|C/(?= ?[A-ZÀ-Ý][a-zà-ÿ])|Avenida|Avda\.|Carrera|Rua|Via) ?"
        r"[A-ZÀ-Ý][\w .]{2,40}?,? ?(?:n\.?º ?|No\.? ?|# ?)?[0-9]{1,4}\b"
        r"|\b[A-ZÄÖÜ]\w+(?:straße|strasse|str\.|gasse|weg) [0-9]{1,4}\b"
    ),
}
_BETWEEN = re.compile(r"\s*[,;/&\n]\s*(?:(?:and|et|y|e|und)\s+)?|\s+(?:and|et|y|e|und|и)\s+|\s+و(?=\w)", re.IGNORECASE)
_MARKED = re.compile(r"\n|;|\s/\s|\S+\s+\S+\s*/\s*\S+\s+\S+")
_OF = re.compile(r"\b(?:of|for|on|against|de|del|des|du|da|do|dos|das|para|pour|für)\b|\b[dl]['’]", re.IGNORECASE)
_IN_LANGUAGE = re.compile(r"\[[a-z]{2,3}(?:-\w+)*\]")  # one name in several languages
_FIRST_WORD = 4
_REPORTED = ("activity", "goal", "objective", "pillar", "indicator", "target")  # what an id in a report may be of
_SPAN = re.compile(r"(?:[^\W\d_]{1,12}\.?\s+)?((?:19|20)[0-9]{2})\s*[/–—-]\s*([0-9]{4}|[0-9]{2})")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_BESIDE = {"of", "the", "de", "du", "le", "del", "el", "st", "nd", "rd", "th", "er", "e", "eme", "ème", "o", "º", "ª"}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_Found = dict[str, str]


class Answers:
    """Reads the cells of one workbook."""

    def __init__(
        self, rows: Rows, model: Model, tell: Tell, say: Callable[..., None], *, from_1904: bool = False
    ) -> None:
        self._rows, self._model, self._tell, self._say, self._from_1904 = rows, model, tell, say, from_1904
        self._named: dict[str, pyoxigraph.NamedNode] = {}
        self._one_text: dict[str, Callable[[str, Tell], Iterable[Term]]] = {
            "plain": lambda text, _: [pyoxigraph.Literal(text)],
            "yes": lambda text, _: [cells.read_yes(text, model)],
            "either": lambda text, _: cells.read_worded(text),
            "text": lambda text, tell: cells.read_texts(text, rows.language, rows.spoken, tell),
        }
        self._items: dict[str, Callable[[Row, Column, str], Term]] = {
            "words": lambda _, __, text: pyoxigraph.Literal(text),
            "duration": lambda _, __, text: cells.read_duration(text, model),
            "iri": lambda _, __, text: self._address(text),
            "code": self._code,
            "evidence": self._passage,
        }

    def values(self, row: Row, column: Column) -> list[Term] | None:
        """Return what a cell says, None where it says that the document does not state it."""
        cell, text = row.cells.get(column.name), row.text(column.name)
        if column.kind in ELSEWHERE or text == NOTHING:
            return []
        if cell is None or not text:
            if column.kind == "part-of" and not row.total and row.kinds[0].link is not None:
                total = next(filter(None, map(self._rows.totals.get, row.owners)), None)
                return [total.iri] if total else []
            is_own = column.kind == "source" and row.kinds[0].name == "passage" and row.owners
            return [self.source(row.owners[0], row.place(column.name))] if is_own else []
        silent = self._model.said_as["not-stated"]
        if fold(text).rstrip(".") in silent:
            names = self._model.code_names.get(column.codes, {}) if column.kind == "code" else {}
            code = next((iri for name, iri in names.items() if name in silent), None)
            return [pyoxigraph.NamedNode(code)] if code else None
        tell = partial(self._tell, place=row.place(column.name))
        if column.kind in _FREE and (found := contact(text)):
            tell(f"{found[0]}-in-text", value=found[1])
        if column.name == "bodies-name" and not row.key:  # a body with an id of its own is one
            self._tell_several(tell, text)
        one = self._one_text.get(column.kind)
        return [*one(text, tell)] if one else self._several(row, column, cell, tell)

    def _several(self, row: Row, column: Column, cell: Cell, tell: Tell) -> list[Term]:
        texts = items(cells.as_text(cell.value))
        if column.kind == "scale":
            worths = [(self._model.said_as[scale], self._model.word(scale, role="value")) for scale in _SCALES]
            texts = [next((worth for words, worth in worths if fold(each) in words), each) for each in texts]
        found = [Cell(each) for each in texts] if isinstance(cell.value, str) else [cell]
        if column.kind in {"number", "scale"}:
            scales = {each.part.cls for each in row.sheet.columns if each.kind == "scale" and each.part}
            money = column.part is not None and column.part.cls in scales
            return [cells.read_number(each, tell, money=money) for each in found]
        if column.kind == "date":
            return [cells.read_date(each, tell, from_1904=self._from_1904) for each in found]
        total = self._model.said_as["total"] if row.total and column.back else ()  # the name of the total itself
        read = self._items.get(column.kind, self._reference)
        return [read(row, column, each) for each in texts if fold(each) not in total]

    def source(self, document: Row, place: Location) -> pyoxigraph.NamedNode:
        """Return the source of a document's passages: the document's own text, which is made unless it has a row."""
        own = source_of(document)
        if own.value in self._rows.by_iri:
            return own
        self._say(own, self._model.type, self._model.kinds["source"].cls, place)
        for name in ("document-title", "document-label"):
            if (column := document.sheet.column(name)) and (texts := self.values(document, column)):
                break
        else:  # the short name will do, so that it is said once that the document has no title
            texts = [pyoxigraph.Literal(document.key or slug(document.iri.value))]
        for text in texts:
            self._say(own, self._model.terms[name], text, place)
        return own

    def _code(self, _: Row, column: Column, text: str) -> Term:
        found = self._model.code_names.get(column.codes, {}).get(fold(text))
        if found is None and column.name.endswith("jurisdiction"):
            found = self._rows.jurisdiction(text, column.codes)
        return pyoxigraph.NamedNode(found) if found else self._address(text)

    def _address(self, text: str) -> Term:
        """Return the address that a text is, or the text, for a rule to say what is wrong with it."""
        address = self._rows.address(text)
        return pyoxigraph.NamedNode(address) if address else pyoxigraph.Literal(text)

    def _reference(self, row: Row, column: Column, text: str) -> Term:
        """Return the row, the known body or work, or the address that a text means; a body that is none is made."""
        found = self._one(row, column, text, column.points)
        if found is None and column.kind not in {"name", "place"}:
            found = self._one(row, column, text, ())  # another kind of row: a rule says so, or another column takes it
            alike = [each for each in row.sheet.columns if each.writes == column.writes and each.part == column.part]
            if found is not None and (
                other := next((each for each in alike if each.points and found.is_of(each.points)), None)
            ):
                values = {"node": found.iri.value, "column": column.name, "other": other.name}
                self._tell("other-column", row.place(column.name), value=text, **values)
        if found is not None:
            return found.iri
        if column.kind == "place":
            place = self._rows.jurisdiction(text, column.codes)
            of_report = row.sheet.column("results-concerns") is column and not self._rows.address(text)
            return self._address(place or (self._reported(row, text) if of_report else text))
        kinds = [self._model.kinds[name] for name in column.points]
        classes = {kind.cls.value for kind in kinds}
        known = next((iri for iri, cls, _ in self._model.known.get(fold(text), ()) if cls in classes), None)
        own = self._named.get(fold(text)) if column.kind == "name" else self._event(row, text)
        name = text.removeprefix(f"{slug(self._rows.base[:-1])}/")  # of a recorded document of this jurisdiction
        if kinds and all(kind.sheet == "document" for kind in kinds) and slugged(name) == name:
            own = own or pyoxigraph.NamedNode(self._rows.base + name)
        meant = pyoxigraph.NamedNode(known) if known else own or self._address(text)
        is_new = column.kind == "name" and isinstance(meant, pyoxigraph.Literal)
        return self._make(row, column, text) if is_new else meant

    def _reported(self, row: Row, text: str) -> str:
        """Return the address of the plan, or of the part of it, that a report in a workbook of its own means.

        By the plan's short name, by the id that the part has in the plan's workbook, or by the address that tables
        show without what comes before it; an id counts in the plan that the report is on.
        """
        name = text.strip("/ ").removeprefix(f"{slug(self._rows.base[:-1])}/")
        reported = next((text for owner in row.owners for text in items(owner.text("document-reports-on"))), "")
        plan, _, part = name.rpartition("/")
        if not plan and (not reported or fold(part) == fold(reported)):
            return self._rows.base + slugged(part)
        above = plan or reported
        kinds = [self._model.kinds[kind] for kind in _REPORTED]
        kind = next((each for each in kinds if fold(part)[:1] == each.word[:1]), kinds[0])
        path = "/".join(filter(None, map(slugged, above.split("/"))))
        return f"{self._rows.address(above) or self._rows.base + path}/{last_part(kind, part, row.record)}"

    def _one(self, row: Row, column: Column, text: str, kinds: tuple[str, ...]) -> Row | None:
        """Return the row that a text means; where it may mean several, the first, and which is noted."""
        found = self._rows.find(text, kinds, row)
        if len(found) > 1:
            self._tell("ambiguous-row", row.place(column.name), value=text, count=str(len(found)))
        return next(iter(found), None)

    def _event(self, row: Row, text: str) -> pyoxigraph.NamedNode | None:
        """Return what stands within a document under this word: its adoption."""
        for owner in row.owners:
            word = fold(text).removeprefix(f"{fold(owner.key)}/")
            if any(each.part and each.part.word == word and owner.text(each.name) for each in owner.sheet.columns):
                return pyoxigraph.NamedNode(f"{owner.iri.value}/{word}") if word else None
        return None

    def _tell_several(self, tell: Tell, text: str) -> None:

        def is_body(name: str) -> bool:
            known = fold(name) in self._named or fold(name) in self._model.known
            return name != text and (known or bool(self._rows.find(name, {"body"})))

        if parts := several_names(text, is_body):
            tell("several-bodies", value=text, names="; ".join(parts))

    def _make(self, row: Row, column: Column, text: str) -> pyoxigraph.NamedNode:
        kind, place = self._model.kinds[column.points[0]], row.place(column.name)
        if cells.says_nothing(text, self._model):
            self._tell("no-name", place, value=text)
        self._tell_several(partial(self._tell, place=place), text)
        near = nearest(text, [*self._rows.named(column.points), *self._named])
        for other in (each for each in near if each[:1].casefold() == text[:1].casefold()):
            words, others = fold(other).split(), fold(text).split()
            rest = " ".join(word for word in words if word not in others)
            more = " ".join(word for word in others if word not in words)
            # What the two do not share is spelt alike, or only one has more words.
            if not rest or not more or SequenceMatcher(None, rest, more).ratio() >= _ALIKE:
                self._tell("near-name", place, value=text, nearest=other)
                break
        address = f"{self._rows.base}{slugged(text, kind.word) or f'{kind.word}-{digest(text)}'}"
        if address in self._rows.by_iri or address in {node.value for node in self._named.values()}:
            address += f"-{digest(text)}"
        node = self._named[fold(text)] = pyoxigraph.NamedNode(address)
        self._say(node, self._model.type, kind.cls, place)
        name = pyoxigraph.Literal(text, language=self._rows.language)
        self._say(node, self._model.terms["bodies-name"], name, place)
        return node

    def _passage(self, row: Row, column: Column, text: str) -> Term:
        """Return the passage that a cell names: a row, ``S1, p. 3`` of the source S1, or a place in the document."""
        if found := self._one(row, column, text, ("passage",)):
            return found.iri
        address, place = self._address(text), row.place(column.name)
        if isinstance(address, pyoxigraph.NamedNode):
            return address
        source, rest = self._cited(row, text)
        where = cells.read_place(rest, self._model) if rest or source is None else {}
        cited = source if source is not None and not source.sheet.down else None
        if cited is not None and not rest:
            return cited.iri  # the source itself, where no place is known
        above = cited or source or row.document
        if where is None or above is None:
            return address
        if (rest or cited is None) and cells.is_vague(rest, self._model):
            self._tell("which-place", place, value=text)
        last = "-".join(["passage", *(f"{cells.PLACE[name]}-{slugged(str(each))}" for name, each in where.items())])
        node = pyoxigraph.NamedNode(f"{above.iri.value}/{last}")
        origin = cited.iri if cited else self.source(above, place)
        self._say(node, self._model.type, self._model.kinds["passage"].cls, place)
        self._say(node, self._model.terms["evidence-source"], origin, place)
        for name, stated in where.items():
            literal = pyoxigraph.Literal(stated, language=self._rows.language if name == "section" else None)
            self._say(node, self._model.terms[f"evidence-{name}"], literal, place)
        return node

    def _cited(self, row: Row, text: str) -> tuple[Row | None, str]:
        """Return the source or document that a text begins with the Id or name of, and what follows."""
        kinds = {"source", *(kind.name for kind in self._model.sheets["document"].kinds)}
        for cut in reversed([found.span() for found in _CUT.finditer(text)]):
            if len(rows := self._rows.find(text[: cut[0]], kinds, row)) == 1:
                return rows[0], text[cut[1] :]
        return None, text


def source_of(document: Row) -> pyoxigraph.NamedNode:
    """Return the source that passages of a document have where they name no other."""
    return pyoxigraph.NamedNode(f"{document.iri.value}/source")


def contact(text: str) -> tuple[str, str] | None:
    """Return which way to reach somebody a text holds (``e-mail``, ``telephone``, ``address``), and its words."""
    bare = _WEB.sub(" ", text)
    found = ((name, pattern.search(bare)) for name, pattern in _CONTACTS.items())
    return next(((name, match[0].strip()) for name, match in found if match), None)


def several_names(text: str, is_body: Callable[[str], bool]) -> list[str]:
    """Return the names of bodies that a text seems to hold, nothing where it seems to hold one, as with ``of A, B``."""
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    if len(parts) < 2 or is_body(text) or _IN_LANGUAGE.search(text):  # noqa: PLR2004
        return []
    first = [fold(part).split()[0] for part in parts]
    alike = any(len(word) >= _FIRST_WORD and first.count(word) > 1 for word in first)
    short = all(part.isupper() and len(part.split()) == 1 for part in parts)
    listed = "," in text and not _OF.search(parts[0])
    return parts if alike or short or listed or _MARKED.search(text) or sum(map(is_body, parts)) > 1 else []


def spread(row: Row, model: Model, language: str, tell: Tell) -> None:
    """Move what the words of a cell say to the cells that hold it, and tell what was read."""
    readers: dict[str, Callable[[str, Model], _Found]] = {"number": read_number_words, "date": read_time_words}
    for column in row.sheet.columns:
        cell, read = row.cells.get(column.name), readers.get(column.kind)
        if read is None or cell is None or not isinstance(cell.value, str):
            continue
        beside = _beside(row, column)
        found = read(cell.value, model)
        if column.kind == "date":
            found = _of_side(found, column, beside, row)
        others = {beside[name].name for name in found if name in beside} - {column.name}
        if not found or not found.keys() <= beside.keys() or any(map(row.text, others)):
            continue  # what is there already is not overwritten
        if (printed := beside.get("asPrinted")) and not row.text(printed.name):
            found["asPrinted"] = cell.value
        del row.cells[column.name]
        row.cells |= {beside[name].name: Cell(text) for name, text in found.items()}
        meant = "; ".join(f"{said(beside[name].labels, language)} {text}" for name, text in found.items())
        tell("words-read", row.place(column.name), text=cell.value, value=meant)


def set_apart(row: Row, language: str, tell: Tell) -> None:
    """Move the graded values of a row to the cells of the columns that they are of."""
    for degrees, (host, *hosted) in row.sheet.graded():
        values, words = items(row.text(host.name)), items(row.text(degrees.name))
        known = {fold(text): each for each in (host, *hosted) for text in each.degree.values()}
        found = [known[fold(word)] for word in words if fold(word) in known]
        meant = found * len(values) if len(found) == 1 else found
        if words and (len(found) < len(words) or not values or len(meant) != len(values)):
            strange = next((word for word in words if fold(word) not in known), row.text(degrees.name))
            labels = [said(each.degree, language) for each in (host, *hosted)]
            near = "".join(nearest(strange, [*known], 1))
            tell("unknown-degree", row.place(degrees.name), value=strange, nearest=near, names=", ".join(labels))
        elif words:
            del row.cells[host.name]
            for column in (host, *hosted):
                own = [value for value, each in zip(values, meant, strict=True) if each is column]
                if own:
                    row.cells[column.name] = Cell("; ".join([*items(row.text(column.name)), *own]))


def _beside(row: Row, column: Column) -> dict[str, Column]:
    """Return the columns for the same thing, by the last part of the property that they state."""
    is_time = column.kind == "date" and column.part is None
    periods = (each.part for each in row.sheet.columns if is_time and each.part and each.part.name == "period")
    about = {column.part, *periods}
    columns = (each for each in reversed(row.sheet.columns) if len(each.writes) == 1 and each.part in about)
    return {slug(each.writes[0].value): each for each in columns}


def _of_side(found: _Found, column: Column, beside: dict[str, Column], row: Row) -> _Found:
    """Return of a span what a column is for: of a quarter its own end; of years both, unless the other is filled."""
    own = {slug(each.value) for each in column.writes}
    others = {"startDate", "endDate"} - own
    is_filled = any(row.text(beside[name].name) for name in others if name in beside)
    if len(own) == 1 and not own & {"date"} and (found.get("startDate", "")[4:] or is_filled):
        return {name: text for name, text in found.items() if name not in others}
    return found


def read_number_words(text: str, model: Model) -> _Found:
    """Return the value, minValue or maxValue that a text such as ``at least 25`` states, and whether it is about."""
    folded = fold(text)
    if len(number_readings(text)) == 1:
        return {}
    for name, meant in (("at-least", "minValue"), ("at-most", "maxValue"), ("about", "value")):
        for word in sorted(model.said_as[name], key=len, reverse=True):
            if folded.startswith(word) and (number := _number(folded[len(word) :].strip(), model)):
                return {meant: number} | ({"approximate": model.word("yes")} if name == "about" else {})
    if folded.endswith("+") and (number := _number(folded[:-1].strip(), model)):
        return {"minValue": number}
    for word in sorted(model.said_as["range"], key=len, reverse=True):
        least, found, most = folded.partition(f" {word} " if word.isalpha() else word)
        numbers = [_number(each.strip(), model) for each in (least, most)] if found else []
        if all(numbers) and numbers and float(numbers[0]) < float(numbers[1]):
            return {"minValue": numbers[0], "maxValue": numbers[1]}
    return {}


def _number(text: str, model: Model) -> str:
    """Return the one number that a text stands for, in digits or as a word, empty where there is none."""
    readings = number_readings(text)
    return readings[0] if len(readings) == 1 and text[:1] not in "+-" else count_meant(text, model)


def read_time_words(text: str, model: Model) -> _Found:
    """Return the startDate and endDate, or the length, that ``2018/19``, ``Q3 2026`` or ``three years`` state."""
    plain = ascii_digits(text.strip())
    if span := _SPAN.fullmatch(plain):
        first, last = int(span[1]), span[2]
        is_year = len(last) == 4 or (int(last) > 12 and int(last) == (first + 1) % 100)  # noqa: PLR2004, 2011-12 is a month
        end = int(last) if len(last) == 4 else first + 1  # noqa: PLR2004
        return {"startDate": str(first), "endDate": str(end)} if is_year and end > first else {}
    if year := _YEAR.search(plain):
        signs = re.findall(r"[^\W\d_]+|[0-9]+|[ºª]", fold(f"{plain[: year.start()]} {plain[year.end() :]}"))
        marks = {"q", "t", *model.said_as["quarters"]}
        numbers = [_ROMAN.get(sign) or int(sign) for sign in signs if sign in _ROMAN or sign.isdecimal()]
        others = {sign for sign in signs if sign not in _ROMAN and not sign.isdecimal()}
        if len(numbers) == 1 and numbers[0] in range(1, 5) and others & marks and others <= marks | _BESIDE:
            last_month = 3 * numbers[0]
            return {"startDate": f"{year[0]}-{last_month - 2:02}", "endDate": f"{year[0]}-{last_month:02}"}
        return {}
    counted = plain[:1].isdecimal() or count_meant(re.split(r"[\s-]", plain)[0], model)
    return {"length": text} if counted and cells.read_duration(text, model).datatype.value.endswith("duration") else {}
