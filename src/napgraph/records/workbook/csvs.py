"""Write the sheets as CSV files: UTF-8 with a mark, so that spreadsheets read them right.

A text that a spreadsheet would take for a formula has a ' before it, which the reader takes away again.
"""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

from ..numbers import number_readings

if TYPE_CHECKING:
    from .grid import Scalar
    from .tables import Laid

_SIGNS = tuple("=+-@\t\r'")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def csv_files(laid: list[Laid]) -> dict[str, bytes]:
    """Return name -> content of one CSV file for each sheet."""
    made = {}
    for each in laid:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerows([[_guarded(value) for value in line] for line in each.lines])
        made[f"{each.sheet.name}.csv"] = b"\xef\xbb\xbf" + out.getvalue().encode()
    return made


def zipped(files: dict[str, bytes]) -> bytes:
    """Return ``files`` as a zip; the same files always give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _guarded(value: Scalar | None) -> str:
    if isinstance(value, float) and len(number_readings(str(value))) > 1:
        return f"{value}0"  # 420.125 might be thousands
    guarded = isinstance(value, str) and value.startswith(_SIGNS)
    return f"'{value}" if guarded else "" if value is None else str(value)
