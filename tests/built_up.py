"""First light with a history: its sites come one after the other, and had been planned sooner."""

from __future__ import annotations

from synaspis.files.case import load, resolve
from synaspis.model.case import Case

DATES = {
    "kurecik": "since: 2012-01-01",
    "deveselu": "since: 2016-05-12",
    "bucharest-patriot": "since: 2023-11-17",
}
TIMELINE = """
timeline:
  threats:
    - {state: IRN, threat: mrbm-2000, since: 2009-05-20, until: 2013-12-31, share: 0.4, source: a test}
    - {state: IRN, threat: mrbm-2000, since: 2014-01-01, source: a test}
  plans:
    - name: planned
      title: Everything sooner
      source: a plan
      note: Nothing is left out
      sites:
        - {site: kurecik, since: 2012-01-01}
        - {site: deveselu, since: 2015-01-01}
        - {site: bucharest-patriot, since: 2020-01-01}
"""


def text(timeline: str = TIMELINE, **dates: str) -> str:
    """The case file; `dates` stand in place of those of single sites, by name with underscores."""
    told = load("first-light").text.decode()
    for site, span in {**DATES, **{k.replace("_", "-"): v for k, v in dates.items()}}.items():
        old = f"{{name: {site}, "
        assert told.count(old) == 1
        told = told.replace(old, f"{old}{span}, " if span else old)
    return told + timeline


def built_up(timeline: str = TIMELINE, **dates: str) -> Case:
    """The case of `text`."""
    case, problems = resolve(text(timeline, **dates).encode(), "built-up.yaml")
    assert case is not None, "\n".join(map(str, problems))
    return case
