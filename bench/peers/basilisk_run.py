"""Propagate free flights with Basilisk. Runs in an environment of its own, which has no Synaspis.

`python basilisk_run.py TASK.json`: states (N, 6) in an inertial frame from a .npy file, `steps` steps of
`step_s`, the ends written to another .npy file; prints {"seconds"} taken by the propagation alone.
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from Basilisk.simulation import gravityEffector, spacecraft
from Basilisk.utilities import SimulationBaseClass, macros


def earth(task: dict[str, Any]) -> Any:
    """The Earth with J2 alone; Basilisk takes normalised coefficients: C20 = -J2 / sqrt(5)."""
    field = gravityEffector.SphericalHarmonicsGravityModel()
    field.maxDeg = 2
    field.muBody = task["gravity_m3ps2"]
    field.radEquator = task["equatorial_radius_m"]
    field.cBar = [[1.0], [0.0, 0.0], [-task["j2"] / math.sqrt(5.0), 0.0, 0.0]]
    field.sBar = [[0.0], [0.0, 0.0], [0.0, 0.0, 0.0]]
    body = gravityEffector.GravBodyData()
    body.planetName = "earth"
    body.mu = task["gravity_m3ps2"]
    body.radEquator = task["equatorial_radius_m"]
    body.isCentralBody = True
    body.gravityModel = field
    return body


def main() -> None:
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    states = np.load(task["states"])
    step_ns = macros.sec2nano(task["step_s"])
    simulation = SimulationBaseClass.SimBaseClass()
    simulation.CreateNewProcess("flights").addTask(simulation.CreateNewTask("step", step_ns))
    planet = earth(task)
    flights = []
    for number, state in enumerate(states):
        flight = spacecraft.Spacecraft()
        flight.ModelTag = f"flight-{number}"
        # The peer at its quickest: a point, whose attitude is not integrated.
        flight.pointMassTranslationalOnly = True
        flight.gravField.gravBodies = spacecraft.GravBodyVector([planet])
        flight.hub.r_CN_NInit = state[:3].reshape(3, 1)
        flight.hub.v_CN_NInit = state[3:].reshape(3, 1)
        simulation.AddModelToTask("step", flight)
        flights.append(flight)
    simulation.InitializeSimulation()
    simulation.ConfigureStopTime(step_ns * task["steps"])
    start = time.perf_counter()
    simulation.ExecuteSimulation()
    took = time.perf_counter() - start
    ends = [flight.scStateOutMsg.read() for flight in flights]
    np.save(task["ends"], np.array([[*end.r_BN_N, *end.v_BN_N] for end in ends]))
    print(json.dumps({"seconds": took}))


if __name__ == "__main__":
    main()
