"""A stranger's file judged, in a worker process: read, checked and reported on as ``napgraph check`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import SourceFileError
from .http import Refusal
from .sparql import Answer

if TYPE_CHECKING:
    from ..records.limits import Limits
    from ..validation.examine import Examiner

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
        self._examiners: dict[tuple[str | None, str], Examiner] = {}
        self._examiner(None, LANGUAGES[0])

    def __call__(self, message: object) -> Answer:
        """Return the report of a Submission; raises Refusal (422) for a file that cannot be read."""
        from ..validation.examine import Item
        from ..validation.reports import render

        assert isinstance(message, Submission)  # noqa: S101
        examiner = self._examiner(message.profile, message.language)
        try:
            report = examiner.report(Item(message.name, message.content))
        except SourceFileError as error:
            raise Refusal(422, str(error)) from error
        return Answer(render([report], REPORTS[message.media], self._root), message.media)

    @property
    def profiles(self) -> list[str]:
        """The profiles that a submission may be judged by."""
        return self._examiners[None, LANGUAGES[0]].profiles

    def _examiner(self, profile: str | None, language: str) -> Examiner:
        from ..validation.examine import Examiner

        key = profile, language
        if key not in self._examiners:
            self._examiners[key] = Examiner(self._root, profile, "compiled", language, self._limits)
            self._examiners[key].warm()
        return self._examiners[key]
