/** What the page holds in `#synaspis-data`, as report/globe.py writes it. */

export type Kind = "seen" | "known" | "ordered" | "fired" | "hit" | "missed" | "landed" | "failed";

export interface Flight {
  threat: string;
  type: string;
  status: string;
  launch: string;
  target: string;
  nation: string;
  launch_s: number;
  burnout_s: number;
  impact_s: number;
  apogee_km: number;
  /** time s, latitude deg, longitude deg, height km */
  points: [number, number, number, number][];
}

export interface Site {
  name: string;
  kind: "radar" | "satellite" | "aircraft" | "battery" | "city" | "base";
  type: string;
  owner: string;
  operator: string;
  host: string;
  latitude_deg: number | null;
  longitude_deg: number | null;
  facing_deg: number;
  sector_deg: number;
  reach_km: number;
  population: number;
  /** A battery aboard a ship says `sea`. */
  domain: "land" | "sea";
}

export interface SceneEvent {
  time_s: number;
  kind: Kind;
  who: string;
  nation: string;
  threat: string;
  latitude_deg: number | null;
  longitude_deg: number | null;
  height_km: number | null;
  text: string;
}

export interface Scene {
  trial: number;
  events: SceneEvent[];
}

/** One figure of a regime: what it is, in words, and as the number in summary.json. */
export interface Figure {
  key: string;
  label: string;
  said: string;
  value: number | null;
}

export interface Report {
  flights: Flight[];
  sites: Site[];
  scenes: Record<string, Scene>;
  /** The figures above the globe, per regime, in the words of the rest of the page. */
  figures: Record<string, Figure[]>;
  summary: { trials: number; regimes: Record<string, { title: string }>; difference: { headline: string } | null };
}

/** Which of the symbols stands for a site. */
export function symbolOf(site: Site): string {
  return site.kind === "battery" && site.domain === "sea" ? "ship" : site.kind;
}

/** A place on the map, not a sensor or a battery. */
export function isPlace(site: Site): boolean {
  return site.kind === "city" || site.kind === "base";
}

/** The page's own data, or null where there is none that can be read. */
export function read(): Report | null {
  const held = document.getElementById("synaspis-data")?.textContent;
  if (!held) return null;
  const report = JSON.parse(held) as Report;
  for (const scene of Object.values(report.scenes)) scene.events.sort((a, b) => a.time_s - b.time_s);
  return report;
}
