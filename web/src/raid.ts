/** The raid as it went in one trial: who was where, when it ended, which rounds met it. */
import type { Vector3 } from "three";
import type { Flight, Scene, SceneEvent, Site } from "./data";
import type { Ribbon } from "./ribbons";
import { place } from "./sphere";

const DASHES: Record<string, number> = { demonstrated: 0, assessed: 9, hypothetical: 5 };
const ENDS = new Set(["hit", "landed", "failed"]);

export interface Missile {
  flight: Flight;
  points: Vector3[];
  times: number[];
  end_s: number;
  fate: "hit" | "landed" | "failed" | "unknown";
}

/** A round on its way: from its battery to where it met, or missed, its target. */
export interface Shot {
  from: Vector3;
  to: Vector3;
  fired_s: number;
  met_s: number;
}

export class Raid {
  readonly missiles: Missile[];
  shots: Shot[] = [];
  events: SceneEvent[] = [];
  readonly first_s: number;
  readonly last_s: number;
  private readonly siteAt = new Map<string, Vector3>();

  constructor(flights: Flight[], sites: Site[], scenes: Scene[]) {
    this.missiles = flights.map((flight) => ({
      flight,
      points: flight.points.map(([, lat, lon, km]) => place(lat, lon, Math.max(0, km))),
      times: flight.points.map(([t]) => t),
      end_s: flight.impact_s,
      fate: "unknown",
    }));
    for (const s of sites) {
      if (s.latitude_deg !== null && s.longitude_deg !== null) {
        this.siteAt.set(s.name, place(s.latitude_deg, s.longitude_deg));
      }
    }
    const all = scenes.flatMap((s) => s.events.map((e) => e.time_s));
    this.first_s = Math.min(...flights.map((f) => f.launch_s), ...all);
    this.last_s = Math.max(...flights.map((f) => f.impact_s), ...all);
    if (!Number.isFinite(this.first_s)) [this.first_s, this.last_s] = [0, 0];
  }

  /** Take up the events of one regime. */
  play(scene: Scene | undefined): void {
    this.events = scene?.events ?? [];
    const ended = new Map<string, SceneEvent>();
    for (const e of this.events) if (ENDS.has(e.kind) && !ended.has(e.threat)) ended.set(e.threat, e);
    for (const m of this.missiles) {
      const e = ended.get(m.flight.threat);
      m.end_s = e ? e.time_s : m.flight.impact_s;
      m.fate = e ? (e.kind as "hit" | "landed" | "failed") : "unknown";
    }
    this.shots = this.shotsOf(this.events);
  }

  /** Pair every shot with the first hit or miss after it of the same battery at the same missile. */
  private shotsOf(events: SceneEvent[]): Shot[] {
    const found: Shot[] = [];
    const used = new Set<SceneEvent>();
    for (const fired of events) {
      const from = this.siteAt.get(fired.who);
      if (fired.kind !== "fired" || !from) continue;
      const met = events.find(
        (e) =>
          (e.kind === "hit" || e.kind === "missed") &&
          e.who === fired.who &&
          e.threat === fired.threat &&
          e.time_s >= fired.time_s &&
          !used.has(e),
      );
      const to = met && spot(met);
      if (!met || !to) continue;
      used.add(met);
      found.push({ from, to, fired_s: fired.time_s, met_s: met.time_s });
    }
    return found;
  }

  ribbons(): Ribbon[] {
    const paths = this.missiles.map((m): Ribbon => ({
      points: m.points,
      times: m.times,
      end: m.end_s,
      friend: false,
      dash: DASHES[m.flight.status] ?? 0,
      width: 1.8,
      before: 0.3,
    }));
    const rounds = this.shots.map((s): Ribbon => {
      const line = Array.from({ length: 13 }, (_, i) => between(s.from, s.to, i / 12));
      const times = line.map((_, i) => s.fired_s + ((s.met_s - s.fired_s) * i) / 12);
      return { points: line, times, end: s.met_s, friend: true, dash: 0, width: 1.5, before: 0 };
    });
    return [...paths, ...rounds];
  }
}

/** Where an event happened, or null where it does not say. */
export function spot(e: SceneEvent): Vector3 | null {
  if (e.latitude_deg === null || e.longitude_deg === null) return null;
  return place(e.latitude_deg, e.longitude_deg, Math.max(0, e.height_km ?? 0));
}

/** A point of a line from the ground that rises first and then leans over: for the eye, not a flyout. */
function between(from: Vector3, to: Vector3, part: number): Vector3 {
  const height = from.length() + (to.length() - from.length()) * Math.sin((part * Math.PI) / 2);
  return from.clone().lerp(to, part).setLength(Math.max(1, height));
}

/** Where a missile is at a time, or null before launch and after its end. */
export function position(m: Missile, now: number): Vector3 | null {
  if (now < m.flight.launch_s || now > m.end_s) return null;
  const i = m.times.findIndex((t) => t >= now);
  if (i < 0) return m.points.at(-1)?.clone() ?? null;
  if (i === 0) return m.points[0]?.clone() ?? null;
  const t0 = m.times[i - 1]!;
  const t1 = m.times[i]!;
  return m.points[i - 1]!.clone().lerp(m.points[i]!, t1 > t0 ? (now - t0) / (t1 - t0) : 1);
}
