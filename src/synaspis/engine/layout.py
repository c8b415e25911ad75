"""How tables and state of the event kernels are laid out: places in the two tuples, rows of their arrays.

Tables (constant over trials; S stations, N nations, B batteries, T missiles, U distinct flights):
`st` (3, S, T), `nt` (T, 3, N), `bt` (T, 9, B), `win` (2, B, U, J), `missile` (4, T), `battery` (11, B),
`route` (6, B, R), `decider` (B, R, V) nation rows or -1, `allows` (B, R, T) for which missiles a route
may be taken, `consent` (4, B, C) the states that may be asked besides, `asks` (B, R, C, T) which of them a
route needs for a missile, `holds` (2, S, N) and `serves` (S, B) who has what of whose sensor (0, or inf for
never), `share` (N, N) who tells whom of engagements, hashes of names for the dice, and by weather W `seen`
(W, S, T) and `until` (W,), cumulative chances.
State: the heap and its counters, `snt` (T, 5, N), `sbt` (T, 6, B), `sb` (4, B), `fate` and `killer`
(T,), a log (rows, 5) that may have no rows, room to sort votes, and `first` (S, T), SEEN in today's weather.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Tables = tuple[Any, ...]
State = tuple[Any, ...]

# The two tuples, by place.
IDS, ST, NT, BT, WIN, FLIGHT, MISSILE, BATTERY = range(8)
ROUTE, DECIDER, ALLOWS, CONSENT, HOLDS, SERVES, SHARE, SEEN_IN, UNTIL, ASKS = range(8, 18)
HEAP, N, SNT, SBT, SB, FATE, KILLER, LOG, WORK, FIRST = range(10)
MISSILE_ID, BATTERY_ID, STATION_ID, NATION_ID, CLAUSE_ID, TYPE_ID, AREA_ID = range(7)  # in IDS

# Rows of the tables.
SEEN, LOG_MISS, SCAN_S = range(3)  # st
KNOWN, WARNED, ACTS = range(3)  # nt, and the first two in holds
FIRE_CONTROL, LAST, P_KILL, MANDATE, RESERVE, GATE, RANK, SPENT_BODIES, DECOYS = range(9)  # bt
LAUNCH, INTERCEPT = range(2)  # win
LAUNCH_S, IMPACT_S, RELIABILITY, P_LAND = range(4)  # missile
OWNER, ROUNDS, CHANNELS, INTERVAL, SALVO, BARRAGE = range(6)  # battery
ASSESS, WRONG_LOOK, P_DEFECT, P_CONFUSION, READY_CHANCE = range(6, 11)
VOTES, DECISION, SPREAD, UNREACHABLE, MISSING, STANDING_ROUTE = range(6)  # route
ASKED, ASKED_DECISION, ASKED_SPREAD, ASKED_UNREACHABLE = range(4)  # consent

# Rows of the state.
HOLD_KNOWN, HOLD_WARNED, IN_FLIGHT, LOOK_AT, BELIEVED_DEAD = range(5)  # snt
GRANTED, FIRED, TRACKED, WAITING, NEXT, SHORT = range(6)  # sbt
LEFT, FREE, BUSY, WASTED = range(4)  # sb

DETECT, KNOW, GRANT, READY, HIT, LOOK = range(6)
"""Events, in the order in which those of one moment are played."""
DUD, ASTRAY, LEAKED, KILLED, KILLED_ASTRAY = range(5)
"""Fates; before the defence acts a missile is a DUD, ASTRAY (hits no asset) or LEAKED."""
SALVO_BASE = 16
OBJECT_BASE = 64
NOBODY = np.uint64(0)
