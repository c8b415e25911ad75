/** The nations' cells as the director sees them: who sits, what they hold, and their invitations. */
import { make } from "../parts";
import type { DirectorDocument, NationSeen, Still } from "./documents";
import { flag, keyed, say } from "./keyed";
import { name } from "./say";
import { section } from "./shell";

const ASK_MS = 5000;

interface Presence {
  title: string;
  links: number;
  sessions: number;
  connections: number;
}

type Answer = { link?: string; words?: string; seats?: Record<string, Presence> } | null;

async function post(path: string, seat: string): Promise<[boolean, Answer]> {
  const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ seat }) }).catch(() => null);
  return [answer?.ok ?? false, (await answer?.json().catch(() => null)) as Answer];
}

export class Cells {
  readonly element: HTMLElement;
  private readonly list = make("ul", { class: "rows cells" });
  private readonly link = make("p", { class: "invitation", role: "status" });
  private readonly seats = make("ul", { class: "rows seats" });
  private presence: Record<string, Presence> = {};
  chosen = "";

  constructor(
    private readonly still: Still,
    private readonly choose: (nation: string) => void,
    before = false,
  ) {
    const truth = make("button", { type: "button", "data-nation": "", "aria-pressed": "true" }, "Truth alone");
    truth.addEventListener("click", () => choose(""));
    truth.hidden = before;
    const seats = make("details", {}, make("summary", {}, "Seats and invitations"), this.link, this.seats);
    this.element = section("Nations", "cells", make("p", { class: "soft" }, before ? "Where each nation stands:" : "Lay a nation's picture over the truth:"), truth, this.list, seats);
    void this.ask();
    window.setInterval(() => void this.ask(), ASK_MS);
  }

  show(doc: Pick<DirectorDocument, "nations">): void {
    const rows = Object.entries(doc.nations ?? {});
    keyed(this.list, rows, (code) => {
      const button = make("button", { type: "button", "data-nation": code }, make("strong", {}, name(this.still, code)), make("span", { class: "soft" }), make("b", { class: "count" }));
      button.addEventListener("click", () => this.choose(code));
      return make("li", {}, button);
    }, (li, n) => this.fill(li.firstElementChild!, n));
    for (const b of this.element.querySelectorAll("button[data-nation]")) {
      flag(b, "aria-pressed", String(b.getAttribute("data-nation") === this.chosen));
    }
  }

  private fill(button: Element, n: NationSeen): void {
    if (n.tabled !== undefined) {
      say(button.children[1]!, `${n.taken ? "seated" : "nobody: agrees to nothing"} · ${n.tabled} put on the table`);
      say(button.children[2]!, n.waits ? `${n.waits} to answer` : "");
      return;
    }
    const rounds = Object.values(n.rounds ?? {}).reduce((sum, r) => sum + r, 0);
    const warned = Object.keys(n.warned ?? {}).length;
    const told = [`${Object.keys(n.tracks ?? {}).length} tracks`, `${warned} warned`, `${rounds} rounds`];
    say(button.children[1]!, `${n.taken ? "seated" : "protocol"} · ${told.join(" · ")}`);
    say(button.children[2]!, n.questions ? `${n.questions} waiting` : "");
  }

  private async ask(): Promise<void> {
    const answer = await fetch("seats.json").catch(() => null);
    if (!answer?.ok) return;
    this.presence = ((await answer.json()) as { seats: Record<string, Presence> }).seats;
    keyed(this.seats, Object.entries(this.presence), (seat) => this.row(seat), (li, p) => {
      say(li.children[0]!, p.title);
      const there = p.connections > 0 ? "connected" : p.sessions > 0 ? "joined, not connected" : "nobody";
      say(li.children[1]!, `${there}${p.links > 0 ? `, ${p.links} open link${p.links === 1 ? "" : "s"}` : ""}`);
    });
  }

  private row(seat: string): HTMLElement {
    const invite = make("button", { type: "button", class: "quiet" }, "Invite");
    const revoke = make("button", { type: "button", class: "quiet", title: "Links and sessions of this seat are worth nothing from now on" }, "Revoke");
    invite.addEventListener("click", () => void post("invite", seat).then(([ok, told]) => {
      const copy = make("button", { type: "button", class: "quiet" }, "Copy");
      copy.addEventListener("click", () => void navigator.clipboard?.writeText(told?.link ?? ""));
      if (ok && told?.link) this.link.replaceChildren(`A link for ${this.presence[seat]?.title ?? seat}, good once: `, make("code", {}, told.link), " ", copy);
      else this.link.textContent = `No link: ${told?.words ?? "the server did not answer"}`;
    }));
    revoke.addEventListener("click", () => void post("revoke", seat).then(([ok, told]) => {
      this.link.textContent = ok ? `${this.presence[seat]?.title ?? seat}: links and sessions are revoked.` : `Not revoked: ${told?.words ?? "the server did not answer"}`;
    }));
    if (seat === "director") revoke.hidden = true;
    return make("li", {}, make("strong"), make("span", { class: "soft" }), make("span", { class: "acts" }, invite, revoke));
  }
}
