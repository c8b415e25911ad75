/** A seat's page: asks for what never changes, then follows the server's frames. */
import "virtual:colours.css";
import "../globe.css";
import "uplot/dist/uPlot.min.css";
import "./base.css";
import "./seat.css";
import { make } from "../parts";
import { director } from "./director";
import type { Still } from "./documents";
import { nation } from "./nation";
import { observer } from "./observer";
import type { Page } from "./page";
import type { Held } from "./patch";
import { turns } from "./turns";
import { Wire } from "./wire";

/** The map is drawn after the first document, or after so long without one. */
const MAP_WAITS_MS = 1000;

/** For those who measure and try the page: when it stood, and how quickly it draws. */
interface Tried {
  ready: boolean;
  fps(seconds?: number): Promise<number>;
  drawn(): number;
  frames(): number;
}
type Watched = Window & { synaspisSeat?: Tried };

function address(): string {
  const at = new URL("ws", location.href);
  at.protocol = at.protocol === "https:" ? "wss:" : "ws:";
  return at.href;
}

async function stillOf(root: HTMLElement): Promise<Still | null> {
  const answer = await fetch("still.json", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) return (await answer.json()) as Still;
  const gone = answer?.status === 401 || answer?.status === 403;
  root.replaceChildren(make("div", { class: "door-card" },
    make("h1", {}, gone ? "Nobody sits here in this browser" : "The server does not answer"),
    make("p", {}, gone ? "Open the link that the director gave you, or ask for a new one." : "Load this page again when it does.")));
  return null;
}

async function begin(root: HTMLElement): Promise<void> {
  const still = await stillOf(root);
  if (!still) return;
  let frames = 0;
  let page: Page | null = null;
  let first: () => void = () => undefined;
  // What waits for a decision is not kept waiting for the map.
  const told = new Promise<void>((done) => {
    first = done;
    window.setTimeout(done, MAP_WAITS_MS);
  });
  const wire = new Wire(address(), (doc) => {
    // Another stage is another page: where things stand and what is agreed may be other than before.
    if ((doc as Held)["stage"] !== still.stage) {
      location.reload();
      return;
    }
    frames++;
    page?.show(doc as Held);
    if (frames > 1) return;
    requestAnimationFrame(() => performance.mark("synaspis-document"));
    window.setTimeout(first);
  }, (link, words) => page?.shell.linked(link, words));
  const act = (what: Held): ReturnType<Wire["do"]> => wire.do(what);
  const role = root.dataset["role"];
  if (still.stage === "turns") page = turns(root, still, role ?? "", act);
  else page = role === "director" ? director(root, still, act) : role === "observer" ? observer(root, still) : nation(root, still, act);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => page?.dress?.());
  await told;
  await page.map.open();
  const board = page.map.board;
  (window as Watched).synaspisSeat = {
    ready: true,
    fps: (seconds) => board?.fps(seconds) ?? Promise.resolve(0),
    drawn: () => board?.overlay.sprites.count ?? 0,
    frames: () => frames,
  };
  requestAnimationFrame(() => performance.mark("synaspis-ready"));
}

const root = document.getElementById("seat");
if (root) void begin(root);
