"""One nation's part of the network: its node, its end of the seam and its authority, and one step of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from synaspis.engine.detections import FRAME_S
from synaspis.journal import Journal
from synaspis.network.answering import Dice
from synaspis.network.attending import Attending, CaseClock
from synaspis.network.authority import Authority
from synaspis.network.keyring import Ring, Signer
from synaspis.network.node import Node
from synaspis.network.tally import Tally
from synaspis.network.transport import Transport
from synaspis.sharing.rules import Rules


def _nothing() -> None:
    """Nothing more is due."""


@dataclass(kw_only=True, eq=False)
class Cell:
    """Made by `joined`; `step` is to be called by one thread."""

    nation: str
    clock: CaseClock
    journal: Journal
    node: Node
    attending: Attending
    authority: Authority

    def step(self, meanwhile: Callable[[], None] = _nothing) -> None:
        """Do all that is due: what came, the picture, `meanwhile`, decisions, a word to own sensors."""
        looks = self.node.counts.looks
        self.attending.step(self.node)
        self.node.step()
        meanwhile()
        if self.clock.start_ns is not None:
            self.authority.step(self.clock.case_s())
        if self.node.counts.looks != looks:
            self.attending.cue(max(round(self.node.looked_s / FRAME_S), 0), self.node)

    def close(self) -> None:
        """Take nothing more, and close the journal."""
        self.node.close()
        self.journal.close()


def joined(
    node: Node, identity: Signer, case_sha256: str, given: Rules, seed: int, *, journal: Journal,
    transport: Transport, keyring: Ring, clock: CaseClock, tally: Tally,
) -> Cell:  # fmt: skip
    """A node with its end of the seam, and who decides for the nation; `seed` is of its dice."""
    attending = Attending(
        identity, case_sha256, transport=transport, keyring=keyring, clock=clock, tally=tally
    )
    authority = Authority(
        identity.nation, node.judge, given, outward=node.gateway, of_level=node.view.of_level,
        order=attending.order, journal=journal, clock=clock, dice=Dice(seed), tally=tally,
    )  # fmt: skip
    node.parts.append(authority)
    attending.heeding(node.wake, lambda told: authority.told(told, clock.case_s()))
    return Cell(
        nation=identity.nation, clock=clock, journal=journal, node=node, attending=attending,
        authority=authority,
    )  # fmt: skip
