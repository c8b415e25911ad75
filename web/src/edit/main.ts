/** The editor of a run's case: change an agreement, a site or a salvo, run again, compare. */
import "virtual:colours.css";
import "../seat/base.css";
import "./edit.css";
import { make } from "../parts";
import { comparison } from "./compare";
import { BASE, type Edit, type Edited, type Fault, type Sheet, fetched } from "./data";
import { Fields, sentence } from "./fields";
import { lists } from "./lists";
import { counted } from "./words";

const POLL_MS = 400;

class Editor {
  private readonly told: Map<string, string>;
  private readonly fields: Fields;
  private readonly changes = make("ul", { class: "changes" });
  private readonly trials = make("input", { type: "text", inputmode: "numeric", id: "trials", "aria-describedby": "trials-was trials-fault", autocomplete: "off" });
  private readonly trialsFault = make("small", { class: "fault", id: "trials-fault" });
  private readonly trialsWas = make("small", { class: "was", id: "trials-was" });
  private readonly go = make("button", { type: "button", class: "go" }, "Run again");
  private readonly stop = make("button", { type: "button" }, "Stop");
  private readonly bar = make("progress", { max: "1", value: "0", "aria-label": "How far the run is" });
  private readonly status = make("p", { class: "status", role: "status" });
  private readonly running = make("div", { class: "running", hidden: true });
  private readonly faults = make("div", { class: "faults", role: "alert" });
  private readonly done = make("ol", { class: "edits" });
  private readonly compared = make("section", { id: "compare", "aria-labelledby": "compare-title", hidden: true });
  private waiting = "";

  constructor(
    private readonly sheet: Sheet,
    private readonly token: string,
  ) {
    this.told = kept(sheet.run);
    this.fields = new Fields(this.told, () => this.shown());
    this.trials.value = String(sheet.trials);
    this.running.append(this.bar, this.status, this.stop);
    this.go.addEventListener("click", () => void this.run());
    this.stop.addEventListener("click", () => void this.send(`${BASE}/edit/stop`, {}));
    this.trials.addEventListener("input", () => {
      this.trialsFault.textContent = "";
      this.trialsWas.textContent = this.trials.value.trim() === String(sheet.trials) ? "" : `was ${sheet.trials}; the case as it was is run so often, too`;
    });
  }

