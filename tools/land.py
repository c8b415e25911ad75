"""Make src/synaspis/report/land.json from Natural Earth (public domain), as world-atlas packs it.

    npm pack world-atlas@2 && tar xzf world-atlas-2.0.2.tgz
    python tools/land.py package/countries-50m.json package/land-50m.json

Lines are thinned to what a report's map can show and written as whole hundredths of a degree,
each point as the step from the one before it.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "src" / "synaspis" / "report" / "land.json"
COAST_DEG = 0.07
BORDER_DEG = 0.09
SMALLEST_DEG2 = 0.06

Line = list[tuple[float, float]]


def arcs_of(topology: dict) -> list[Line]:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        found.append(line)
    return found


def rings_of(topology: dict, name: str) -> list[Line]:
    arcs = arcs_of(topology)
    rings = []
    for geometry in topology["objects"][name]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            for ring in polygon:
                points: Line = []
                for index in ring:
                    arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                    points.extend(arc if not points else arc[1:])
                rings.append(points)
    return rings


def borders_of(topology: dict) -> list[Line]:
    """The arcs that two countries share."""
    used: dict[int, int] = {}

    def walk(part: object) -> None:
        if isinstance(part, list):
            for inner in part:
                walk(inner)
        elif isinstance(part, int):
            arc = part if part >= 0 else ~part
            used[arc] = used.get(arc, 0) + 1

    for geometry in topology["objects"]["countries"]["geometries"]:
        walk(geometry.get("arcs", []))
    arcs = arcs_of(topology)
    return [arcs[index] for index, count in used.items() if count > 1]


def thinned(line: Line, tolerance: float) -> Line:
    """Douglas and Peucker's line, with a stack in place of recursion."""
    keep = {0, len(line) - 1}
    stack = [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        (x0, y0), (x1, y1) = line[first], line[last]
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        worst, at = 0.0, -1
        for i in range(first + 1, last):
            x, y = line[i]
            if length > 0:
                off = abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length
            else:
                off = ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5
            if off > worst:
                worst, at = off, i
        if worst > tolerance:
            keep.add(at)
            stack += [(first, at), (at, last)]
    return [line[i] for i in sorted(keep)]


def area(ring: Line) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def coded(line: Line) -> list[int]:
    steps, x, y = [], 0, 0
    for lon, lat in line:
        nx, ny = round(lon * 100), round(lat * 100)
        steps += [nx - x, ny - y]
        x, y = nx, ny
    return steps


def main() -> None:
    countries, land = (json.loads(Path(p).read_text()) for p in sys.argv[1:3])
    coast = [thinned(r, COAST_DEG) for r in rings_of(land, "land") if area(r) > SMALLEST_DEG2]
    borders = [thinned(b, BORDER_DEG) for b in borders_of(countries)]
    document = {
        "source": "Natural Earth 1:50m, public domain (naturalearthdata.com), thinned",
        "land": [coded(r) for r in coast if len(r) > 3],
        "borders": [coded(b) for b in borders],
    }
    OUT.write_text(json.dumps(document, separators=(",", ":")) + "\n")
    print(f"{OUT.name}: {OUT.stat().st_size / 1000:.0f} kB, {len(coast)} shores, {len(borders)} borders")


if __name__ == "__main__":
    main()
