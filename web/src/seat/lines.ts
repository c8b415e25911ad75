/** The lines of what flies: where it was, where it may come down, and the way between. */
import type { Vector3 } from "three";
import type { Ribbon } from "../ribbons";
import { EARTH_KM, along, type place } from "../sphere";
import type { Ellipse, Missile, Track } from "./documents";

type Lay = typeof place;
/** Points of a trail, and the time between them, s. */
const TRAIL = 16;
const APART_S = 8;
const ELLIPSE = 24;
const WAY = 10;
/** With more tracks than these the lines are fewer: short trails, and the way only of the chosen one. */
const FEW = 40;
const SHORT_TRAIL = 4;
const ROUGH_ELLIPSE = 14;
/** A time that has passed, and one that never comes, for lines that are strong and lines that are faint. */
const PAST = -1;
const NEVER = 1e8;
const RAD = Math.PI / 180;

type Point = [lat: number, lon: number, km: number];

interface Trail {
  points: Point[];
  last_s: number;
}

/** Where things have been while this page looked on. */
export class Trails {
  private readonly held = new Map<string, Trail>();

  see(things: Record<string, { lat?: number; lon?: number; height_km?: number }>, now_s: number): void {
    for (const [id, t] of Object.entries(things)) {
      if (t.lat === undefined || t.lon === undefined) continue;
      const trail = this.held.get(id) ?? { points: [], last_s: -Infinity };
      this.held.set(id, trail);
      // Time goes back when the director does.
      if (now_s < trail.last_s) trail.points.length = 0;
      else if (now_s - trail.last_s < APART_S && trail.points.length > 0) continue;
      trail.points.push([t.lat, t.lon, t.height_km ?? 0]);
      if (trail.points.length > TRAIL) trail.points.shift();
      trail.last_s = now_s;
    }
    for (const id of this.held.keys()) if (!things[id]) this.held.delete(id);
  }

  of(id: string): Point[] {
    return this.held.get(id)?.points ?? [];
  }
}

function ribbon(points: Vector3[], strength: number, width: number, dash = 0): Ribbon {
  const at = strength >= 1 ? PAST : NEVER;
  return { points, times: points.map(() => at), end: 10 * NEVER, friend: false, dash, width, before: strength };
}

export function trailOf(lay: Lay, points: Point[], here: Point): Ribbon {
  return ribbon([...points, here].map((p) => lay(...p)), 0.5, 1.6);
}

/** The 90 % ellipse on the ground, as points about its middle. */
export function ellipseOf(lay: Lay, e: Ellipse, steps = ELLIPSE): Ribbon {
  const points = Array.from({ length: steps + 1 }, (_, i) => {
    const turn = (2 * Math.PI * i) / steps;
    const [a, b] = [e.major_km * Math.cos(turn), e.minor_km * Math.sin(turn)];
    const bearing = e.bearing_deg + Math.atan2(b, a) / RAD;
    return lay(...along(e.lat, e.lon, bearing, Math.hypot(a, b)), 1);
  });
  return ribbon(points, 0.85, 1.5);
}

/** From where it is to the middle of where it may come down: over the shortest way, not its real curve. */
export function wayOf(lay: Lay, t: Point, e: Ellipse): Ribbon {
  const [bearing, far_km] = between(t[0], t[1], e.lat, e.lon);
  const points = Array.from({ length: WAY + 1 }, (_, i) => {
    const part = i / WAY;
    return lay(...along(t[0], t[1], bearing, far_km * part), Math.max(0, t[2]) * (1 - part * part));
  });
  return ribbon(points, 0.55, 1.2, 3);
}

/** Bearing, degrees, and distance, km, from one point to another on the sphere. */
export function between(lat0: number, lon0: number, lat1: number, lon1: number): [number, number] {
  const [f, g, l] = [lat0 * RAD, lat1 * RAD, (lon1 - lon0) * RAD];
  const y = Math.sin(l) * Math.cos(g);
  const x = Math.cos(f) * Math.sin(g) - Math.sin(f) * Math.cos(g) * Math.cos(l);
  const along_rad = Math.atan2(Math.hypot(x, y), Math.sin(f) * Math.sin(g) + Math.cos(f) * Math.cos(g) * Math.cos(l));
  return [Math.atan2(y, x) / RAD, along_rad * EARTH_KM];
}

export function linesOf(lay: Lay, tracks: Record<string, Track>, truth: Record<string, Missile>, trails: Trails, chosen: string): Ribbon[] {
  const found: Ribbon[] = [];
  const many = Object.keys(tracks).length + Object.keys(truth).length > FEW;
  const past = (id: string): Point[] => trails.of(id).slice(many ? -SHORT_TRAIL : 0);
  for (const [name, m] of Object.entries(truth)) {
    if (m.state !== "flying" || m.lat === undefined || m.lon === undefined) continue;
    found.push(trailOf(lay, past(`truth ${name}`), [m.lat, m.lon, m.height_km ?? 0]));
  }
  for (const [id, t] of Object.entries(tracks)) {
    const placed = t.lat !== undefined && t.lon !== undefined;
    const here: Point = [t.lat, t.lon, t.height_km ?? 0];
    if (placed && past(id).length > 0) found.push(trailOf(lay, past(id), here));
    if (!t.impact || (many && !t.threatens?.length && id !== chosen)) continue;
    found.push(ellipseOf(lay, t.impact, many ? ROUGH_ELLIPSE : ELLIPSE));
    if (placed && (!many || id === chosen)) found.push(wayOf(lay, here, t.impact));
  }
  return found;
}
