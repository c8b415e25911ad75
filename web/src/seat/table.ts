/** What is on the table before the raid: what it says, who said what to it, and whether it holds. */
import { make } from "../parts";
import type { Still, Tabled, TurnState } from "./documents";
import { flag, keyed, say } from "./keyed";
import { name } from "./say";
import { section } from "./shell";
import { named, stands } from "./turnsay";

export class Table {
  readonly element: HTMLElement;
  private readonly list = make("ul", { class: "rows table" });
  private readonly none: HTMLElement;

  /** `answer` is given where the seat may say yes or no. */
  constructor(
    private readonly still: Still,
    title: string,
    nothing: string,
    private readonly answer?: (proposal: string, yes: boolean) => void,
  ) {
    this.none = make("p", { class: "none" }, nothing);
    this.element = section(title, "table", this.none, this.list);
  }

  show(t: TurnState): void {
    const rows = Object.entries(t.table);
    this.none.hidden = rows.length > 0;
    keyed(this.list, rows, (id) => this.made(id), (li, p) => this.fill(li, p));
  }

  private made(id: string): HTMLElement {
    const button = make("button", { type: "button", class: "quiet", hidden: true });
    button.addEventListener("click", () => this.answer?.(id, button.dataset["yes"] === "true"));
    return make("li", { "data-proposal": id }, make("strong"), make("span", { class: "soft" }), make("span", { class: "soft stands" }), button);
  }

  private fill(li: HTMLElement, p: Tabled): void {
    const me = this.still.seat;
    say(li.children[0]!, named(this.still, p.text));
    say(li.children[1]!, `${p.by === me ? "Yours" : name(this.still, p.by)}. ${named(this.still, p.change)}`);
    say(li.children[2]!, stands(this.still, p, me));
    flag(li, "data-holds", p.holds.length > 0 ? "yes" : null);
    const button = li.children[3] as HTMLButtonElement;
    const said = p.agreed.includes(me) || p.refused.includes(me);
    button.hidden = !this.answer || !said || p.holds.includes(me);
    const yes = p.refused.includes(me);
    flag(button, "data-yes", String(yes));
    say(button, yes ? "Say yes after all" : p.by === me ? "Withdraw" : "Say no after all");
  }
}
