"""Why a battery defends nothing under a regime, and what would mend it, in words."""

from __future__ import annotations

from collections.abc import Mapping

from synaspis.model.footprint import MODES, Extent, allowed_modes
from synaspis.sharing.rules import site_works
from synaspis.studies.footprint_battery import MODE_OF, Scene

SAID = {
    "own_radar": "its own radar alone",
    "own_radar_cued": "its own radar, told by others where to look",
    "launch_on_remote": "launch-on-remote",
    "engage_on_remote": "engage-on-remote",
}


def because(s: Scene, r: int, lost: Mapping[str, int], modes: Mapping[str, Extent]) -> tuple[str, ...]:
    """Sentences, the gate that comes first at the top."""
    f, given = s.w.batteries[0], s.regimes[r]
    owner, host, name = f.battery.owner, f.battery.host or f.battery.owner, f.battery.name
    if not sum(lost.values()):
        return ("no class that its interceptor lists gets to the ground about it",)
    allowed = MODES[MODE_OF[f.interceptor.remote]]
    said = []
    if modes[allowed].area_m2 <= 0.0:
        wider = [m for m in MODES if m not in allowed_modes(allowed) and modes[m].area_m2 > 0.0]
        said.append(f"with {SAID[allowed]} it defends nothing, whatever is shared and whoever decides")
        if wider:
            said.append(f"{SAID[wider[0]]} would give it a footprint; `{f.interceptor.name}` cannot do that")
        return tuple(said)
    if not site_works(given, name, host, owner, "use").allowed and f.interceptor.remote != "engage":
        said.append(
            f"its radar may not be used: a consent of {host} with scope `use` for `{name}` would let it"
        )
    elif lost["not_released"]:
        said.append(
            f"{owner} is told too little, or too late: a permit of `fire_control_track` or `measurement` to "
            f"{owner}, by those whose sensors see, would give it a footprint"
        )
    if not site_works(given, name, host, owner, "fire").allowed:
        said.append(f"it may not fire: a consent of {host} with scope `fire` for `{name}` would let it")
    elif lost["no_authority"]:
        said.append(f"nobody may order it to fire: an authority over batteries of {owner} would")
    if lost["no_mandate"]:
        said.append(f"its rounds defend nobody there: a mandate of {owner} that names those nations would")
    if lost["too_late"]:
        said.append("orders come too late: a quicker authority would give it a footprint")
    return tuple(said)
