"""How tables and state of the event kernels are laid out: places in the two tuples, rows of their arrays.

Tables (constant over trials; S stations, N nations, B batteries, T missiles, U distinct flights):
`st` (3, S, T), `nt` (T, 3, N), `bt` (T, 13, B), `win` (2, B, U, J), `missile` (4, T), `battery` (14, B),
`route` (6, B, R), `decider` (B, R, V) nation rows or -1, `allows` (B, R, T) for which missiles a route
may be taken, `consent` (4, B, C) the states that may be asked besides, `asks` (B, R, C, T) which of them a
route needs for a missile, `holds` (2, S, N) and `serves` (S, B) who has what of whose sensor (0, or inf for
never), `share` (N, N) who tells whom of engagements, hashes of names for the dice, and by weather W `seen`
(W, S, T) and `until` (W,), cumulative chances; `wants` (B, T) missile rows that a battery may meet, the most
valued first, then -1; `turn` (B,) battery rows in the order of their names' hashes; `chances` (C, Q) kill
chances of shots that fail together, at equal steps of their die.
State: the heap and its counters, `snt` (T, 5, N), `sbt` (T, 9, B), `sb` (8, B), `fate` and `killer`
(T,), a log (rows, 5) that may have no rows, room to sort votes, `first` (S, T), SEEN in today's weather, and
`aloft` (T,), salvos under way at each missile whose look has not come.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Tables = tuple[Any, ...]
State = tuple[Any, ...]

# The two tuples, by place.
IDS, ST, NT, BT, WIN, FLIGHT, MISSILE, BATTERY = range(8)
ROUTE, DECIDER, ALLOWS, CONSENT, HOLDS, SERVES, SHARE, SEEN_IN, UNTIL, ASKS = range(8, 18)
WANTS, TURN, CHANCES = range(18, 21)
HEAP, N, SNT, SBT, SB, FATE, KILLER, LOG, WORK, FIRST, ALOFT = range(11)
MISSILE_ID, BATTERY_ID, STATION_ID, NATION_ID, CLAUSE_ID, TYPE_ID, AREA_ID = range(7)  # in IDS

# Rows of the tables.
SEEN, LOG_MISS, SCAN_S = range(3)  # st
KNOWN, WARNED, ACTS = range(3)  # nt, and the first two in holds
FIRE_CONTROL, LAST, P_KILL, MANDATE, RESERVE, GATE, RANK, SPENT_BODIES, DECOYS = range(9)  # bt
SALVO, EXPECTED, ABOVE, TOGETHER = range(
    9, 13
)  # bt: rounds a salvo, catalogue's chance, rows of wants, chances
LAUNCH, INTERCEPT = range(2)  # win
LAUNCH_S, IMPACT_S, RELIABILITY, P_LAND = range(4)  # missile
OWNER, ROUNDS, CHANNELS, INTERVAL, SALVOS, BARRAGE = range(6)  # battery; SALVOS before each look
ASSESS, WRONG_LOOK, P_DEFECT, P_CONFUSION, READY_CHANCE = range(6, 11)
KEPT, KEPT_UNTIL, WANTED = range(11, 14)  # battery: its reserve, until when, rounds that `wants` may take
VOTES, DECISION, SPREAD, UNREACHABLE, MISSING, STANDING_ROUTE = range(6)  # route
ASKED, ASKED_DECISION, ASKED_SPREAD, ASKED_UNREACHABLE = range(4)  # consent

# Rows of the state.
HOLD_KNOWN, HOLD_WARNED, IN_FLIGHT, LOOK_AT, BELIEVED_DEAD = range(5)  # snt
GRANTED, FIRED, TRACKED, WAITING, NEXT, SHORT = range(6)  # sbt
ARRIVED, SENT, UNDER_WAY = range(6, 9)  # sbt: rounds met; salvos since the last look, and of them in flight
LEFT, FREE, BUSY, WASTED, DOUBLED = range(5)  # sb
QUEUE, WAKE, STIRRED = range(
    5, 8
)  # sb: missiles that wait, and the times of the FREED that comes and of now's

DETECT, KNOW, GRANT, READY, HIT, LOOK, FREED = range(7)
"""Events, in the order in which those of one moment are played."""
DUD, ASTRAY, LEAKED, KILLED, KILLED_ASTRAY = range(5)
"""Fates; before the defence acts a missile is a DUD, ASTRAY (hits no asset) or LEAKED."""
SALVO_BASE = 16
OBJECT_BASE = 64
NOBODY = np.uint64(0)
