/** The cases that ship, each with its finding and picture, and the runs that were made of them. */
import "virtual:colours.css";
import "../seat/base.css";
import "./gallery.css";
import { fetched } from "../edit/data";
import { sentence } from "../edit/fields";
import { make } from "../parts";
import type { Case, Gallery, Now, Run } from "./data";

const POLL_MS = 400;
const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

class Page {
  private readonly cards = new Map<string, { links: HTMLElement; about: HTMLElement }>();
  private readonly runs = make("ol", { class: "runs" });
  private readonly status = make("p", { class: "status", role: "status" });
  private now: Now | null = null;

  constructor(
    private told: Gallery,
    private readonly token: string,
  ) {}

  open(root: HTMLElement): void {
    const { told } = this;
    root.replaceChildren(
      make("header", {}, make("p", { class: "over" }, "Synaspis · cases and runs"),
        make("h1", {}, "What is a shield worth that nations share?"),
        make("p", { class: "lede" }, "Each case is a region, the agreements in force there, and a stated raid, from public figures. Run one, read its report, change a clause or a site, and run it again.")),
      make("section", { "aria-labelledby": "cases-title" }, make("h2", { id: "cases-title" }, "Cases"), this.status,
        make("ul", { class: "cases" }, ...told.cases.map((c) => this.card(c)))),
      make("section", { "aria-labelledby": "runs-title" }, make("h2", { id: "runs-title" }, "Runs on this machine"), this.runs,
        make("p", { class: "soft small" }, "They are kept in ", make("code", {}, `${told.folder}/`), ". A case of your own: ", make("code", {}, "synaspis run my-case.yaml"), ".")));
    this.show();
    if (told.now?.state === "running") void this.poll();
  }

  private card(c: Case): HTMLElement {
    const links = make("p", { class: "links" });
    const about = make("div", { class: "about", "aria-live": "polite" });
    this.cards.set(c.name, { links, about });
    return make("li", { id: `case-${c.name}` },
      make("img", { src: `/cases/${c.name}.svg`, alt: `Map of ${c.title}`, width: "520", height: "340", loading: "lazy" }),
      make("div", { class: "words" },
        make("p", { class: "over" }, `${c.name} · ${DAY.format(new Date(c.date))}`),
        make("h3", {}, c.title),
        make("p", { class: "finding" }, c.finding),
        make("p", { class: "soft small" }, c.facts), links, about));
  }

  /** Links and buttons of every case, and the list of runs, as they are now. */
  private show(): void {
    this.now = this.told.now;
    const running = this.now?.state === "running";
    for (const c of this.told.cases) {
      const card = this.cards.get(c.name);
      if (!card) continue;
      const newest = this.told.runs.find((r) => r.case === c.name);
      const go = make("button", { type: "button", ...(newest ? {} : { class: "go" }) }, newest ? "Run again" : `Run it: ${this.told.trials.toLocaleString("en")} trials`);
      go.disabled = running;
      go.addEventListener("click", () => void this.play(c.name));
      const open = newest ? [make("a", { class: "open", href: `/runs/${encodeURIComponent(newest.name)}/` }, "Open its report"), make("a", { href: `/runs/${encodeURIComponent(newest.name)}/edit` }, "Change it")] : [];
      card.links.replaceChildren(...open, go);
      if (!(this.now?.case === c.name)) card.about.replaceChildren();
    }
    this.progress();
    const { runs } = this.told;
    this.runs.replaceChildren(...(runs.length ? runs.map(line) : [make("li", { class: "soft" }, "None yet.")]));
  }

  private progress(): void {
    const { now } = this;
    const about = now && this.cards.get(now.case)?.about;
    if (!now || !about) return;
    if (now.state !== "running") {
      const words = { done: "Done: its report is ready.", stopped: "Stopped; nothing was written.", failed: `It failed: ${sentence(now.words)}` }[now.state];
      about.replaceChildren(make("p", { class: now.state }, words));
      return;
    }
    let bar = about.querySelector("progress");
    if (!bar) {
      const stop = make("button", { type: "button" }, "Stop");
      stop.addEventListener("click", () => void this.send("/stop", {}));
      bar = make("progress", { max: "1", "aria-label": "How far the run is" });
      about.replaceChildren(bar, make("p", { class: "status" }), stop);
    }
    if (now.part > 0) bar.value = now.part;
    const words = about.querySelector(".status");
    if (words) words.textContent = `${sentence(now.words)}${now.part > 0 ? ` ${Math.round(100 * now.part)}\u00a0%` : ""}`;
  }

  private async send(path: string, body: unknown): Promise<Response | null> {
    const headers = { "content-type": "application/json", "x-synaspis-token": this.token };
    return fetch(path, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => null);
  }

  private async play(name: string): Promise<void> {
    this.status.textContent = "";
    const answer = await this.send("/play", { case: name });
    if (answer?.ok) {
      void this.poll();
      return;
    }
    const told = (await answer?.json().catch(() => null)) as { words?: string } | null;
    this.status.textContent = sentence(told?.words ?? "the server does not answer: is `synaspis serve` still running?");
  }

  private async poll(): Promise<void> {
    const told = await fetched<Gallery>("/gallery.json");
    if (!told) {
      this.status.textContent = "The server does not answer. Is `synaspis serve` still running?";
      return;
    }
    const before = this.now?.state;
    this.told = told;
    if (told.now?.state === "running" && before === "running") {
      this.now = told.now;
      this.progress();
    } else this.show();
    if (told.now?.state === "running") setTimeout(() => void this.poll(), POLL_MS);
  }
}

function line(r: Run): HTMLElement {
  const when = r.written ? MOMENT.format(new Date(r.written)) : "";
  return make("li", {},
    make("a", { href: `/runs/${encodeURIComponent(r.name)}/` }, r.finding || r.name),
    make("span", { class: "soft small" }, `${r.case} · ${r.trials.toLocaleString("en")} trials · ${when} · ${r.name}`));
}

const root = document.getElementById("gallery");
if (root) {
  void fetched<Gallery>("/gallery.json").then((told) => {
    if (told) new Page(told, root.dataset.token ?? "").open(root);
    else root.replaceChildren(make("p", { class: "lede" }, "The cases cannot be read. Is `synaspis serve` still running?"));
  });
}
