/** Beside an exercise: how it would have gone on under another regime, and another exercise. */
import { make } from "../parts";
import { count } from "../seat/say";
import { clock } from "../words";
import { type Compared, type Course, type Figure, type Side, type WhatIf, shown as told } from "./data";
import { table } from "./tables";

const COUNTED: [keyof Course, string][] = [
  ["shot_down", "shot down"],
  ["came_down", "came down on target"],
  ["in_flight", "in flight"],
  ["rounds", "rounds fired"],
];

/** What the other regime makes of it, on the same luck and by the same protocol. */
export function whatIfFinding(w: WhatIf): string {
  const [own, other] = [w.same.came_down, w.other.came_down];
  const from = `From ${clock(w.from_s)} on, under ${w.other.regime}`;
  const much = own === other ? `as many come down as under ${w.same.regime}: ${own}` :
    `${count(other, "missile comes", "missiles come")} down on target, where under ${w.same.regime} ${own} ${own === 1 ? "does" : "do"}`;
  return `${from}, ${much}.`;
}

export function whatIfTable(w: WhatIf): HTMLElement {
  const courses = [w.played, w.same, w.other];
  const places = [...new Set(courses.flatMap((c) => Object.keys(c.warned)))].sort();
  const at = (s: number | undefined): string => (s === undefined ? "never" : clock(s));
  return table(
    ["", `as played, ${w.played.regime}`, `${w.same.regime}, by the protocol`, `${w.other.regime}, by the protocol`],
    [
      ["until", ...courses.map((c) => clock(c.ends_s))],
      ...COUNTED.map(([key, words]) => [words, ...courses.map((c) => String(c[key]))]),
      ...places.map((p) => [`${p} warned`, ...courses.map((c) => at(c.warned[p]))]),
    ],
  );
}

export function whatIfCard(w: WhatIf): HTMLElement {
  return make("article", { class: "aside" }, make("h3", {}, whatIfFinding(w)), whatIfTable(w),
    make("p", { class: "soft" }, "The middle column and the last differ in the regime alone; the first two in what people did."));
}

function shown(f: Figure): string {
  if (f === null) return "–";
  if (typeof f === "number") return String(Math.round(f * 10) / 10);
  if (f.value === null) return "–";
  const end = (x: number | null): string => (x === null ? "" : String(Number(x.toPrecision(2))));
  return f.low === null ? Number(f.value.toPrecision(3)).toString() : `${Number(f.value.toPrecision(3))} (${end(f.low)} to ${end(f.high)})`;
}

export function comparedFinding(c: Compared): string {
  const row = c.figures.find((f) => f.what === "missiles that came down on target");
  const alike = c.one.case === c.other.case && c.one.regime === c.other.regime && c.one.seed === c.other.seed;
  const rest = alike ? "on the same case, regime and luck" : "they differ in more than their people: in case, regime or luck";
  return `Beside ${c.other.log.split("/").at(-1) ?? c.other.log}: ${shown(row?.one ?? null)} came down here, ${shown(row?.other ?? null)} there; ${rest}.`;
}

export function comparedTable(c: Compared): HTMLElement {
  const named = (s: Side): string => `${s.case}, ${s.regime}, seed ${s.seed}`;
  return table(
    ["", "", named(c.one), named(c.other)],
    c.figures.filter((f) => f.one !== 0 || f.other !== 0).map((f) => [f.about, f.what.replaceAll("_", " "), shown(f.one), shown(f.other)]),
  );
}

interface State {
  now: { regime: string; from_s: number; stage: string; share: number } | null;
  words: string;
  found: WhatIf[];
}

const ABOUT = "From then on nobody sits anywhere: the protocol plays both regimes, on the same luck.";
const POLL_MS = 500;
const STAGES = 3;

/** Asks the server that the page came from to go on from the moment shown, and shows what comes of it. */
export class WhatIfAsker {
  readonly element = make("form", { class: "whatif" });
  private readonly regime = make("select", { "aria-label": "Under which regime" });
  private readonly go = make("button", { class: "go", type: "submit" }, "Go on");
  private readonly stop = make("button", { type: "button", hidden: true }, "Stop");
  private readonly bar = make("progress", { max: "1", value: "0", hidden: true });
  private readonly words = make("p", { class: "soft", role: "status", "aria-live": "polite" });
  private at_s = 0;
  private seen = 0;
  private stage = "";
  private stages = 0;

  constructor(regimes: Record<string, string>, current: string, private readonly found: (w: WhatIf) => void) {
    for (const [name, title] of Object.entries(regimes)) {
      const option = make("option", { value: name, selected: name === current }, name === current ? `${name}: as it was` : title ? `${name}: ${title}` : name);
      this.regime.append(option);
    }
    const other = Object.keys(regimes).find((n) => n !== current);
    if (other) this.regime.value = other;
    this.element.append(make("label", {}, "Go on from here under ", this.regime), this.go, this.stop, this.bar, this.words);
    this.element.addEventListener("submit", (e) => {
      e.preventDefault();
      void this.ask("/what-if", JSON.stringify({ regime: this.regime.value, from_s: this.at_s }));
    });
    this.stop.addEventListener("click", () => void this.ask("/what-if/stop", "{}"));
    this.words.textContent = ABOUT;
    void this.look();
  }

  moment(case_s: number): void {
    this.at_s = case_s;
    if (!this.go.disabled) this.go.textContent = `Go on from ${clock(case_s)}`;
  }

  private async ask(path: string, body: string): Promise<void> {
    this.go.disabled = true;
    try {
      const got = await fetch(path, { method: "POST", body, headers: { ...told(), "Content-Type": "application/json" } });
      const state = (await got.json()) as Partial<State>;
      if (!got.ok) {
        this.words.textContent = state.words ?? "That was not understood.";
        this.go.disabled = false;
        if (got.status !== 409) return;
      }
    } catch {
      this.words.textContent = "The server is not there any more.";
      this.go.disabled = false;
      return;
    }
    await this.look();
  }

  private async look(): Promise<void> {
    let state: State;
    try {
      state = (await (await fetch("/what-if", { headers: told() })).json()) as State;
    } catch {
      this.words.textContent = "The server is not there any more.";
      return;
    }
    for (const w of state.found.slice(this.seen)) this.found(w);
    this.seen = state.found.length;
    const now = state.now;
    this.go.disabled = now !== null;
    this.stop.hidden = this.bar.hidden = now === null;
    if (now === null) {
      this.stages = 0;
      this.moment(this.at_s);
      if (state.words) this.words.textContent = `${state.words[0]?.toUpperCase()}${state.words.slice(1)}.`;
      else if (state.found.length) this.words.textContent = ABOUT;
      return;
    }
    if (now.stage && now.stage !== this.stage) [this.stage, this.stages] = [now.stage, this.stages + 1];
    this.bar.value = (Math.max(0, this.stages - 1) + now.share) / STAGES;
    this.words.textContent = now.stage ? `Playing on from ${clock(now.from_s)}: ${now.stage}.` : `Playing up to ${clock(now.from_s)}.`;
    setTimeout(() => void this.look(), POLL_MS);
  }
}
