"""The formats of reports, by name and by the ending of a file."""

from __future__ import annotations

import os

FORMATS = ("text", "html", "json", "jsonl", "csv", "xlsx", "sarif", "junit", "turtle")
ENDINGS = {
    ".txt": "text",
    ".html": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".sarif": "sarif",
    ".xml": "junit",
    ".ttl": "turtle",
}


def form_of(form: str | None, output: str | None) -> str:
    """Return the format that was asked for, or the one that the output file's name means, else text."""
    return form or ENDINGS.get(os.path.splitext(output or "")[1].casefold(), "text")
