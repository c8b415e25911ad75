/** What a replay's page holds in `#synaspis-replay`. */
import type { DirectorDocument, NationDocument, Still } from "../seat/documents";
import { type Held, merged } from "../seat/patch";

export interface Decision {
  nation: string;
  kind: string;
  clause: string;
  battery: string;
  recipient: string;
  missile: string;
  asked_s: number;
  until_s: number | null;
  said: "yes" | "no" | "nothing";
  took_s: number | null;
  took_wall_s: number | null;
  at_stake: string;
}

export interface Missed {
  battery: string;
  owner: string;
  missile: string;
  target: string;
  people: number;
  last_s: number;
  cause: string;
  because: string[];
  words: string;
}

export interface Knowledge {
  nation: string;
  missile: string;
  target: string;
  knew_s: Record<string, number>;
  could_s: Record<string, number>;
  by: Record<string, string>;
  denied: Record<string, { held_by: string[]; because: string[]; words: string }>;
}

/** As `synaspis replay --json` prints it. */
export interface Review {
  case: string;
  regime: string;
  ends_s: number;
  decisions: Decision[];
  missed: { causes: Record<string, number>; chances: Missed[] };
  knowledge: Knowledge[];
}

export interface Moment {
  case_s: number;
  /** By seat, what changed since the moment before (RFC 7396); the first moment holds whole documents. */
  seats: Record<string, Held>;
}

/** How it went under a regime, to `ends_s`; `warned` has when each place was first warned. */
export interface Course {
  regime: string;
  people: boolean;
  ends_s: number;
  shot_down: number;
  came_down: number;
  in_flight: number;
  rounds: number;
  warned: Record<string, number>;
}

/** As it was played, and on from a moment by the protocol under the same regime and another. */
export interface WhatIf {
  from_s: number;
  played: Course;
  same: Course;
  other: Course;
}

export type Figure = number | { value: number | null; low: number | null; high: number | null } | null;

export interface Side {
  log: string;
  case: string;
  regime: string;
  seed: number;
  version: string;
}

/** Two exercises side by side. */
export interface Compared {
  one: Side;
  other: Side;
  figures: { about: string; what: string; one: Figure; other: Figure }[];
}

export interface Replay {
  /** The director's, with every site of every nation. */
  still: Still;
  moments: Moment[];
  review: Review;
  /** The case's regimes with their titles. */
  regimes?: Record<string, string>;
  what_ifs?: WhatIf[];
  beside?: Compared;
  /** Whether the page came from a server that can be asked for more. */
  live?: boolean;
}

export interface Shown {
  case_s: number;
  director: DirectorDocument;
  nations: Record<string, NationDocument>;
}

/** What the page holds; a page that holds nothing asks where it came from. */
export async function read(): Promise<Replay> {
  const held = document.getElementById("synaspis-replay")?.textContent;
  if (held) return JSON.parse(held) as Replay;
  const got = await fetch("/replay.json", { headers: shown() });
  const told = (await got.json()) as Replay & { words?: string };
  if (!got.ok) throw new Error(told.words ?? "The exercise could not be read.");
  return told;
}

/** What opens the server's paths: the token of the link, which no browser sends to anybody by itself. */
export function shown(): Record<string, string> {
  return { Authorization: `Bearer ${location.hash.slice(1)}` };
}

/** Every moment whole; what did not change between two is the same object in both. */
export function unfolded(moments: Moment[]): Shown[] {
  let seats: Held = {};
  return moments.map(({ case_s, seats: patch }) => {
    seats = merged(seats, patch as Held) as Held;
    const { director, observer: _, ...nations } = seats;
    return { case_s, director: director as unknown as DirectorDocument, nations: nations as unknown as Shown["nations"] };
  });
}
