"""Reads questions about agreements: those of a command's arguments, and files of experts' tests.

A folder of tests holds YAML files, each a list of tests; see docs/tutorials/agreements-as-code.md.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from synaspis.errors import InputError, Problem
from synaspis.files import arguments, catalog, tree, words
from synaspis.files.case import load, shipped_cases
from synaspis.files.reader import Reader, TooManyProblems
from synaspis.files.tree import List, Node
from synaspis.model.agreement import ACTS, ALERT_STATES, PRODUCTS, PURPOSES
from synaspis.model.ask import Ask, AskTest, TransferAsk
from synaspis.model.case import Case
from synaspis.model.threat import CATEGORIES

CALLED = {
    "nation": "nation", "party": "nation or alliance", "origin": "launch area, or nation with one",
    "deployed-sensor": "sensor in the case", "regime": "regime", "clause": "clause",
    "hardware": "battery type, interceptor or radar",
}  # fmt: skip


@dataclass(frozen=True)
class Placed:
    """A test with the case that it is about, its regime, and where it stands."""

    test: AskTest
    case: Case
    regime: str
    file: str
    line: int


def names_of(case: Case) -> Mapping[str, tuple[str, ...]]:
    """The names that each kind of word in a question may use, in the case's order."""
    file = case.file
    nations = tuple(n.code for n in file.nations)
    clauses = (c.id for a in file.agreements for c in a.clauses)
    return {
        "nation": nations,
        "party": (*nations, *(a.name for a in file.alliances)),
        "origin": tuple(dict.fromkeys((*(a.name for a in file.launch_areas),
                                       *(a.nation for a in file.launch_areas)))),
        "deployed-sensor": tuple(case.sensor_owners),
        "regime": tuple(r.name for r in file.regimes),
        "clause": tuple(clauses),
    }  # fmt: skip


def regime_of(problems: list[Problem], argument: str, case: Case, given: str | None) -> str:
    """The regime called `given`, or the headline's; a problem of `argument` where there is none such."""
    have = names_of(case)["regime"]
    if given is not None and given not in have:
        what = f"`{words.shown(given)}` is no regime of this case"
        arguments.say(problems, argument, what, words.suggest(given, have))
    return given or case.file.compare.headline


def question(case: Case, regime: str | None, given: Mapping[str, object]) -> tuple[str, Ask]:
    """The regime and the question that a command's arguments spell. InputError with every problem.

    `given` holds words by field of `Ask`; the day is text, `threatens` a sequence. None: left out.
    """
    problems: list[Problem] = []
    known = names_of(case)
    chosen = regime_of(problems, "--regime", case, regime)
    told = {name: value for name, value in given.items() if value}
    kinds = {"owner": "nation", "recipient": "nation", "lands_in": "nation", "threatens": "party",
             "launched_from": "origin", "sensor": "deployed-sensor"}  # fmt: skip
    for name, kind in kinds.items():
        _known(problems, _option(name), kind, told.get(name, ()), known)
    choices = {"product": PRODUCTS, "category": CATEGORIES, "purpose": PURPOSES, "alert": ALERT_STATES}
    for name, allowed in choices.items():
        if name in told:
            arguments.word(problems, _option(name), str(told[name]), allowed)
    _day(problems, told)
    if "threatens" in told:
        told["threatens"] = tuple(told["threatens"])  # type: ignore[arg-type]
    asked = Ask(**told)  # type: ignore[arg-type]
    owner = case.sensor_owners.get(asked.sensor, "")
    if owner and asked.owner in known["nation"] and owner != asked.owner:
        what, mend = f"`{asked.sensor}` is not {asked.owner}'s", f"its owner is {owner}"
        arguments.say(problems, "--sensor", what, mend)
    if problems:
        raise InputError(problems)
    return chosen, asked


def transfer_question(case: Case, regime: str | None, given: Mapping[str, object]) -> tuple[str, TransferAsk]:
    """The regime and the question of a transfer that a command's arguments spell; else InputError.

    `given` holds words by field of `TransferAsk`; the day is text, `makers` a sequence. An act is asked
    about or a holder, not both: what is passed on is passed on for every use.
    """
    problems: list[Problem] = []
    hardware = catalog.shipped().names("system", "interceptor", "radar")
    known = {**names_of(case), "hardware": hardware}
    chosen = regime_of(problems, "--regime", case, regime)
    told = {name: value for name, value in given.items() if value}
    for name, kind in {
        "recipient": "nation",
        "makers": "nation",
        "holder": "nation",
        "item": "hardware",
    }.items():
        _known(problems, "--maker" if name == "makers" else _option(name), kind, told.get(name, ()), known)
    for name, option in {"makers": "--maker", "item": "--item"}.items():
        if name not in told:
            arguments.say(problems, option, "is not given", "a transfer is of an item of one or more makers")
    if "act" in told:
        arguments.word(problems, "--act", str(told["act"]), ACTS)
    if ("act" in told) == ("holder" in told):
        what = "is given with --holder" if "act" in told else "is not given"
        mend = "say what the recipient would do with it (--act), or who would pass it on (--holder)"
        arguments.say(problems, "--act", what, mend)
    _day(problems, told)
    if problems:
        raise InputError(problems)
    told["makers"] = tuple(dict.fromkeys(told["makers"]))  # type: ignore[call-overload]
    return chosen, TransferAsk(**told)  # type: ignore[arg-type]


