"""The error tree: everything Synaspis raises on purpose.

SynaspisError               anything below; the command line shows its text and nothing else
├── InputError              the user's input is wrong: all problems at once, exit 2
├── RunFolderError          a run folder is missing, incomplete or from another version, exit 2
├── JournalError            a journal is damaged, in use, or of another case or keeper, exit 2
├── NotRecordedError        a journal cannot take an entry now (disk full, queue full): do not acknowledge it
├── BusError                a node's link to the others cannot be opened
├── ServerError             an exercise's server cannot be opened
├── ClusterError            a cluster cannot be reached, has none of this version, or was lost
├── UnreachableError        no trajectory of this class joins the two places, exit 2
└── CapacityError           a fixed-size working array was too small: our mistake, with the size to raise
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a file: where it is, what it is, and how to mend it.

    Line 0 stands for what is in no file: `file` is then the name of an argument.
    """

    file: str
    line: int
    column: int
    what: str
    mend: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        head = f"{where}: {self.what}"
        return f"{head}\n    mend: {self.mend}" if self.mend else head


class SynaspisError(Exception):
    """Base of all errors raised on purpose."""


class InputError(SynaspisError):
    """Input that cannot be used; carries every problem found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        count = len(self.problems)
        tail = "" if count == 1 else f"\n{count} problems; nothing was written"
        super().__init__("\n".join(map(str, self.problems)) + tail)


class RunFolderError(SynaspisError):
    """A run folder that cannot be read as one."""


class JournalError(SynaspisError):
    """A journal that cannot be opened as the one that was asked for."""


class NotRecordedError(SynaspisError):
    """An entry that a journal did not take: what it was for is not to be acknowledged."""


class BusError(SynaspisError):
    """A node's link to the others cannot be opened."""


class ServerError(SynaspisError):
    """An exercise's server cannot be opened: a library, a port or a file is not there."""


class ClusterError(SynaspisError):
    """A cluster of workers cannot be used; says how to mend it."""


class UnreachableError(SynaspisError):
    """No trajectory of the class joins the two places; `reach_m` is how far it gets."""

    def __init__(self, message: str, reach_m: float) -> None:
        super().__init__(message)
        self.reach_m = reach_m


class CapacityError(SynaspisError):
    """A working array of fixed size overflowed."""
