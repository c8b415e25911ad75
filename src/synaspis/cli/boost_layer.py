"""`synaspis plan CASE --constellation`: a boost-phase layer in orbit, in a terminal, as JSON, as a page."""

from __future__ import annotations

from pathlib import Path


def show(
    case: str, interceptor: str | None, simultaneous: int | None, as_json: bool, out: Path | None
) -> None:
    """Size the layer, write its folder and print. `None`: the study of 2026, and its own number."""
    from synaspis import api
    from synaspis.cli.output import give_folder
    from synaspis.files.run_folder import free
    from synaspis.model.boost_layer import document
    from synaspis.report.boost_terminal import render

    free(out)
    loaded = api.load(case)
    answer = api.boost_layer(loaded, interceptor or api.boost.DEFAULT, simultaneous)
    folder = api.write_boost_layer(loaded, answer, out=out)
    give_folder(answer, document, render, folder, as_json)
