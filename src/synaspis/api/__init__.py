"""What `import synaspis` shows: the only place that joins reading, study and writing.

What is imported here is given on: these imports are the list of it.
"""

from __future__ import annotations

from synaspis.api.agreements import (
    agreements_diff,
    agreements_package,
    agreements_rank,
    ask,
    ask_transfer,
    check_agreements,
)
from synaspis.api.boost import boost_layer, write_boost_layer
from synaspis.api.burden import burden, write_burden
from synaspis.api.exports import export, label_of
from synaspis.api.fallen import debris
from synaspis.api.flights import fly, range_check, reconstruct
from synaspis.api.footprints import footprint, write_footprint
from synaspis.api.given import version
from synaspis.api.heard import overhear
from synaspis.api.kills import fit_kills, no_intercept_band, test_band
from synaspis.api.live import unfold
from synaspis.api.planning import plan, plan_alone, write_plan
from synaspis.api.runs import explain, run, write
from synaspis.api.sweeps import absorb, sweep, write_sweep
from synaspis.api.tracking import track
from synaspis.api.warning import warn, write_warning
from synaspis.api.years import timeline, write_timeline
from synaspis.files.case import load
from synaspis.model.absorb import AbsorbAnswer
from synaspis.model.answers import FlyAnswer, RunAnswer
from synaspis.model.ask import AskAnswer, Checked, TransferAnswer
from synaspis.model.boost_layer import BoostAnswer
from synaspis.model.burden import BurdenAnswer
from synaspis.model.case import Case
from synaspis.model.compared import AgreementsDiff, AgreementsPackage, AgreementsRank
from synaspis.model.debris import DebrisAnswer
from synaspis.model.early_warning import WarnAnswer
from synaspis.model.footprint import FootprintAnswer
from synaspis.model.kills import KillsAnswer
from synaspis.model.plan import AloneAnswer, PlanAnswer
from synaspis.model.reconstruction import Reconstruction
from synaspis.model.summary import summary
from synaspis.model.sweep import SweepAnswer
from synaspis.model.timeline import TimelineAnswer
from synaspis.model.tracking import TrackingAnswer


def warmup() -> None:
    """Compile every kernel and keep it on disk: the smallest case, and one small question of each kind."""
    run("first-light", trials=2)
    warn("first-light", trials=2)
    footprint("first-light", regimes=["allied"], cells=8)
    fly("mrbm-2000", (38.0, 46.3), (44.4, 26.1))
    range_check("mrbm-2000")
    reconstruct(1000.0, 500.0)
    fit_kills([(2, 1), (3, 0)])
    boost_layer("first-light")
    debris("first-light")
    for _ in unfold("first-light").events():
        pass
