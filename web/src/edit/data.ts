/** What the server says of the case, of its changes, and of what came of them. */

export interface Field {
  id: string;
  key: string;
  kind: "choice" | "number" | "whole" | "date";
  was: string;
  unit: string;
  choices: string[];
  limits: string;
}

export interface Row {
  name: string;
  holds: boolean;
  fields: Field[];
}

export interface ClauseRow extends Row {
  kind: string;
  words: string;
  terms: string;
  assumed: boolean;
}

export interface AgreementRows {
  name: string;
  title: string;
  parties: string[];
  regimes: string[];
  clauses: ClauseRow[];
}

export interface SiteRow extends Row {
  kind: "sensor" | "battery";
  type: string;
  owner: string;
  host: string;
}

export interface SalvoRow extends Row {
  threat: string;
  launch: string;
}

export interface Sheet {
  case: string;
  title: string;
  date: string;
  run: string;
  folder: string;
  trials: number;
  most_trials: number;
  seed: number;
  agreements: AgreementRows[];
  sites: SiteRow[];
  salvo: SalvoRow[];
  nations: Record<string, string>;
}

export interface Edit {
  name: string;
  changes: string[];
  file: string;
  state: "running" | "done" | "stopped" | "failed";
  words: string;
  part: number;
  finding: string;
}

export interface Fault {
  field: string;
  what: string;
  mend: string;
}

export interface Figure {
  before: number;
  after: number;
  gain: { value: number; low: number; high: number; error: number } | null;
}

export interface Seconds {
  p05: number;
  p50: number;
  p95: number;
}

export interface NationEdited {
  protected_population: Figure;
  leakers: Figure;
  warning_before_s: Seconds;
  warning_after_s: Seconds;
}

export interface RegimeEdited {
  title: string;
  protected_population: Figure;
  population_at_risk: Figure;
  leakers: Figure;
  nations: Record<string, NationEdited>;
}

export interface Edited {
  name: string;
  case: string;
  file: string;
  trials: number;
  seed: number;
  headline: string;
  changes: string[];
  finding: string;
  regimes: Record<string, RegimeEdited>;
  nations: Record<string, string>;
}

/** What the paths of this page begin with, where it is one of several. */
export const BASE = (typeof document === "undefined" ? undefined : document.getElementById("edit")?.dataset.base) ?? "";

export async function fetched<T>(path: string): Promise<T | null> {
  const answer = await fetch(path, { cache: "no-store" }).catch(() => null);
  return answer?.ok ? ((await answer.json()) as T) : null;
}
