"""Take sources one by one through reading and judging, each in a child process that can be stopped.

Whatever becomes of a source, it gets a report: one that could not be read, took too long or broke the reader has one
finding that says so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..errors import IntakeError, NapgraphError, SourceFileError
from .validator import Checker

if TYPE_CHECKING:
    from ..records.limits import Limits
    from ..records.source import Source
    from .report import Report


class Item(NamedTuple):
    """One source as it goes to a child: its name, and a path or bytes."""

    name: str
    content: str | bytes


class Examiner:
    """Reads and judges sources by one set of rules, in one language, within limits."""

    def __init__(self, root: str, profile: str | None, engine: str, language: str, limits: Limits) -> None:
        self._root, self._profile, self._engine = root, profile, engine
        self._language, self._limits = language, limits
        self._checker = Checker(root, profile, engine, language)

    @property
    def profiles(self) -> list[str]:
        """The profiles that there are to judge by."""
        return self._checker.profiles

    def warm(self) -> None:
        """Read the rules once, before sources are taken."""
        self._checker.warm()

    def bundle(self) -> Report:
        """Return the report of the bundled data."""
        return self._checker.check_bundle()

    def each(self, sources: Sequence[Source], jobs: int) -> Iterator[Report]:
        """Yield a report of every source, in their order."""
        from ..sandbox import Pool, run

        seconds, memory = self._limits.seconds, self._limits.memory
        if len(sources) == 1:
            item = self._item(sources[0])
            if isinstance(item, SourceFileError):
                yield self._checker.refused(item)
                return
            try:
                yield run(self.report, item, seconds=seconds, memory=memory, source=item.name)
            except SourceFileError as error:
                yield self._checker.refused(error)
            return
        self._checker.warm()
        with Pool(jobs, self._told, seconds=seconds, memory=memory, name=_name) as pool:
            for result in pool.map(map(self._item, sources)):
                if isinstance(result, SourceFileError):
                    yield self._checker.refused(result)
                elif isinstance(result, BaseException):
                    raise result
                else:
                    yield result

    def _told(self, item: Item | SourceFileError) -> Report:
        if isinstance(item, SourceFileError):
            raise item
        return self.report(item)

    def report(self, item: Item) -> Report:
        """Read one source and judge what it states. Meant for a child process: a source may take all there is."""
        from ..records.read import read

        try:
            record = read(item.content, name=item.name, limits=self._limits, root=self._root)
            return self._checker.check_record(record)
        except (NapgraphError, MemoryError):
            raise
        except Exception as error:  # whatever a stranger's file can break ends as a refusal
            problem = f"the checker failed on this file ({type(error).__name__})."
            mend = "Please report it, with the file if it may be shown."
            raise IntakeError(item.name, problem, mend=mend, key="failed") from error

    def _item(self, source: Source) -> Item | SourceFileError:
        """Return what goes to a child: a path as it is, anything else as the bytes that it holds."""
        from ..records.source import name_of, read_bytes

        name = name_of(source)
        if isinstance(source, (str, os.PathLike)) and source != "-":
            return Item(name, os.fspath(source))
        try:
            return Item(name, read_bytes(source, name, self._limits))
        except SourceFileError as error:
            return error

    def __getstate__(self) -> dict[str, object]:
        return {key: value for key, value in self.__dict__.items() if key != "_checker"}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._checker = Checker(self._root, self._profile, self._engine, self._language)


def _name(item: Item | SourceFileError) -> str:
    return item.name if isinstance(item, Item) else item.path
