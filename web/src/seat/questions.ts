/** What waits for a decision: first in the seat, with its deadline, what the agreement says, and what waiting costs. */
import { clock } from "../words";
import { make } from "../parts";
import type { NationDocument, Question, Still } from "./documents";
import { flag, keyed, say } from "./keyed";
import { KINDS, ahead, asked, leftOf, name, waiting } from "./say";
import { section } from "./shell";
import type { Outcome } from "./wire";

/** A card that has just moved takes no click for so long: it may not be the one that was aimed at. */
const SETTLE_MS = 450;
/** Less than this of the time left is short. */
const SHORT = 0.34;

type Act = (id: string, yes: boolean) => Promise<Outcome>;

export class Questions {
  readonly element: HTMLElement;
  private readonly list = make("div", { class: "cards", role: "list" });
  private readonly none = make("p", { class: "none" });
  private readonly moved = new Map<string, number>();
  private readonly sent = new Map<string, string>();
  private order: string[] = [];
  private held: Record<string, Question> = {};

  constructor(
    private readonly still: Still,
    private readonly act: Act,
  ) {
    this.none.textContent = "Nothing waits for you. What needs a decision stands here first.";
    const leave = make("details", {}, make("summary", {}, "How leave to fire is had"), make("p", {}, still.authority ?? ""));
    this.element = section("Decisions", "decisions", this.none, this.list, ...(still.authority ? [leave] : []));
  }

  /** Put the keyboard on the first card. */
  focus(): void {
    this.list.querySelector<HTMLElement>("article")?.focus();
  }

  show(doc: Pick<NationDocument, "clock" | "questions">): void {
    const open = waiting(doc.questions);
    this.held = doc.questions ?? {};
    const order = open.map(([id]) => id);
    const now = performance.now();
    const fresh = order.some((id, i) => this.order[i] !== id);
    if (fresh) order.forEach((id, i) => this.order[i] !== id && this.moved.set(id, now));
    const lost = document.activeElement?.closest<HTMLElement>("article[data-question]")?.dataset["question"];
    const at = lost === undefined ? -1 : this.order.indexOf(lost);
    keyed(this.list, open, (id) => this.made(id), (e, q, id) => this.fill(e, q, id, doc.clock.case_s));
    this.none.hidden = open.length > 0;
    for (const id of this.sent.keys()) if (!this.held[id]) this.sent.delete(id);
    this.order = order;
    // The card that had the keyboard is gone: the one in its place has it now.
    if (lost !== undefined && !this.held[lost]) {
      const next = order[Math.min(at, order.length - 1)];
      this.card(next)?.focus();
    }
  }

  private card(id: string | undefined): HTMLElement | null {
    return id === undefined ? null : this.list.querySelector(`article[data-question="${CSS.escape(id)}"]`);
  }

  private made(id: string): HTMLElement {
    const yes = make("button", { type: "button", class: "yes", "data-answer": "yes" }, "Yes", make("kbd", {}, "Y"));
    const no = make("button", { type: "button", class: "no", "data-answer": "no" }, "No", make("kbd", {}, "N"));
    const all = make("button", { type: "button", class: "all", "data-answer": "all", hidden: true });
    const card = make("article", { role: "listitem", tabindex: "0", "data-question": id },
      make("p", { class: "kind" }, make("span", { class: "what" }), make("span", { class: "until" })),
      make("div", { class: "bar", "aria-hidden": "true" }, make("div", { class: "left" })),
      make("h3"),
      make("dl", {}, make("dt", { class: "of" }), make("dd", { class: "says" }), make("dt", {}, "Waiting"), make("dd", { class: "cost" })),
      make("p", { class: "answers" }, yes, no, all),
      make("p", { class: "sent", role: "status" }),
    );
    yes.addEventListener("click", () => this.answer(id, true));
    no.addEventListener("click", () => this.answer(id, false));
    all.addEventListener("click", () => this.answer(id, true, true));
    card.addEventListener("keydown", (e) => this.pressed(e, id));
    return card;
  }

  private pressed(e: KeyboardEvent, id: string): void {
    if (e.ctrlKey || e.metaKey || e.altKey || e.repeat) return;
    const key = e.key.toLowerCase();
    const at = this.order.indexOf(id);
    if (key === "y") this.answer(id, true);
    else if (key === "n") this.answer(id, false);
    else if (key === "a" && this.held[id]?.all) this.answer(id, true, true);
    else if (key === "arrowdown" || key === "j") this.card(this.order[at + 1])?.focus();
    else if (key === "arrowup" || key === "k") this.card(this.order[at - 1])?.focus();
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  private answer(id: string, yes: boolean, all = false): void {
    const q = this.held[id];
    if (!q || this.sent.has(id)) return;
    if (performance.now() - (this.moved.get(id) ?? 0) < SETTLE_MS) {
      this.say(id, "This card has just moved. Answer once more.");
      return;
    }
    this.sent.set(id, yes ? "yes" : "no");
    this.say(id, `${yes ? "Yes" : "No"} is on its way.`);
    void this.act(all && q.all ? q.all : id, yes).then((outcome) => {
      if (outcome.ok) this.say(id, `${yes ? "Yes" : "No"} is written down.`);
      else {
        this.sent.delete(id);
        this.say(id, `Not taken: ${outcome.words}`);
      }
      this.arm(id);
    });
    this.arm(id);
  }

  private arm(id: string): void {
    for (const b of this.card(id)?.querySelectorAll("button") ?? []) b.disabled = this.sent.has(id);
  }

  private say(id: string, words: string): void {
    say(this.card(id)?.querySelector(".sent") ?? null, words);
  }

  private fill(card: HTMLElement, q: Question, id: string, now_s: number): void {
    const left = leftOf(q, now_s);
    const open = q.kind === "proposal" ? "until the turn ends" : `asked at ${clock(q.asked_s)}, no deadline`;
    const until = q.until_s === undefined ? open : `${ahead(now_s, q.until_s)} left`;
    const part = (selector: string): Element | null => card.querySelector(selector);
    say(part(".what"), KINDS[q.kind] ?? q.kind);
    say(part(".until"), until);
    const rest = part(".left") as HTMLElement;
    (part(".bar") as HTMLElement).hidden = left === null;
    rest.style.transform = `scaleX(${(left ?? 0).toFixed(3)})`;
    flag(card, "data-short", left !== null && left < SHORT ? "yes" : null);
    say(part("h3"), asked(this.still, q));
    say(part(".of"), q.kind === "proposal" ? "What changes" : "The agreement");
    say(part(".says"), q.says || (q.clause ? `${q.clause}: ${this.still.clauses?.[q.clause]?.words ?? ""}` : "no clause is named"));
    say(part(".cost"), q.cost || "no answer is no");
    const all = part(".all") as HTMLButtonElement;
    all.hidden = q.all === undefined;
    if (q.all !== undefined && all.childElementCount === 0) {
      all.append(`Yes, and everything to ${name(this.still, q.recipient)} from now on`, make("kbd", {}, "A"));
    }
    flag(card, "aria-label", `${KINDS[q.kind] ?? q.kind}: ${asked(this.still, q)} ${until}`);
    void id;
  }
}
