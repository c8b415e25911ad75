/** The director's hand on time: start, pause, speed, back to a moment, end. */
import { make } from "../parts";
import { clock } from "../words";
import type { Clock } from "./documents";
import { flag, say } from "./keyed";
import type { Held } from "./patch";
import { seconds } from "./seconds";
import type { Outcome } from "./wire";

const SPEEDS = [0.25, 0.5, 1, 2, 5, 10, 20];

export class TimeBar {
  readonly element = make("div", { class: "timebar", role: "group", "aria-label": "Time" });
  private readonly go = make("button", { type: "button", class: "go" }, "Start");
  private readonly speed = make("select", { "aria-label": "Speed", title: "Speed" });
  private readonly back = make("input", { type: "text", size: "6", placeholder: "0:00", "aria-label": "Back to, minutes and seconds" });
  private readonly end = make("button", { type: "button", class: "quiet" }, "End");
  private readonly sure = make("dialog", { class: "help", "aria-label": "End the exercise" });
  private state: Clock["state"] = "waiting";

  constructor(
    private readonly act: (what: Held) => Promise<Outcome>,
    private readonly tell: (words: string) => void,
  ) {
    for (const s of SPEEDS) this.speed.append(make("option", { value: String(s) }, `${s} ×`));
    this.speed.value = "1";
    this.go.addEventListener("click", () => this.toggle());
    this.speed.addEventListener("change", () => void this.say("speed", Number(this.speed.value)));
    const form = make("form", { class: "back" }, this.back, make("button", { type: "submit", class: "quiet", title: "Goes on from there as a new branch of the record" }, "Back to"));
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      const to = seconds(this.back.value);
      if (to === null) this.tell("Give the moment as minutes and seconds, such as 3:20.");
      else void this.say("back", to);
    });
    const yes = make("button", { type: "button", class: "yes" }, "End the exercise");
    const no = make("button", { type: "button" }, "Go on");
    this.sure.append(make("h2", {}, "End the exercise?"), make("p", {}, "The record is closed and signed. Nothing can be played after it."), yes, no);
    yes.addEventListener("click", () => {
      this.sure.close();
      void this.say("end");
    });
    no.addEventListener("click", () => this.sure.close());
    this.end.addEventListener("click", () => this.sure.showModal());
    this.element.append(this.go, this.speed, form, this.end, this.sure);
  }

  toggle(): void {
    void this.say(this.state === "running" ? "pause" : "start");
  }

  show(c: Clock): void {
    this.state = c.state;
    say(this.go, c.state === "running" ? "Pause" : c.state === "waiting" ? "Start" : "Go on");
    this.go.disabled = this.end.disabled = c.state === "over";
    if (document.activeElement !== this.speed && SPEEDS.includes(c.speed)) this.speed.value = String(c.speed);
    flag(this.back, "placeholder", clock(c.case_s).slice(2));
  }

  private async say(to: string, value?: number): Promise<void> {
    const { ok, words } = await this.act({ type: "control", to, ...(value === undefined ? {} : { value }) });
    if (!ok) this.tell(`Not taken: ${words}`);
  }
}