def _known(
    problems: list[Problem], option: str, kind: str, value: object, known: Mapping[str, tuple[str, ...]]
) -> None:
    """Check that a word, or each of several, is the name of a thing of this kind."""
    for word in (value,) if isinstance(value, str) else value:  # type: ignore[attr-defined]
        if word not in known[kind]:
            what = f"unknown {CALLED[kind]} `{words.shown(word)}`"
            arguments.say(problems, option, what, words.suggest(word, known[kind]))


def _day(problems: list[Problem], told: dict[str, object]) -> None:
    """Read the text of `on`, where it is given, as a day."""
    if "on" in told:
        text = str(told["on"])
        told["on"] = words.date(text)
        if told["on"] is None:
            mend = f"write year-month-day, from {words.EARLIEST} to {words.LATEST}, as 2024-12-01"
            arguments.say(problems, "--on", f"`{words.shown(text)}` is no date", mend)


def one_question(visibility: Mapping[str, object], transfer: Mapping[str, object]) -> bool:
    """Whether a command asks about a transfer; `InputError` where it asks about both, or half of one.

    Each holds what was given, by option: what tells the two kinds of question apart.
    """
    problems: list[Problem] = []
    told = {option for option, value in visibility.items() if value}
    moved = {option for option, value in transfer.items() if value}
    if moved:
        for option in (o for o in visibility if o in told):
            what = f"says nothing of a transfer, which {min(moved)} asks about"
            arguments.say(problems, option, what, "ask one question at a time")
    else:
        for option in ("--owner", "--product"):
            if option not in told:
                mend = "say whose, and which product; or --maker, --item and --act for a transfer"
                arguments.say(problems, option, "is not given", mend)
    if problems:
        raise InputError(problems)
    return bool(moved)


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def read_tests(folder: str | os.PathLike[str], case: str | None = None) -> tuple[Placed, ...]:
    """Every test in the YAML files of `folder` (or in one file). InputError with every problem.

    A test that names no case is about `case`, else about the shipped case that its file is named after.
    """
    where = Path(folder)
    files = (
        sorted(p for end in ("yaml", "yml") for p in where.rglob(f"*.{end}")) if where.is_dir() else [where]
    )
    if not files:
        raise InputError([Problem(str(where), 0, 0, "holds no YAML file", "give a folder of tests")])
    problems: list[Problem] = []
    cases: dict[str, Case | None] = {}
    found: list[Placed] = []
    for path in files:
        found += _read_file(path, case, cases, problems)
    if problems:
        raise InputError(problems)
    return tuple(found)


def _read_file(
    path: Path, default: str | None, cases: dict[str, Case | None], problems: list[Problem]
) -> list[Placed]:
    data, wrong = tree.read_bytes(path, str(path))
    root, more = (None, wrong) if wrong else tree.parse(data, str(path))
    problems += more
    if root is None:
        return []
    if not isinstance(root, List):
        mend = "begin each test with `- name: ...`"
        problems.append(Problem(str(path), root.line, root.column, "a file of tests is a list", mend))
        return []
    reader = Reader(str(path))
    found: list[Placed] = []
    try:
        for node in root.items:
            placed = _read_test(reader, node, path, default, cases)
            found += [placed] if placed is not None else []
    except TooManyProblems:
        pass
    problems += reader.problems
    return found


def _read_test(
    reader: Reader, node: Node, path: Path, default: str | None, cases: dict[str, Case | None]
) -> Placed | None:
    first = len(reader.mentions)
    before = len(reader.problems)
    test = reader.noun(node, AskTest)
    mentions = reader.mentions[first:]
    case = _case(reader, node, test, path, default, cases)
    if case is None:
        return None
    known = names_of(case)
    for m in mentions:
        if m.word not in known[m.kind]:
            what = f"unknown {CALLED[m.kind]} `{words.shown(m.word)}` (case `{case.name}`)"
            reader.problems.append(
                Problem(reader.file, m.line, m.column, what, words.suggest(m.word, known[m.kind]))
            )
    owner = case.sensor_owners.get(test.ask.sensor, "")
    if owner and owner != test.ask.owner:
        what = f"`{test.ask.sensor}` is not {test.ask.owner}'s"
        reader.say(reader.node(test.ask, "sensor"), what, f"its owner is {owner}")
    if len(reader.problems) > before:
        return None
    return Placed(test, case, test.regime or case.file.compare.headline, str(path), node.line)


def _case(
    reader: Reader, node: Node, test: AskTest, path: Path, default: str | None, cases: dict[str, Case | None]
) -> Case | None:
    """The case that a test is about, loaded once; None, with the problem noted, where there is none."""
    stem = path.stem if path.stem in shipped_cases() else None
    own = test.case and (test.case if test.case in shipped_cases() else str(path.parent / test.case))
    name = own or default or stem
    if not name:
        mend = "add `case`, give --case, or name the file after a shipped case"
        reader.say(node, "no case is given", mend)
        return None
    if name not in cases:
        try:
            cases[name] = load(name)
        except InputError as error:
            cases[name] = None
            reader.problems += error.problems
    return cases[name]
