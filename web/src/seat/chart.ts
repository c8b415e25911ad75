/** How the raid goes over time: in flight, shot down, came down. */
import uPlot from "uplot";
import { make } from "../parts";
import { palette } from "../palette";
import { clock } from "../words";
import type { DirectorDocument } from "./documents";
import { say } from "./keyed";

const HIGH_PX = 150;
const APART_S = 2;

export class Chart {
  readonly element = make("figure", { class: "chart" });
  private readonly title = make("figcaption");
  private readonly box = make("div");
  private readonly rows: [number[], number[], number[], number[]] = [[], [], [], []];
  private plot: uPlot | null = null;

  constructor() {
    this.element.append(this.title, this.box);
    new ResizeObserver(() => this.plot?.setSize({ width: this.box.clientWidth, height: HIGH_PX })).observe(this.box);
  }

  show(doc: DirectorDocument): void {
    const now = doc.clock.case_s;
    const [time, ...rest] = this.rows;
    // Back to a moment: what was after it did not happen in this branch.
    while (time.length > 0 && time.at(-1)! > now) for (const r of this.rows) r.pop();
    if (time.length > 0 && now - time.at(-1)! < APART_S) return;
    const all = Object.values(doc.truth ?? {});
    time.push(now);
    ["flying", "down", "hit"].forEach((state, i) => rest[i]!.push(all.filter((m) => m.state === state).length));
    const most = Math.max(...rest[0]!);
    const at = time[rest[0]!.indexOf(most)]!;
    say(this.title, most > 0 ? `At most ${most} in flight at once, at ${clock(at)}; ${rest[1]!.at(-1)} shot down, ${rest[2]!.at(-1)} came down on target.` : "Nothing has flown yet.");
    if (this.plot) this.plot.setData(this.rows);
    else if (this.box.clientWidth > 0) this.draw();
  }

  /** Draw anew, in the colours of the style sheet. */
  draw(): void {
    this.plot?.destroy();
    const p = palette();
    const axis = { stroke: p.soft, grid: { stroke: p.border, width: 0.5 }, ticks: { stroke: p.border, width: 0.5 }, font: `12px ${p.font}` };
    const line = (label: string, stroke: string, dash?: number[]): uPlot.Series => ({ label, stroke, width: 2, ...(dash ? { dash } : {}), points: { show: false } });
    this.plot = new uPlot({
      width: this.box.clientWidth,
      height: HIGH_PX,
      legend: { live: false },
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(2, Math.ceil(most * 1.1))] } },
      axes: [
        { ...axis, values: (_, at) => at.map((s) => clock(s)), space: 80 },
        { ...axis, size: 34, incrs: [1, 2, 5, 10, 20, 50, 100, 200], label: "missiles", labelSize: 18, labelFont: `12px ${p.font}` },
      ],
      series: [{ label: "time", value: (_, v) => (v == null ? "" : clock(v)) }, line("in flight", p.ink), line("shot down", p.friend, [6, 3]), line("came down", p.threat, [2, 3])],
    }, this.rows, this.box);
  }
}
