/** The map with its controls: closer, further, everything, globe or flat; and the card of what is chosen. */
import { hands } from "../hands";
import { make } from "../parts";
import { Board, type Lay, type Picture } from "./board";
import type { Still } from "./documents";
import { sitesOf } from "./sites";

const NARROW_PX = 700;

export class SeatMap {
  readonly element = make("div", { class: "map" });
  readonly box = make("div", {
    class: "stage",
    tabindex: "0",
    role: "application",
    "aria-label": "Map. Arrow keys turn it, plus and minus come closer, Home shows all, F changes between globe and flat map.",
  });
  readonly tip = make("div", { class: "tip", role: "status", hidden: true });
  board: Board | null = null;
  private readonly flat = make("button", { type: "button", class: "lay" });
  private waiting: Picture | null = null;

  constructor(
    private readonly still: Still,
    private readonly chosen: (track: string) => void,
  ) {
    this.box.append(this.tip);
    this.element.append(this.box);
  }

  /** Draw; to be called when the element stands in the page. */
  async open(): Promise<void> {
    const first: Lay = innerWidth < NARROW_PX ? "flat" : "globe";
    const areas = Object.values(this.still.launch_areas ?? {}).map((a): [number, number] => [a.lat, a.lon]);
    let board: Board;
    try {
      board = new Board(this.box, sitesOf(this.still), first, areas, this.still.notional === true);
    } catch {
      this.box.replaceChildren(make("p", { class: "none" }, "No map: this browser has no WebGL. The lists hold everything."));
      return;
    }
    this.box.append(this.buttons(board));
    board.keepOut();
    hands(board, (x, y, hover) => {
      const found = board.marks.at(x, y);
      this.box.style.cursor = found ? "pointer" : "";
      if (!hover) this.chosen(found);
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => void board.dress());
    await board.dress();
    this.board = board;
    if (this.waiting) this.show(this.waiting);
  }

  show(picture: Picture): void {
    this.waiting = picture;
    this.board?.show(picture);
  }

  choose(track: string, card: HTMLElement[]): void {
    this.tip.hidden = card.length === 0;
    this.tip.replaceChildren(...card);
    if (this.board && this.board.marks.chosen !== track) this.board.choose(track);
  }

  toggle(): void {
    if (!this.board) return;
    this.board.turnTo(this.board.lay === "globe" ? "flat" : "globe");
    this.face();
  }

  private face(): void {
    const flat = this.board?.lay === "flat" || (!this.board && innerWidth < NARROW_PX);
    this.flat.textContent = flat ? "Globe" : "Flat";
    this.flat.title = `${flat ? "Globe" : "Flat map"} (F)`;
  }

  private buttons(board: Board): HTMLElement {
    const group = make("div", { class: "zoom" });
    const add = (label: string, sign: string, act: () => void): void => {
      const button = make("button", { type: "button", "aria-label": label, title: label }, sign);
      button.addEventListener("click", () => {
        act();
        board.invalidate();
      });
      group.append(button);
    };
    add("Closer", "+", () => board.eye.zoom(0.75));
    add("Further away", "−", () => board.eye.zoom(1 / 0.75));
    add("Everything", "⤢", () => board.eye.goHome());
    this.flat.addEventListener("click", () => this.toggle());
    this.face();
    group.append(this.flat);
    return group;
  }
}
