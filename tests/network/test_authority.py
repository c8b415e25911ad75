"""Leave to engage: every protocol, by messages between nodes, with deadlines; the order, and its end."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from synaspis.engine.asking import answers_s
from synaspis.engine.batch import key_of, replayed
from synaspis.engine.heap import LOGGED
from synaspis.engine.layout import GRANT, KNOW, LOG, N
from synaspis.engine.live_knowledge import Judge
from synaspis.errors import NotRecordedError
from synaspis.journal import Journal
from synaspis.kernels.dice import name_hashes
from synaspis.model.agreement import Clause, Consent
from synaspis.network import bodies
from synaspis.network.answering import Dice, Manner
from synaspis.network.authority import AGAIN_S, KIND, NOTHING_THERE, Authority
from synaspis.network.engagement import VETO_S
from synaspis.network.gateway import Gateway
from synaspis.network.message import Message
from synaspis.network.rulebook import Offer, Rulebook
from synaspis.network.seam import Ordered, Told
from synaspis.network.tally import Tally
from synaspis.network.transport import Cut, Faults, Faulty, InProcess
from tests.engine.scene import arena_of_four, authority, mandate, permit, rule_of, tables_of
from tests.network.raid import CASE, SetClock, identities
from tests.network.test_engaging import held, last_s
from tests.network.test_range import lit

OWNER, HOST = "USA", "ROU"
BASE: tuple[Clause, ...] = (permit("see", "measurement"), mandate("defend"))
SLACK_S = 2.0
"""Cells step each half second: a request and its answer take a step or two each."""
LEAVE = Consent(id="host", by=HOST, sites=("deveselu",), scope=("use", "fire"))


@cache
def nations() -> tuple[str, ...]:
    return lit().w.nations


def deveselu() -> int:
    return next(b for b, f in enumerate(lit().w.batteries) if f.battery.name == "deveselu")


class Cells:
    """A gateway and an authority for each nation; of them OWNER sees one missile as it flies."""

    def __init__(self, folder: Path, *clauses: Clause, seed: int = 1, cut: tuple[str, ...] = ()) -> None:
        w = lit().w
        self.clock, self.rules = SetClock(300.0), rule_of((*BASE, *clauses))
        cuts = [Cut(0.0, 1e9, frozenset(cut))] if cut else []
        self.bus = Faulty(InProcess(), Faults(shortest_s=0.02, longest_s=0.02), cuts=cuts, now_s=300.0)
        self.wire: list[str] = []
        self.bus.subscribe("syn", lambda key, _: self.wire.append(key))
        own, keyring = identities(nations())
        owners = {s.site: s.owner for s in w.stations}
        self.cells: dict[str, Authority] = {}
        self.gateways: dict[str, Gateway] = {}
        self.journals: dict[str, Journal] = {}
        self.orders: list[tuple[float, Ordered]] = []
        self.joined, self.picture = held(OWNER, 0, 300.0)
        for n in nations():
            journal = Journal.open(folder / f"{n}.journal", case_sha256=CASE, keeper=n)
            gateway = Gateway(
                own[n], CASE, Rulebook(n, self.rules, nations(), owners), journal=journal, transport=self.bus,
                keyring=keyring, clock=self.clock, tally=Tally(), alarm=lambda *_: None,
                deliver=lambda sender, m, n=n: self.cells[n].heard(sender, m),
            )  # fmt: skip
            self.journals[n], self.gateways[n] = journal, gateway
            self.cells[n] = Authority(
                n, Judge(w), self.rules, outward=gateway, of_level=self.joined.of_level, journal=journal,
                order=lambda o: self.orders.append((self.clock.s, o)), clock=self.clock, dice=Dice(seed),
            )  # fmt: skip

    def __enter__(self) -> Cells:
        return self

    def __exit__(self, *_: object) -> None:
        for n, gateway in self.gateways.items():
            gateway.close()
            self.journals[n].close()

    def run(self, until_s: float, step_s: float = 0.5) -> Cells:
        while self.clock.s < until_s - 1e-9:
            if self.clock.s % 2.0 < step_s:
                self.joined, self.picture = held(OWNER, 0, 2.0 * round(self.clock.s / 2.0))
                self.cells[OWNER]._of_level = self.joined.of_level
                self.cells[OWNER].looked(self.picture, self.clock.s)
            self.clock.s += step_s
            self.bus.advance(self.clock.s)
            for n, cell in self.cells.items():
                cell.step(self.clock.s)
                self.gateways[n].flush()
                self.gateways[n].tick()
        return self

    def steps(self, nation: str, step: str = "") -> list[dict]:
        self.journals[nation].flush()
        entries = self.journals[nation].entries(0, 100_000)
        found = [json.loads(e.payload) for e in entries if e.kind == KIND]
        return [e for e in found if step in ("", e["step"])]

    def first(self) -> Ordered | None:
        return self.orders[0][1] if self.orders else None

    def ordered_s(self) -> float:
        return self.orders[0][0] if self.orders else np.inf

    def products(self, owner: str) -> set[str]:
        return {k.split("/")[3] for k in self.wire if k.split("/")[1] == owner} - {"control"}


def test_a_nation_decides_for_itself_in_its_own_time(tmp_path: Path) -> None:
    with Cells(tmp_path, LEAVE, authority("own", decision_s=30.0)).run(335.0) as c:
        order = c.first()
        assert order is not None
        assert c.ordered_s() == pytest.approx(330.0, abs=SLACK_S)
        assert order.battery == "deveselu"
        true = lit().g.states[lit().g.flight_of[0], round((order.at_s - lit().w.missiles[0].launch_s) / 2)]
        assert np.linalg.norm(np.array(order.place_m) - true[:3]) < 1.0
        assert c.steps(OWNER, "ordered")[0]["clauses"] == ["own", "defend"]
        assert [e["nation"] for e in c.steps(OWNER, "asked")] == [OWNER]
        assert c.products(OWNER) == set(), "nobody is asked, nobody told"


def test_it_asks_those_to_whom_it_is_delegated(tmp_path: Path) -> None:
    with Cells(tmp_path, LEAVE, authority("lead", protocol="lead", deciders=("TUR",), decision_s=20.0)).run(
        330.0
    ) as c:
        assert c.ordered_s() == pytest.approx(320.0, abs=SLACK_S)
        assert c.steps("TUR", "request")[0]["why"] == ""
        assert c.steps("TUR", "order")[0]["clauses"] == ["lead"], "its yes is an order"
        assert c.steps(OWNER, "answered")[0]["nation"] == "TUR"
        assert c.products(OWNER) == {"request"}
        assert c.products("TUR") == {"order"}
        assert c.steps(HOST, "request") == []


def consensus(votes: int) -> Clause:
    three = ("USA", "ROU", "TUR")
    return authority("vote", protocol="consensus", deciders=three, votes=votes, decision_s=10.0)


@pytest.mark.parametrize(
    ("votes", "cut", "comes"), [(2, ("TUR",), True), (3, ("TUR",), False), (3, (), True)]
)
def test_so_many_of_those_who_decide(tmp_path: Path, votes: int, cut: tuple[str, ...], comes: bool) -> None:
    with Cells(tmp_path, LEAVE, consensus(votes), cut=cut).run(330.0) as c:
        assert bool(c.orders) == comes
        assert c.products(HOST) == {"vote"}
        if comes:
            assert c.ordered_s() == pytest.approx(310.0, abs=SLACK_S)
        else:
            c.run(last_s(deveselu(), 0) + 5.0, 4.0)
            assert c.steps(OWNER, "given up")[0]["why"] == "no leave in time"


def test_the_host_is_asked_each_time_where_its_consent_says_so(tmp_path: Path) -> None:
    slow = Consent(id="host", by=HOST, sites=("deveselu",), scope=("use", "fire"), decision_s=40.0)
    with Cells(tmp_path, slow, authority("own", decision_s=5.0)).run(350.0) as c:
        assert c.ordered_s() == pytest.approx(340.0, abs=SLACK_S)
        assert c.steps(OWNER, "ordered")[0]["clauses"] == ["own", "host", "defend"]


def test_silence_of_a_host_is_no(tmp_path: Path) -> None:
    never = Consent(
        id="host", by=HOST, sites=("deveselu",), scope=("use", "fire"), decision_s=40.0, refuses=1.0
    )
    with Cells(tmp_path, never, authority("own")).run(last_s(deveselu(), 0) + 5.0, 4.0) as c:
        assert c.orders == []
        assert c.steps(OWNER, "given up")[0]["why"] == "no leave in time"


@pytest.mark.parametrize("missing", [0.0, 1.0])
def test_a_standing_pre_authorisation_asks_nobody(tmp_path: Path, missing: float) -> None:
    ready = authority("ready", protocol="pre-authorised", missing=missing)
    with Cells(tmp_path, LEAVE, ready).run(304.0) as c:
        assert bool(c.orders) == (missing == 0.0)
        assert c.steps(OWNER, "asked") == []
        assert c.products(OWNER) == set()
        if c.orders:
            assert c.ordered_s() < 301.0


def test_without_any_clause_nobody_fires(tmp_path: Path) -> None:
    with Cells(tmp_path, LEAVE).run(310.0) as c:
        assert c.orders == []
        assert c.steps(OWNER, "given up")[0]["why"] == "refused"


def taken(tmp_path: Path, *clauses: Clause, who: str, **more: object) -> Cells:
    c = Cells(tmp_path, LEAVE, *clauses, **more)
    c.cells[who].answers.taken = True
    return c.run(305.0)


LEAD = authority("lead", protocol="lead", deciders=("TUR",))


@pytest.mark.parametrize("yes", [True, False])
def test_a_seat_that_is_taken_decides(tmp_path: Path, yes: bool) -> None:
    with taken(tmp_path, LEAD, who="TUR") as c:
        answers = c.cells["TUR"].answers
        (question,) = answers.open.values()
        assert (question.battery, question.clause) == ("deveselu", "lead")
        c.run(320.0)
        assert c.orders == [], "it waits"
        assert answers.answer(question.asker, question.number, yes, c.clock.s)
        assert not answers.answer(question.asker, question.number, True, c.clock.s), "once"
        c.run(325.0)
        assert bool(c.orders) == yes
        if not yes:
            assert c.steps(OWNER, "given up")[0]["why"] == "refused"


def test_an_answer_that_is_too_late_is_none(tmp_path: Path) -> None:
    with taken(tmp_path, LEAD, who="TUR") as c:
        (question,) = c.cells["TUR"].answers.open.values()
        key = (question.asker, question.number)
        assert not c.cells["TUR"].answers.answer(*key, True, question.until_s), "though it still waits"
        c.run(question.until_s + 4.0, 4.0)
        assert not c.cells["TUR"].answers.answer(question.asker, question.number, True, c.clock.s)
        late = bodies.write(bodies.Vote(question.number, True))
        c.gateways["TUR"].tell(OWNER, Offer(product="vote", track="late", made_s=c.clock.s, body=late))
        c.run(c.clock.s + 5.0)
        assert c.orders == []
        assert c.cells[OWNER].tally.count("not_used", "vote") == 1


def test_a_vote_counts_once_and_from_who_was_asked(tmp_path: Path) -> None:
    """ROU, which was not asked, votes for TUR; then TUR says no, and yes."""
    vote = authority("vote", protocol="consensus", deciders=("TUR", "ROU"), votes=2)
    with taken(tmp_path, vote, who="TUR") as c:
        c.cells["ROU"].answers.taken = True
        (question,) = c.cells["TUR"].answers.open.values()
        body = bodies.write(bodies.Vote(question.number, True))
        for n in range(3):
            offer = Offer(product="vote", track=f"forged {n}", made_s=c.clock.s, body=body)
            c.gateways["ROU"].tell(OWNER, offer)
        c.run(310.0)
        assert c.orders == []
        assert c.cells[OWNER].tally.count("not_used", "vote") == 3
        c.cells["TUR"].answers.answer(question.asker, question.number, False, c.clock.s)
        offer = Offer(product="vote", track="again", made_s=c.clock.s, body=body)
        c.run(c.clock.s + 1.0)
        c.gateways["TUR"].tell(OWNER, offer)
        c.run(c.clock.s + 3.0)
        assert [e["yes"] for e in c.steps(OWNER, "answered") if e["nation"] == "TUR"] == [False]


VETO = authority("own", veto=("TUR",))


def test_a_party_with_a_veto_is_asked(tmp_path: Path) -> None:
    with Cells(tmp_path, LEAVE, VETO).run(303.0) as c:
        assert c.ordered_s() < 302.0
    (tmp_path / "no").mkdir()
    with taken(tmp_path / "no", VETO, who="TUR") as c:
        assert c.orders, "its silence is leave"
        assert c.ordered_s() == pytest.approx(300.0 + VETO_S, abs=SLACK_S)
    (tmp_path / "cut").mkdir()
    with Cells(tmp_path / "cut", LEAVE, VETO, cut=("TUR",)).run(310.0) as c:
        assert c.ordered_s() == pytest.approx(300.0 + VETO_S, abs=SLACK_S)


def test_a_veto_stops_it(tmp_path: Path) -> None:
    c = Cells(tmp_path, LEAVE, VETO)
    with c:
        c.cells["TUR"].answers.taken = True
        c.run(302.0)
        (question,) = c.cells["TUR"].answers.open.values()
        c.cells["TUR"].answers.answer(question.asker, question.number, False, c.clock.s)
        c.run(320.0)
        assert c.orders == []


def test_one_more_way_never_delays_an_order(tmp_path: Path) -> None:
    """Also where it asks a nation that is asked already, in a slower role."""
    base = (authority("own", decision_s=15.0), Consent(
        id="host", by=HOST, sites=("deveselu",), scope=("use", "fire"), decision_s=20.0
    ))  # fmt: skip
    more = authority("slow", protocol="lead", deciders=(HOST,), decision_s=60.0)
    quick = authority("quick", protocol="lead", deciders=("BGR",), decision_s=2.0)
    times = []
    for i, clauses in enumerate((base, (*base, more), (*base, more, quick))):
        folder = tmp_path / str(i)
        folder.mkdir()
        with Cells(folder, *clauses).run(345.0) as c:
            times.append(c.ordered_s())
    assert times[0] == pytest.approx(320.0, abs=SLACK_S)
    assert times[1] <= times[0]
    assert times[2] <= times[1]


def test_an_order_is_repeated_until_it_is_answered(tmp_path: Path) -> None:
    with Cells(tmp_path, LEAVE, authority("own")).run(305.0) as c:
        mine = c.cells[OWNER]
        assert len(c.orders) == pytest.approx(5, abs=1)
        assert len({o for _, o in c.orders}) == 1
        order = c.orders[0][1]
        mine.told(Told(order.id, "taken", 305.0, "", 24), 305.0)
        count = len(c.orders)
        c.run(320.0)
        assert len(c.orders) == count, "and one object is engaged once by one battery"
        for phase in ("fired", "missed", "fired", "hit"):
            mine.told(Told(order.id, phase, 320.0, "", 23), 320.0)
        assert [e["phase"] for e in c.steps(OWNER, "told")] == ["taken", "fired", "missed", "fired", "hit"]
        assert mine.engagements[order.id].told.phase == "hit"
        c.run(330.0)
        assert len(c.orders) == count


def test_what_meant_nothing_is_tried_again_some_times(tmp_path: Path) -> None:
    with Cells(tmp_path, LEAVE, authority("own")) as c:
        tried: list[str] = []
        while c.clock.s < 300.0 + 6 * AGAIN_S:
            c.run(c.clock.s + 1.0)
            for _, order in c.orders:
                if order.id not in tried:
                    tried.append(order.id)
                    c.cells[OWNER].told(Told(order.id, "refused", c.clock.s, NOTHING_THERE, 9), c.clock.s)
        assert len(tried) == 3


def test_how_it_stands_is_told_to_those_who_may_know(tmp_path: Path) -> None:
    status = permit("status", "engagement_status", owners=(OWNER,), recipients=("BGR",))
    with Cells(tmp_path, LEAVE, authority("own"), status).run(302.0) as c:
        order = c.orders[0][1]
        for phase in ("taken", "fired", "hit"):
            c.cells[OWNER].told(Told(order.id, phase, c.clock.s, "", 9), c.clock.s)
            c.run(c.clock.s + 1.0)
        assert [e["phase"] for e in c.steps("BGR", "heard")] == ["planned", "fired", "hit"]
        assert all(c.steps(n, "heard") == [] for n in nations() if n != "BGR")


def test_no_order_leaves_that_is_not_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Cells(tmp_path, LEAVE, authority("own")) as c:
        real = c.journals[OWNER].append

        def full(kind: str, *more: object, durable: bool = False, **rest: object) -> bool:
            if durable:
                raise NotRecordedError("the disk is full")
            return real(kind, *more, **rest)

        with monkeypatch.context() as m:
            m.setattr(c.journals[OWNER], "append", full)
            c.run(305.0)
        assert c.orders == []
        c.run(307.0)
        assert c.orders


def test_a_request_that_no_clause_here_knows_is_not_answered(tmp_path: Path) -> None:
    with Cells(tmp_path, LEAVE, LEAD) as c:
        cell = c.cells["TUR"]
        cell.answers.taken = True
        label = c.gateways["TUR"].rulebook.request_label(OWNER, "TUR", ("lead",))

        def asked(battery: str, clause: str, until_s: float, number: int = 7) -> str:
            body = bodies.write(bodies.Request(battery, 1, until_s, clause))
            cell.heard(OWNER, Message("request", number, 300.0, ("exercise",), label, ("lead",), body))
            return str(c.steps("TUR", "request")[-1]["why"])

        assert asked("deveselu", "lead", 400.0) == ""
        assert asked("deveselu", "lead", 400.0) == "asked before"
        assert asked("deveselu", "own", 400.0, 8) == "its clause is not one that it cites"
        assert asked("deveselu", "lead", 200.0, 9) == "too late"
        assert asked("bucharest-patriot", "lead", 400.0, 10) == "no battery of its own"
        assert asked("nowhere", "lead", 400.0, 11) == "no battery of its own"


def test_an_empty_seat_draws_the_delay_of_the_batch() -> None:
    """The named dice are those of the batch: orders come as long after the knowledge as its own say."""
    tables = tables_of(
        arena_of_four(), permit("all-see", "measurement"), mandate("all-defend"),
        authority("all-fire", decision_s=30.0, spread=0.5, unreachable=0.3),
    )  # fmt: skip
    w, dice, how = arena_of_four().w, Dice(5, 2), Manner(30.0, 0.5, 0.3)
    state = replayed(tables, 5, 2)
    log = state[LOG][: state[N][LOGGED]]
    knew = {(int(a), int(t)): s for s, _, a, t, _ in log[log[:, 1] == KNOW]}
    granted = {(int(b), int(t)): s for s, _, b, t, _ in log[log[:, 1] == GRANT]}
    compared = silent = 0
    for b, f in enumerate(w.batteries):
        a = w.nation(f.battery.owner)
        for t, m in enumerate(w.missiles):
            if (a, t) not in knew:
                continue
            wait_s = dice.answer_s(f.battery.owner, m.name, how)
            if (b, t) in granted:
                assert granted[b, t] - knew[a, t] == pytest.approx(wait_s, abs=1e-9)
                compared += 1
            silent += wait_s == np.inf
    assert compared >= 3
    assert silent >= 1


def test_standing_leave_and_dice_have_names() -> None:
    there = [Dice(1, trial).stands("ready", 0.5) for trial in range(60)]
    assert 15 < sum(there) < 45
    one = name_hashes(("USA", "x"))
    assert answers_s(np.uint64(key_of(1, 0)), *one, 10.0, 0.3, 0.0) == Dice(1).answer_s(
        "USA", "x", Manner(10.0, 0.3, 0.0)
    )
