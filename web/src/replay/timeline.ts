/** Decisions on a time line: a row for each nation, a bar for each question, from asking to answer. */
import { make, shape } from "../parts";
import { span } from "../seat/say";
import { clock } from "../words";
import type { Decision } from "./data";

const ROW_PX = 26;
const BAR_PX = 12;
const LEFT_PX = 130;
const WIDE_PX = 1000;
const FOOT_PX = 26;

export const SAID: Record<Decision["said"], string> = { yes: "yes", no: "no", nothing: "no answer" };

/** How long a question was open; until the end where nobody answered and it had no deadline. */
export function openUntil(d: Decision, ends_s: number): number {
  return d.took_s === null ? Math.min(ends_s, d.until_s ?? ends_s) : d.asked_s + d.took_s;
}

/** What the decisions say, in one sentence. */
export function finding(decisions: Decision[]): string {
  if (decisions.length === 0) return "Nobody was asked anything.";
  const took = decisions.flatMap((d) => (d.took_s === null ? [] : [d.took_s])).sort((a, b) => a - b);
  const silent = decisions.filter((d) => d.said === "nothing").length;
  const no = decisions.filter((d) => d.said === "no").length;
  const middle = took.length ? (took[(took.length - 1) >> 1]! + took[took.length >> 1]!) / 2 : 0;
  const rest = [no ? `${no} refused` : "", silent ? `${silent} not answered` : ""].filter(Boolean).join(", ");
  const half = took.length ? `, half of the answers within ${span(middle)}` : "";
  return `${decisions.length} ${decisions.length === 1 ? "decision" : "decisions"}${half}${rest ? `; ${rest}` : ""}.`;
}

export class TimeLine {
  readonly element = make("figure", { class: "decisions" });
  private readonly svg: SVGElement;
  private readonly needle = shape("line", { class: "needle", y1: 0 });
  private readonly x: (s: number) => number;

  constructor(
    decisions: Decision[],
    names: Record<string, string>,
    private readonly ends_s: number,
    private readonly go: (case_s: number) => void,
  ) {
    const nations = [...new Set(decisions.map((d) => d.nation))].sort();
    const high = nations.length * ROW_PX + FOOT_PX;
    this.x = (s) => LEFT_PX + ((WIDE_PX - LEFT_PX - 10) * s) / Math.max(1, ends_s);
    this.svg = shape("svg", { viewBox: `0 0 ${WIDE_PX} ${high}`, role: "img", "aria-label": finding(decisions) });
    nations.forEach((n, i) => this.row(names[n] ?? n, i));
    for (const d of decisions) this.bar(d, nations.indexOf(d.nation));
    this.axis(nations.length * ROW_PX);
    this.needle.setAttribute("y2", String(nations.length * ROW_PX));
    this.svg.append(this.needle);
    this.element.append(make("figcaption", {}, `${finding(decisions)} Full: yes; empty: no; grey: no answer.`), this.svg);
  }

  set(case_s: number): void {
    for (const end of ["x1", "x2"]) this.needle.setAttribute(end, String(this.x(case_s)));
  }

  private row(name: string, i: number): void {
    const text = shape("text", { x: 0, y: i * ROW_PX + ROW_PX / 2 + 5 });
    text.textContent = name;
    this.svg.append(text, shape("line", { class: "hair", x1: LEFT_PX, x2: WIDE_PX, y1: (i + 1) * ROW_PX, y2: (i + 1) * ROW_PX }));
  }

  private bar(d: Decision, i: number): void {
    const [from, to] = [this.x(d.asked_s), this.x(openUntil(d, this.ends_s))];
    const bar = shape("rect", { class: d.said, x: from, y: i * ROW_PX + (ROW_PX - BAR_PX) / 2, width: Math.max(3, to - from), height: BAR_PX, rx: 2 });
    const title = shape("title", {});
    title.textContent = `${clock(d.asked_s)} ${d.kind} ${d.battery || d.recipient}: ${SAID[d.said]}${d.took_s === null ? "" : ` after ${span(d.took_s)}`}`;
    bar.append(title);
    bar.addEventListener("click", () => this.go(d.asked_s));
    this.svg.append(bar);
  }

  private axis(y: number): void {
    const apart = [30, 60, 120, 300, 600, 1200, 3600].find((s) => this.ends_s / s <= 9) ?? 7200;
    for (let s = 0; s <= this.ends_s; s += apart) {
      const text = shape("text", { x: this.x(s), y: y + 18, "text-anchor": "middle", class: "tick" });
      text.textContent = clock(s);
      this.svg.append(shape("line", { class: "hair", x1: this.x(s), x2: this.x(s), y1: 0, y2: y + 4 }), text);
    }
  }
}
