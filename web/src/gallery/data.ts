/** What `/gallery.json` tells: the cases that ship, the runs there are, and the run that is under way. */

export interface Case {
  name: string;
  title: string;
  date: string;
  finding: string;
  facts: string;
}

export interface Run {
  name: string;
  case: string;
  written: string;
  trials: number;
  finding: string;
}

export interface Now {
  case: string;
  state: "running" | "done" | "stopped" | "failed";
  words: string;
  part: number;
  run: string;
}

export interface Gallery {
  cases: Case[];
  runs: Run[];
  folder: string;
  trials: number;
  now: Now | null;
}
