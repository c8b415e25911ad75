"""What `import synaspis` shows: the only place that joins reading, study and writing."""

from __future__ import annotations

from synaspis.api.agreements import (
    agreements_diff,
    agreements_package,
    agreements_rank,
    ask,
    ask_transfer,
    check_agreements,
)
from synaspis.api.flights import fly, range_check, reconstruct
from synaspis.api.footprints import footprint, write_footprint
from synaspis.api.given import version
from synaspis.api.runs import explain, run, write
from synaspis.api.warning import warn, write_warning
from synaspis.files.case import load
from synaspis.model.answers import FlyAnswer, RunAnswer
from synaspis.model.ask import AskAnswer, Checked, TransferAnswer
from synaspis.model.case import Case
from synaspis.model.compared import AgreementsDiff, AgreementsPackage, AgreementsRank
from synaspis.model.early_warning import WarnAnswer
from synaspis.model.footprint import FootprintAnswer
from synaspis.model.reconstruction import Reconstruction
from synaspis.model.summary import summary


def warmup() -> None:
    """Compile every kernel and keep it on disk: the smallest case, one flight, one reconstruction."""
    run("first-light", trials=2)
    warn("first-light", trials=2)
    footprint("first-light", regimes=["allied"], cells=8)
    fly("mrbm-2000", (38.0, 46.3), (44.4, 26.1))
    range_check("mrbm-2000")
    reconstruct(1000.0, 500.0)


__all__ = [
    "AgreementsDiff",
    "AgreementsPackage",
    "AgreementsRank",
    "AskAnswer",
    "Case",
    "Checked",
    "FlyAnswer",
    "FootprintAnswer",
    "Reconstruction",
    "RunAnswer",
    "TransferAnswer",
    "WarnAnswer",
    "agreements_diff",
    "agreements_package",
    "agreements_rank",
    "ask",
    "ask_transfer",
    "check_agreements",
    "explain",
    "fly",
    "footprint",
    "load",
    "range_check",
    "reconstruct",
    "run",
    "summary",
    "version",
    "warmup",
    "warn",
    "write",
    "write_footprint",
    "write_warning",
]
