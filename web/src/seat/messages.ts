/** Messages between cells: under release rules, so that one may be refused; the director may always be written to. */
import { clock } from "../words";
import { make } from "../parts";
import { type Message, type Still, latest } from "./documents";
import { keyed, say } from "./keyed";
import { name } from "./say";
import { section } from "./shell";
import type { Outcome } from "./wire";

const MOST = 80;
const LONGEST = 500;

export class Messages {
  readonly element: HTMLElement;
  private readonly list = make("ol", { class: "rows messages", tabindex: "0", "aria-label": "Messages, the latest last" });
  private readonly none = make("p", { class: "none" }, "No message yet.");
  private readonly to = make("select", { "aria-label": "To" });
  private readonly text = make("input", { type: "text", maxlength: String(LONGEST), placeholder: "Message", "aria-label": "Message", autocomplete: "off" });
  private readonly outcome = make("p", { class: "sent", role: "status" });
  private before: unknown;

  constructor(
    private readonly still: Still,
    say_to: (to: string, text: string) => Promise<Outcome>,
  ) {
    const others = Object.keys(still.nations).filter((n) => n !== still.seat);
    const named = others.sort((a, b) => name(still, a).localeCompare(name(still, b)));
    const director = still.seat === "director" ? [] : [["director", "Director"] as const];
    for (const [value, words] of [...director, ...named.map((n) => [n, name(still, n)] as const)]) {
      this.to.append(make("option", { value }, words));
    }
    const send = make("button", { type: "submit" }, "Send");
    const form = make("form", { class: "write" }, this.to, this.text, send);
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      const text = this.text.value.trim();
      if (!text) return;
      this.outcome.textContent = "";
      void say_to(this.to.value, text).then(({ ok, words }) => {
        this.outcome.textContent = ok ? "" : `Not sent: ${words}`;
        if (ok) this.text.value = "";
      });
    });
    this.text.addEventListener("keydown", (e) => e.key === "Escape" && this.text.blur());
    this.element = section("Messages", "messages", this.none, this.list, form, this.outcome);
  }

  focus(): void {
    this.text.focus();
  }

  show(messages: Record<string, Message> | undefined): void {
    if (messages === this.before) return;
    this.before = messages;
    const rows = latest(messages, MOST).reverse();
    this.none.hidden = rows.length > 0;
    const atEnd = this.list.scrollTop + this.list.clientHeight >= this.list.scrollHeight - 8;
    keyed(this.list, rows, () => make("li", {}, make("time"), make("span", { class: "soft" }), make("span")), (li, m) => {
      const who = (seat: string): string => (seat === this.still.seat ? "you" : seat === "director" ? "Director" : name(this.still, seat));
      say(li.children[0]!, clock(m.at_s));
      say(li.children[1]!, `${who(m.from)} to ${who(m.to)}`);
      say(li.children[2]!, m.text);
    });
    if (atEnd) this.list.scrollTop = this.list.scrollHeight;
  }
}
