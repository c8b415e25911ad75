/** What a seat is sent: what never changes (`still.json`), and the document that patches keep up to date. */

export type State = "waiting" | "running" | "paused" | "over";

export interface Clock {
  case_s: number;
  state: State;
  speed: number;
  ends_s?: number;
  /** How far the exercise is behind the wall clock, where it can not keep up. */
  behind_s?: number;
}

export type Level = "alert" | "impact_estimate" | "track" | "fire_control_track";

export interface Ellipse {
  lat: number;
  lon: number;
  major_km: number;
  minor_km: number;
  bearing_deg: number;
  at_s: number;
}

export interface Track {
  lat: number;
  lon: number;
  height_km?: number;
  speed_mps?: number;
  course_deg?: number;
  sigma_km?: number;
  level: Level;
  since_s: number;
  own: boolean;
  from: string[];
  because: string[];
  phase?: string;
  impact?: Ellipse;
  threatens?: string[];
  /** In the director's seat: which missile this is. */
  truth?: string;
}

export interface Warned {
  since_s: number;
  impact_s: number;
  people: number;
  nation?: string;
}

export interface Question {
  kind: "fire" | "consent" | "vote" | "release" | "proposal";
  asker: string;
  /** What a proposal says. */
  text?: string;
  recipient?: string;
  battery?: string;
  track?: string;
  clause?: string;
  asked_s: number;
  until_s?: number;
  says?: string;
  /** The question that answers for everything to this nation from now on. */
  all?: string;
  cost?: string;
}

export interface Battery {
  rounds: number;
  state: "ready" | "asking" | "engaging" | "held" | "empty";
  target?: string;
}

export interface Message {
  at_s: number;
  from: string;
  to: string;
  text: string;
}

export interface Told {
  at_s: number;
  kind: string;
  text: string;
  because?: string[] | string;
}

export interface Impact {
  at_s: number;
  lat: number;
  lon: number;
  place?: string;
}

export interface Engagement {
  battery: string;
  track?: string;
  phase: string;
  at_s: number;
  because?: string[] | string;
}

export interface Shared {
  products: string[];
  clauses: string[];
  since_s?: number;
}

/** Something on the table before the raid. */
export interface Tabled {
  text: string;
  /** How it is now, and how it would be. */
  change: string;
  by: string;
  turn: number;
  parties: string[];
  agreed: string[];
  refused: string[];
  /** For whom it holds since the end of a turn. */
  holds: string[];
}

export interface TurnState {
  turn: number;
  of: number;
  title: string;
  /** Kinds of proposal that this turn is for. */
  may: string[];
  over: boolean;
  for_s?: number;
  left_s?: number;
  table: Record<string, Tabled>;
}

export interface Common {
  clock: Clock;
  /** `turns` before the raid and then `raid`, where an exercise begins with turns. */
  stage?: "turns" | "raid";
  messages?: Record<string, Message>;
  events?: Record<string, Told>;
  impacts?: Record<string, Impact>;
}

export interface NationDocument extends Common {
  tracks?: Record<string, Track>;
  warned?: Record<string, Warned>;
  sensors?: Record<string, { state: "works" | "lost"; tracks?: number }>;
  batteries?: Record<string, Battery>;
  questions?: Record<string, Question>;
  engagements?: Record<string, Engagement>;
  given?: Record<string, Shared>;
  had?: Record<string, Shared>;
  injected?: Record<string, { at_s?: number; text?: string } | string>;
}

/** What any seat is sent in the turns before the raid. */
export interface TurnsDocument extends Common {
  turns: TurnState;
  /** In the director's seat: where each nation stands. */
  nations?: Record<string, NationSeen>;
}

export interface Missile {
  lat?: number;
  lon?: number;
  height_km?: number;
  threat: string;
  status?: string;
  /** `down`: shot down. `hit`: it came down where it was going. */
  state: "waiting" | "flying" | "hit" | "down";
  target?: string;
}

export interface NationSeen {
  taken: boolean;
  tracks?: Record<string, Track>;
  warned?: Record<string, Warned>;
  questions?: number;
  rounds?: Record<string, number>;
  /** Before the raid: what it has put on the table, and what waits for its answer. */
  tabled?: number;
  waits?: number;
}

export interface Inject {
  time_s?: number;
  what: Record<string, unknown> | string;
  done?: boolean;
}

export interface DirectorDocument extends Common {
  truth?: Record<string, Missile>;
  nations?: Record<string, NationSeen>;
  impacts?: Record<string, Impact>;
  injects?: Record<string, Inject>;
  spares?: Record<string, unknown>;
  health?: Record<string, unknown>;
}

export interface ObserverDocument extends Common {
  /** By nation, then by place. */
  warned?: Record<string, Record<string, Warned>>;
  engagements?: Record<string, Engagement>;
  truth?: Record<string, Missile>;
}

export interface StillSensor {
  kind: string;
  lat?: number | null;
  lon?: number | null;
  height_km?: number;
  facing_deg?: number;
  sector_deg?: number;
  reach_km?: number;
  type?: string;
  host?: string;
  owner?: string;
}

export interface StillBattery {
  type?: string;
  lat: number;
  lon: number;
  host?: string;
  owner?: string;
  rounds?: number;
  reach_km?: number;
  domain?: string;
}

export interface StillPlace {
  lat: number;
  lon: number;
  nation: string;
  people: number;
}

/** What a nation may put on the table before the raid. */
export interface Choices {
  /** Clauses of the case that are not in force, in words. */
  bring: Record<string, string>;
  /** What can be moved, and whether it stands ashore (`land`) or at `sea`. */
  deploy: Record<string, string>;
  sites: Record<string, { host: string; domain: string; lat: number; lon: number }>;
  preauthorise: Record<string, string>;
  inform: string[];
  products: string[];
  purposes: string[];
  alerts: string[];
}

export interface Still {
  seat: string;
  stage?: "turns" | "raid";
  choices?: Partial<Choices>;
  /** Nations that do not exist: the map has no land. */
  notional?: boolean;
  title: string;
  case: string;
  regime: string;
  regime_title?: string;
  nations: Record<string, string>;
  me?: string;
  places: Record<string, StillPlace>;
  sensors?: Record<string, StillSensor>;
  batteries?: Record<string, StillBattery>;
  /** Others' sensors and batteries, as public figures have them. */
  sites?: Record<string, { owner: string; kind: string; domain?: string; lat?: number | null; lon?: number | null }>;
  clauses?: Record<string, { agreement?: string; words?: string }>;
  authority?: string;
  launch_areas?: Record<string, { lat: number; lon: number; nation: string }>;
  missiles?: Record<string, { threat: string; status: string; area: string; target: string }>;
}

/** The places that are warned in any nation. */
export function allWarned(doc: ObserverDocument): Record<string, Warned> {
  return Object.assign({}, ...Object.values(doc.warned ?? {})) as Record<string, Warned>;
}

/** The latest first, where ids count up. */
export function latest<T>(held: Record<string, T> | undefined, most: number): [string, T][] {
  return Object.entries(held ?? {})
    .sort(([a], [b]) => Number(b) - Number(a))
    .slice(0, most);
}
