"""What one nation's seat shows: its own node's picture, its questions, its batteries, what was said to it.

A seat reads its own node and its own authority and hears what they tell it; of the world it knows its own
soil, by `observed`. It holds no other nation's part. Tracks and events are numbered here, in the order in
which they first came.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from synaspis.engine.live_joined import Held
from synaspis.exercise import showing
from synaspis.exercise.parts import Hears, Parts
from synaspis.exercise.questions import Questions
from synaspis.model.live_warning import LiveEvent
from synaspis.network import bodies
from synaspis.network.cell import Cell
from synaspis.network.message import WORDS, Message
from synaspis.network.picture import Name
from synaspis.network.rulebook import Offer
from synaspis.network.seam import Looks
from synaspis.report.live_terminal import said

MOST_SHOWN: Final = 200
"""Of events and of messages, the latest."""
CLEAR_S: Final = 120.0
"""A place is warned until so long after the impact that was foretold."""
FLOWS_S: Final = 30.0
"""What goes to a nation or comes from it is shown as long as something of it came within this time."""
LOOKS_S: Final = 15.0
"""And what a sensor has, as long as its last look is no older."""

Document = dict[str, Any]


class Counted:
    """Entries by a number that counts up; only the latest are shown."""

    def __init__(self) -> None:
        self._count = 0
        self.shown: Document = {}

    def add(self, entry: Document) -> str:
        """Put an entry behind the others; its number."""
        self._count += 1
        shown = {**self.shown, str(self._count): entry}
        while len(shown) > MOST_SHOWN:
            del shown[next(iter(shown))]
        self.shown = shown
        return str(self._count)


class Seat:
    """Of one nation; a `Part` of its node. `sit` comes before all else."""

    def __init__(self, nation: str) -> None:
        self.me, self.taken = nation, False
        self.tracks: Document = {}
        self.events, self.messages, self.impacts = Counted(), Counted(), Counted()
        self._ids: dict[Name, str] = {}
        self._since_s: dict[str, float] = {}
        self.warned: Document = {}
        self._engagements: Document = {}
        self._engaged: dict[object, str] = {}
        self._flows: dict[str, dict[str, showing.Flow]] = {"given": {}, "had": {}}
        self._looks: dict[str, tuple[float, int]] = {}
        self.held: dict[str, Held] = {}
        self._foretold: dict[str, list[float]] = {}
        self._now_s = 0.0
        self._written = 0

    def hears(self) -> Hears:
        """What its node is to tell it."""
        return Hears(event=self._told, taken=self._taken, saw=self._saw, sent=self._sent)

    def sit(self, parts: Parts, cell: Cell) -> None:
        """Take its place behind its own node."""
        self._cell, self._w = cell, cell.node.w
        self._lost = parts.lost
        self.questions = Questions(cell, lambda: parts.given, self.track_of, self._offered)
        self._people = {a.name: round(a.population) for a in self._w.assets}
        self._own = {f.battery.name: b for b, f in enumerate(self._w.batteries) if f.battery.owner == self.me}
        self._sensors: dict[str, list[str]] = {}
        for s in self._w.stations:
            if s.owner == self.me:
                self._sensors.setdefault(s.deployed, []).append(s.name)
        cell.node.parts.append(self)

    # -- what it hears -----------------------------------------------------------------------------

    def heard(self, sender: str, message: Message) -> None:
        """A partner tells how an engagement stands, or its people write."""
        body = bodies.read(message.product, message.body)
        if isinstance(body, bodies.Words):
            self.received(sender, self.me, body.text)
        if isinstance(body, bodies.EngagementStatus):
            key = self._engaged.setdefault((sender, message.number), str(len(self._engaged) + 1))
            self._engagements = {
                **self._engagements,
                key: showing.engagement(body.battery, body.phase, body.time_s, message.clauses, None),
            }

    def looked(self, picture: Sequence[tuple[Name, Held]], now_s: float) -> None:
        """The picture was looked at."""
        best: dict[Name, Held] = {}
        for name, one in picture:  # an object held as a track and besides as an alert is shown once
            if name not in best or one.level > best[name].level:
                best[name] = one
        shown, before = showing.Shown(self._cell.node, self.me), self.held
        tracks, held = {}, {}
        for name, one in best.items():
            key = self._ids.setdefault(name, str(len(self._ids) + 1))
            since_s = self._since_s.setdefault(key, now_s)
            same = before.get(key) is one and one.fused is None  # the estimate that was there, and no more
            tracks[key] = self.tracks[key] if same else shown.track(name, one, since_s)
            held[key] = one
        self.held, self.tracks = held, showing.same(self.tracks, tracks)
        self._foretold = showing.foretold(self.tracks)

    def _offered(self, name: str) -> str | None:
        """Which track of the seat is offered to others under a name."""
        body = self._cell.node.gateway.outbox.held_body(name)
        return showing.meant(body, self.held) if body is not None else None

    def track_of(self, name: Name) -> str | None:
        """The seat's number of an object, None where it does not show it."""
        key = self._ids.get(name)
        return key if key in self.tracks else None

    def _told(self, event: LiveEvent) -> None:
        entry = {
            "at_s": round(event.time_s), "kind": event.kind, "text": said(event),
            "because": list(event.because),
        }  # fmt: skip
        self.events.add(entry)
        if event.kind == "warned":
            self._warn(event)

    def _warn(self, event: LiveEvent) -> None:
        places, impact_s = event.what["places"], event.what["impact_s"]
        assert isinstance(places, tuple) and isinstance(impact_s, float)
        warned = dict(self.warned)
        for place in places:
            before = warned.get(place)
            warned[place] = {
                "since_s": before["since_s"] if before else round(event.time_s),
                "impact_s": min(before["impact_s"], round(impact_s)) if before else round(impact_s),
                "people": self._people[place],
            }
        self.warned = warned

    def _taken(self, sender: str, message: Message) -> None:
        self._flow("had", sender, message)

    def _sent(self, recipient: str, message: Message) -> None:
        self._flow("given", recipient, message)

    def _flow(self, way: str, nation: str, message: Message) -> None:
        flow = self._flows[way].setdefault(nation, showing.Flow(self._now_s))
        flow.hear(message, self._now_s)

    def _saw(self, looks: Looks) -> None:
        for one in looks.scans:
            self._looks[one.station] = (one.time_s, len(one.free))

    def observed(self, impact: Document) -> None:
        """Something came down on own soil: that is seen, whoever shares what."""
        self.impacts.add(impact)
        where = impact.get("place", "open ground")
        self.events.add({"at_s": impact["at_s"], "kind": "impact", "text": f"at {where}", "because": []})

    # -- what people do ----------------------------------------------------------------------------

    def take(self, taken: bool, now_s: float) -> None:
        """Somebody sits here from now on, or nobody does: then what was held is held no more."""
        self.taken = taken
        if not taken:
            self._cell.authority.held.clear()
        self._cell.authority.answers.take(taken, now_s)
        self._cell.node.gateway.outbox.hold(taken)
        self.questions.move(now_s)

    def answer(self, question: str, yes: bool, now_s: float) -> str:
        """Yes or no to a question; "", or why not."""
        return self.questions.answer(question, yes, now_s) if self.taken else "nobody sits in this seat"

    def say(self, to: str, text: str, now_s: float) -> bool:
        """Write to another nation, through the own gateway; False where no clause lets anything go there."""
        self._written += 1
        offer = Offer(
            product=WORDS, track=f"words {self._written}", made_s=max(now_s, 0.0),
            body=bodies.write(bodies.Words(text)),
        )  # fmt: skip
        sent = self._cell.node.gateway.tell(to, offer)
        if sent:
            self.received(self.me, to, text)
        return sent

    def received(self, sender: str, to: str, text: str) -> None:
        """Words that came, or went."""
        self.messages.add({"at_s": round(self._now_s), "from": sender, "to": to, "text": text})

    def hold(self, battery: str, held: bool) -> str:
        """Have an own battery ask for nothing and fire nothing new, or let it again; "", or why not."""
        if battery not in self._own:
            return f"{battery} is no battery of {self.me}"
        if held:
            self._cell.authority.held.add(battery)
        else:
            self._cell.authority.held.discard(battery)
        return ""

    # -- what it shows -----------------------------------------------------------------------------

    def move(self, now_s: float) -> None:
        """Time has come to `now_s`, and the node has done what was due."""
        self._now_s = now_s
        for flows in self._flows.values():
            for nation in [n for n, flow in flows.items() if now_s - flow.last_s > FLOWS_S]:
                del flows[nation]
        self.warned = showing.same(self.warned, self._still_warned(now_s))
        self.questions.move(now_s)
        self._engage()

    def _still_warned(self, now_s: float) -> Document:
        """Places warned, with the earliest impact that is foretold now."""
        warned = {}
        for place, told in self.warned.items():
            soon = (at_s for at_s in self._foretold.get(place, ()) if at_s >= now_s)
            impact_s = min(soon, default=told["impact_s"])
            if now_s <= impact_s + CLEAR_S:
                warned[place] = told if impact_s == told["impact_s"] else {**told, "impact_s": impact_s}
        return warned

    def document(self) -> Document:
        """All but the clock."""
        return {
            "tracks": self.tracks, "warned": self.warned, "sensors": self._sensors_now(),
            "batteries": self.batteries(), "questions": self.questions.shown,
            "engagements": self._engagements,
            "given": {n: f.document() for n, f in sorted(self._flows["given"].items())},
            "had": {n: f.document() for n, f in sorted(self._flows["had"].items())},
            "messages": self.messages.shown, "events": self.events.shown, "impacts": self.impacts.shown,
        }  # fmt: skip

    def _sensors_now(self) -> Document:
        found = {}
        for name, stations in self._sensors.items():
            looks = [self._looks[s] for s in stations if s in self._looks]
            works = any(s not in self._lost for s in stations)
            seen = max((n for at_s, n in looks if self._now_s - at_s <= LOOKS_S), default=0)
            found[name] = {"state": "works" if works else "lost", "tracks": seen if works else 0}
        return found

    def batteries(self) -> Document:
        """Own batteries: rounds, and what each does."""
        authority, found = self._cell.authority, {}
        for name, b in self._own.items():
            rounds = authority.rounds.get(b, self._w.batteries[b].rounds)
            busy = [e for e in authority.engagements.values() if e.battery == b and showing.runs(e)]
            told: Document = {
                "rounds": rounds,
                "state": showing.battery_state(name in authority.held, rounds, busy),
            }
            target = self.track_of(busy[-1].object) if busy else None
            found[name] = told if target is None else {**told, "target": target}
        return found

    def _engage(self) -> None:
        for e in self._cell.authority.engagements.values():
            key = self._engaged.setdefault(e.id, str(len(self._engaged) + 1))
            battery = self._w.batteries[e.battery].battery.name
            phase, at_s, why = showing.phase(e)
            told = showing.engagement(battery, phase, at_s, e.because, self.track_of(e.object), why)
            if self._engagements.get(key) != told:
                self._engagements = {**self._engagements, key: told}
