"""A stranger's file judged, in a worker process: read, checked and reported on as ``napgraph check`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import SourceFileError
from .http import Refusal
from .sparql import Answer

if TYPE_CHECKING:
    from ..records.limits import Limits
    from ..validation.validator import BatchValidator

LANGUAGES = ("en", "fr", "es")
REPORTS = {
    "application/json": "json",
    "text/html": "html",
    "text/turtle": "turtle",
    "text/csv": "csv",
    "text/plain": "text",
    "application/sarif+json": "sarif",
    "application/xml": "junit",
}


class Submission(NamedTuple):
    """A file as it was sent: content and name, the profile to judge by, the language, and the report's media type."""

    content: bytes
    name: str
    profile: str | None
    language: str
    media: str


class Judging:
    """Checks submissions by the rules under ``root``, read before the processes are forked that share them."""

    def __init__(self, root: str, limits: Limits) -> None:
        self._root, self._limits = root, limits
        self._validators: dict[tuple[str | None, str], BatchValidator] = {}
        self._validator(None, LANGUAGES[0])

    def __call__(self, message: object) -> Answer:
        """Return the report of a Submission; raises Refusal (422) for a file that cannot be read."""
        from ..validation.reports import render
        from ..validation.validator import Item

        assert isinstance(message, Submission)  # noqa: S101
        validator = self._validator(message.profile, message.language)
        try:
            report = validator.report(Item(message.name, message.content))
        except SourceFileError as error:
            raise Refusal(422, str(error)) from error
        return Answer(render([report], REPORTS[message.media], self._root), message.media)

    @property
    def profiles(self) -> list[str]:
        """The profiles that a submission may be judged by."""
        return self._validators[None, LANGUAGES[0]].checker.profiles

    def _validator(self, profile: str | None, language: str) -> BatchValidator:
        from ..validation.validator import BatchValidator

        key = profile, language
        if key not in self._validators:
            self._validators[key] = BatchValidator(self._root, profile, "compiled", language, self._limits)
            self._validators[key].checker.warm()
        return self._validators[key]