  open(root: HTMLElement): void {
    const { sheet } = this;
    const [agreements, sites, salvo] = lists(sheet, this.fields);
    const aside = make("aside", { "aria-label": "Your changes" },
      make("div", { class: "panel" },
        make("h2", {}, "Your changes"), this.changes,
        make("label", { for: "trials" }, "Trials ", this.trials), this.trialsWas, this.trialsFault,
        this.faults, make("div", { class: "act" }, this.go, this.running)),
      make("div", { class: "panel so-far" }, make("h2", {}, "Changed cases so far"), this.done,
        make("p", { class: "soft small" }, "Files and runs are kept in ", make("code", {}, sheet.folder))));
    root.replaceChildren(
      make("header", {}, make("p", { class: "over" }, make("a", { href: `${BASE}/` }, "Report"), ` · ${sheet.case} · ${sheet.date}`),
        make("h1", {}, "Change this case, run it again, and compare"),
        make("p", { class: "lede" }, `${sentence(sheet.title)} What you change is checked as any case, and run on the same luck as the case as it was.`)),
      this.compared,
      make("div", { class: "grid" }, make("div", { class: "lists" }, ...[agreements, sites, salvo].filter((e) => e !== undefined)), aside));
    this.fields.settle();
    this.shown();
    document.addEventListener("keydown", (e) => {
      if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && !this.go.disabled) void this.run();
    });
    void this.poll(true);
  }

  /** The list of changes, and whether there is anything to run. */
  private shown(): void {
    const all = this.fields.list();
    this.changes.replaceChildren(...all.map(([id, words]) => {
      const undo = make("button", { type: "button", class: "quiet", "aria-label": `Undo: ${words}` }, "Undo");
      undo.addEventListener("click", () => {
        this.fields.undo(id);
        this.go.focus();
      });
      return make("li", {}, make("span", {}, words), undo);
    }));
    if (!all.length) this.changes.append(make("li", { class: "soft" }, "None yet: change a clause, a site or a salvo."));
    this.go.textContent = all.length ? `Run again with ${counted(all.length, "change")}` : "Run again";
    this.go.disabled = !all.length || this.waiting !== "";
    document.body.toggleAttribute("data-act", all.length > 0 || this.waiting !== "");
    keep(this.sheet.run, this.told);
  }

  private async send(path: string, body: unknown): Promise<Response | null> {
    const headers = { "content-type": "application/json", "x-synaspis-token": this.token };
    return fetch(path, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => null);
  }

  private async run(): Promise<void> {
    this.go.disabled = true;
    this.fields.forgive();
    this.faults.replaceChildren();
    this.trialsFault.textContent = "";
    const answer = await this.send(`${BASE}/edit/run`, { changes: this.fields.given(), trials: this.trials.value });
    const told = (await answer?.json().catch(() => null)) as { name?: string; faults?: Fault[]; words?: string } | null;
    if (told?.name) {
      this.waiting = told.name;
      void this.poll(false);
      return;
    }
    this.go.disabled = false;
    this.blame(told?.faults ?? [{ field: "", what: told?.words ?? "the server does not answer", mend: answer ? "" : "is `synaspis serve` still running?" }]);
  }

  private blame(faults: Fault[]): void {
    for (const f of faults.filter((f) => f.field === "trials")) this.trialsFault.textContent = `${sentence(f.what)} ${sentence(f.mend)}`;
    const general = this.fields.blame(faults.filter((f) => f.field !== "trials"));
    const beside = faults.length - general.length;
    this.faults.replaceChildren(
      ...(beside ? [make("p", {}, `${counted(beside, "thing")} to mend beside the field${beside === 1 ? "" : "s"}. Nothing was run.`)] : []),
      ...general.map((f) => make("p", {}, make("strong", {}, sentence(f.what)), ` ${sentence(f.mend)}`)));
    if (general.length) this.faults.scrollIntoView({ block: "center" });
  }

  /** Ask how far the run is until it ends; `first` shows what there was before, too. */
  private async poll(first: boolean): Promise<void> {
    const state = await fetched<{ edits: Edit[] }>(`${BASE}/edit/state.json`);
    const all = state?.edits ?? [];
    const now = all.find((e) => e.state === "running");
    if (state) this.list(all);
    if (first && now) this.waiting = now.name;
    this.running.hidden = !now;
    if (now) {
      if (now.part > 0) this.bar.value = now.part;
      else this.bar.removeAttribute("value"); // not known yet
      this.status.textContent = `${sentence(now.words)}${now.part > 0 ? ` ${Math.round(100 * now.part)}\u00a0%` : ""}`;
    }
    if (now || (this.waiting && !state)) {
      this.go.disabled = true;
      setTimeout(() => void this.poll(false), POLL_MS);
      return;
    }
    const ended = all.find((e) => e.name === this.waiting);
    this.waiting = "";
    this.shown();
    if (ended?.state === "done") await this.compare(ended.name, true);
    else if (ended?.state === "failed") this.blame([{ field: "", what: ended.words, mend: "" }]);
    else if (first && all.some((e) => e.state === "done")) await this.compare([...all].reverse().find((e) => e.state === "done")?.name ?? "", false);
  }

  private list(all: Edit[]): void {
    const made = JSON.stringify(all.map((e) => [e.name, e.state, e.finding]));
    if (this.done.dataset.made === made) return;
    this.done.dataset.made = made;
    this.done.replaceChildren(...all.map((e) => {
      const words = { running: "is running", stopped: "was stopped", failed: `failed: ${e.words}`, done: e.finding }[e.state];
      const inside = make("li", { "data-state": e.state }, make("span", { class: "soft" }, e.changes.join("; ")), make("span", {}, e.state === "done" ? words : `${e.name} ${words}`));
      if (e.state === "done") {
        const look = make("button", { type: "button", class: "quiet", "aria-label": `Compare ${e.name}` }, "Compare");
        look.addEventListener("click", () => void this.compare(e.name, true));
        inside.append(make("span", { class: "links" }, look, make("a", { href: `${BASE}/edits/${e.name}/` }, "Report"), make("a", { href: `${BASE}/edits/${e.name}.yaml` }, "Case file")));
      }
      return inside;
    }));
    if (!all.length) this.done.append(make("li", { class: "soft" }, "None yet."));
  }

  private async compare(name: string, go: boolean): Promise<void> {
    const told = await fetched<Edited>(`${BASE}/edit/compare/${encodeURIComponent(name)}`);
    if (!told) return;
    this.compared.replaceChildren(comparison(told));
    this.compared.hidden = false;
    this.compared.dataset.name = name;
    if (!go) return;
    this.compared.scrollIntoView({ block: "start" });
    this.compared.querySelector("h2")?.focus({ preventScroll: true });
  }
}

const PLACE = "synaspis-edit:";

/** What was typed and not yet run stays while this tab is open. */
function kept(run: string): Map<string, string> {
  try {
    const held: unknown = JSON.parse(sessionStorage.getItem(PLACE + run) ?? "{}");
    return new Map(Object.entries(held as object).filter(([, v]) => typeof v === "string") as [string, string][]);
  } catch {
    return new Map();
  }
}

function keep(run: string, told: Map<string, string>): void {
  try {
    sessionStorage.setItem(PLACE + run, JSON.stringify(Object.fromEntries(told)));
  } catch {
    // No storage: what is typed lives as long as the page.
  }
}

const root = document.getElementById("edit");
if (root) {
  void fetched<Sheet>(`${BASE}/edit/sheet.json`).then((sheet) => {
    if (sheet) new Editor(sheet, root.dataset.token ?? "").open(root);
    else root.replaceChildren(make("p", { class: "lede" }, "The case cannot be read. Is `synaspis serve` still running?"));
  });
}
