/** Time: the slider, the strip of events above it, play and pause, and the events in words. */
import type { SceneEvent } from "./data";
import { make, shape } from "./parts";
import type { Raid } from "./raid";
import { clock } from "./words";

const SPEEDS = [10, 30, 60, 120];
const KEY_STEP_S = 5;
const PAGE_STEP_S = 60;
const TOLD = 5;
/** With reduced motion the picture steps this often instead of gliding. */
const STEP_MS = 500;

export class Clockwork {
  readonly element: HTMLElement;
  readonly ticker = make("ol", { class: "ticker", "aria-label": "Latest events", "aria-live": "polite" });
  private readonly play = make("button", { type: "button", class: "play", "aria-label": "Play" });
  private readonly speed = make("select", { "aria-label": "Speed" });
  private readonly time = make("output", { class: "clock" });
  private readonly slider = make("input", { type: "range", step: "1", "aria-label": "Time since the first launch" });
  private readonly strip = shape("svg", { class: "strip", preserveAspectRatio: "none", "aria-hidden": "true" });
  private frame = 0;
  private touched = false;
  private told = -1;
  now: number;

  constructor(
    private readonly raid: Raid,
    private readonly changed: (now: number) => void,
    private readonly calm: MediaQueryList,
  ) {
    this.now = raid.first_s;
    this.slider.min = String(Math.floor(raid.first_s));
    this.slider.max = String(Math.ceil(raid.last_s));
    for (const s of SPEEDS) this.speed.append(make("option", { value: String(s), selected: s === 30 }, `${s} ×`));
    this.speed.value = "30";
    const rail = make("div", { class: "rail" }, this.strip, this.slider);
    this.element = make("div", { class: "transport" }, this.play, this.time, rail, this.speed);
    this.slider.addEventListener("input", () => {
      this.touched = true;
      this.set(Number(this.slider.value));
    });
    this.slider.addEventListener("keydown", (e) => this.key(e));
    this.play.addEventListener("click", () => this.toggle());
    this.face();
  }

  /** Take up the events of the regime now played. */
  reload(): void {
    const from = this.raid.first_s;
    const span = Math.max(1, this.raid.last_s - from);
    this.strip.setAttribute("viewBox", `0 0 1000 14`);
    this.strip.replaceChildren();
    const rows = ["fired", "missed", "hit", "landed"];
    const marked = this.raid.events
      .filter((e) => rows.includes(e.kind))
      .sort((a, b) => rows.indexOf(a.kind) - rows.indexOf(b.kind));
    for (const e of marked) {
      const x = (1000 * (e.time_s - from)) / span;
      const tall = e.kind === "fired" || e.kind === "missed" ? 5 : 12;
      this.strip.append(shape("line", { x1: x, x2: x, y1: 14 - tall, y2: 14, class: e.kind }));
    }
    this.told = -1;
    this.set(this.now);
  }

  set(now: number): void {
    this.now = Math.min(this.raid.last_s, Math.max(this.raid.first_s, now));
    this.slider.value = String(Math.round(this.now));
    const said = clock(this.now - this.raid.first_s);
    this.time.textContent = said;
    this.slider.setAttribute("aria-valuetext", said);
    this.tell();
    this.changed(this.now);
  }

  toggle(): void {
    if (this.frame) this.stop();
    else this.start();
  }

  key(e: KeyboardEvent): void {
    const steps: Record<string, number> = {
      ArrowLeft: -KEY_STEP_S,
      ArrowDown: -KEY_STEP_S,
      ArrowRight: KEY_STEP_S,
      ArrowUp: KEY_STEP_S,
      PageUp: PAGE_STEP_S,
      PageDown: -PAGE_STEP_S,
    };
    const step = steps[e.key];
    if (e.key === " ") this.toggle();
    else if (step !== undefined) {
      this.touched = true;
      this.set(this.now + step);
    } else return;
    e.preventDefault();
  }

  private start(): void {
    if (!this.touched || this.now >= this.raid.last_s) this.set(this.raid.first_s);
    this.touched = true;
    this.ticker.setAttribute("aria-live", "off");
    let before = performance.now();
    const step = (at: number): void => {
      this.frame = requestAnimationFrame(step);
      if (this.calm.matches && at - before < STEP_MS) return;
      this.set(this.now + (Math.min(1000, at - before) / 1000) * Number(this.speed.value));
      before = at;
      if (this.now >= this.raid.last_s) this.stop();
    };
    this.frame = requestAnimationFrame(step);
    this.face();
  }

  private stop(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.ticker.setAttribute("aria-live", "polite");
    this.face();
  }

  private face(): void {
    const playing = this.frame !== 0;
    this.play.setAttribute("aria-label", playing ? "Pause" : "Play");
    const path = playing ? "M5 3h4v14H5zM11 3h4v14h-4z" : "M5 2.5v15l12-7.5z";
    const svg = shape("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" });
    svg.append(shape("path", { d: path, fill: "currentColor" }));
    this.play.replaceChildren(svg);
  }

  /** The last few events up to now, the latest first. */
  private tell(): void {
    const past = this.raid.events.filter((e) => e.time_s <= this.now);
    if (past.length === this.told) return;
    this.told = past.length;
    const latest = past.slice(-TOLD).reverse();
    this.ticker.replaceChildren(...latest.map((e) => this.line(e)));
    if (latest.length === 0) this.ticker.append(make("li", {}, "Nothing has happened yet."));
  }

  private line(e: SceneEvent): HTMLElement {
    const at = make("time", {}, clock(e.time_s - this.raid.first_s));
    return make("li", { class: e.kind }, at, make("span", {}, e.text || `${e.kind}: ${e.threat}`));
  }
}
