"""A progress bar on standard error, and only where a person looks at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, float], None]
"""Called with what is being done, in words, and how much of the whole is done, 0 to 1."""


@contextmanager
def progress_on_terminal() -> Iterator[Progress | None]:
    """A callback that moves a bar, or None where standard error is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description:<34}"), BarColumn(bar_width=22), TimeElapsedColumn(),
        TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)

        def moved(stage: str, fraction: float) -> None:
            bar.update(task, description=stage, completed=fraction)

        yield moved
