"""May they have it? Which nation may buy, host, maintain or co-produce whose interceptors and radars.

Silence is no and a forbid wins, as everywhere. A recipient may pass on what it has only under a clause
of the maker that names the next one in `onward`.
"""

from __future__ import annotations

from collections.abc import Sequence

from synaspis.sharing.rules import Decision, Rules


def transfer(given: Rules, makers: Sequence[str], recipient: str, item: str, act: str) -> Decision:
    """Whether `recipient` may do `act` with `item` of `makers`; every maker must let it, and none forbid.

    A maker needs no leave for what it makes itself.
    """
    because: list[str] = []
    for maker in makers:
        if maker == recipient:
            continue
        named = [
            c
            for c in given.transfers
            if maker in c.makers and recipient in c.recipients and item in c.items and act in c.acts
        ]
        forbids = tuple(c.id for c in named if c.effect == "forbid")
        if forbids or not named:
            return Decision(False, forbids)
        because += [c.id for c in named]
    return Decision(True, tuple(dict.fromkeys(because)))


def retransfer(given: Rules, makers: Sequence[str], holder: str, recipient: str, item: str) -> Decision:
    """Whether `holder` may pass `item` on to `recipient`: every maker's clause to the holder names it."""
    because: list[str] = []
    for maker in makers:
        if maker in (holder, recipient):
            continue
        leave = [
            c
            for c in given.transfers
            if maker in c.makers and holder in c.recipients and item in c.items and c.effect == "permit"
        ]
        barred = tuple(
            c.id
            for c in given.transfers
            if maker in c.makers and recipient in c.recipients and item in c.items and c.effect == "forbid"
        )
        named = [c.id for c in leave if recipient in c.onward]
        if barred or not named:
            return Decision(False, barred)
        because += named
    return Decision(True, tuple(dict.fromkeys(because)))
