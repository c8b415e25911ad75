/** What every seat's page has around its own: the heading, the clock, the line to the server, and its keys. */
import { make } from "../parts";
import type { Clock, Still } from "./documents";
import { flag, say } from "./keyed";
import { clock, clockWords } from "./say";
import type { Link } from "./wire";

export interface Key {
  key: string;
  words: string;
  act: () => void;
}

/** Nothing that a person writes or chooses in is disturbed by a key of the page. */
export function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select") !== null;
}

export class Shell {
  readonly body = make("div", { class: "columns" });
  readonly controls = make("div", { class: "controls" });
  private readonly finding = make("h1", { id: "finding" });
  private readonly time = make("output", { class: "clock", "aria-label": "Time of the exercise" });
  private readonly state = make("span", { class: "state" });
  private readonly link = make("span", { class: "link", role: "status" });
  private readonly status = make("p", { class: "status", role: "status", "aria-live": "polite" });
  private readonly help = make("dialog", { class: "help", "aria-label": "Keys" });
  private readonly keys: Key[] = [];
  private cleared = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly still: Still,
  ) {
    const about = `${still.case}, ${still.regime_title || still.regime}`;
    const leave = make("button", { type: "button", class: "quiet" }, "Leave");
    leave.addEventListener("click", () => void this.leave());
    const keys = make("button", { type: "button", class: "quiet", "aria-label": "Keys", title: "Keys (?)" }, "Keys");
    keys.addEventListener("click", () => this.help.showModal());
    root.replaceChildren(
      make("header", { class: "top" },
        make("div", { class: "who" }, make("p", { class: "over" }, `${still.title} · exercise`), make("p", { class: "about" }, about)),
        this.finding,
        make("div", { class: "when" }, make("p", { class: "time" }, this.time, this.state), this.controls),
        make("div", { class: "door" }, this.link, keys, leave),
      ),
      this.status,
      this.body,
      this.help,
    );
    document.addEventListener("keydown", (e) => this.pressed(e));
    this.on("?", "these keys", () => this.help.showModal());
  }

  /** The finding on a line of its own: there are many controls beside it. */
  wide(): void {
    this.finding.parentElement?.classList.add("two");
  }

  on(key: string, words: string, act: () => void): void {
    this.keys.push({ key, words, act });
    const rows = this.keys.map((k) => [make("dt", {}, make("kbd", {}, k.key === " " ? "Space" : k.key)), make("dd", {}, k.words)]);
    const close = make("button", { type: "button" }, "Close");
    close.addEventListener("click", () => this.help.close());
    this.help.replaceChildren(make("h2", {}, "Keys"), make("dl", {}, ...rows.flat()), close);
  }

  /** `when`: what stands in place of the clock and its state, in the turns before the raid. */
  show(c: Clock, finding: string, waits: number, when?: readonly [string, string]): void {
    say(this.finding, finding);
    say(this.time, when?.[0] ?? clock(c.case_s));
    say(this.state, when?.[1] ?? clockWords({ clock: c }));
    flag(this.root, "data-state", c.state);
    const title = `${waits > 0 ? `(${waits}) ` : ""}${this.still.title} · Synaspis`;
    if (document.title !== title) document.title = title;
  }

  linked(link: Link, words: string): void {
    const said = { connecting: "connecting", connected: "connected", lost: "not connected", refused: "closed" };
    say(this.link, said[link]);
    flag(this.root, "data-link", link);
    if (words) this.tell(words, link === "lost" || link === "refused");
    else if (link === "connected" && this.status.classList.contains("link-lost")) this.tell("", false);
    this.status.classList.toggle("link-lost", link === "lost" || link === "refused");
    if (link === "refused") this.status.append(" ", make("a", { href: "/" }, "Join again"));
  }

  /** Say something that came of what was done; it goes by itself unless it is `lasting`. */
  tell(words: string, lasting = false): void {
    clearTimeout(this.cleared);
    this.status.textContent = words;
    if (words && !lasting) this.cleared = window.setTimeout(() => (this.status.textContent = ""), 8000);
  }

  private pressed(e: KeyboardEvent): void {
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || this.help.open) return;
    const found = this.keys.find((k) => k.key === e.key);
    // A button takes its own space and return.
    if (!found || (e.key === " " && e.target instanceof HTMLButtonElement)) return;
    e.preventDefault();
    found.act();
  }

  private async leave(): Promise<void> {
    const answer = await fetch("leave", { method: "POST" }).catch(() => null);
    if (answer?.ok) location.assign("/");
    else this.tell("Leaving did not work; the server did not answer.");
  }
}

/** A part of the page with its heading. */
export function section(title: string, id: string, ...inside: (Node | string)[]): HTMLElement {
  return make("section", { id, "aria-labelledby": `${id}-title` }, make("h2", { id: `${id}-title` }, title), ...inside);
}
