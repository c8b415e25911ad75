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
  denied: Record<string, { clauses?: string[]; words?: string } & Record<string, unknown>>;
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

export interface Replay {
  /** The director's, with every site of every nation. */
  still: Still;
  moments: Moment[];
  review: Review;
}

export interface Shown {
  case_s: number;
  director: DirectorDocument;
  nations: Record<string, NationDocument>;
}

export function read(): Replay | null {
  const held = document.getElementById("synaspis-replay")?.textContent;
  return held ? (JSON.parse(held) as Replay) : null;
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
