/**
 * Symbols, names, missiles and marks over the globe. Each is an element of its own that is drawn once, sharp, and
 * then only moved: drawing all of them anew for every frame took a third of its time without a GPU.
 */
import { Vector3, type PerspectiveCamera } from "three";
import pictures from "virtual:symbols";
import { type SceneEvent, type Site, symbolOf } from "./data";
import { icon, make, shape } from "./parts";
import type { Palette } from "./palette";
import { Pin } from "./pin";
import { type Missile, type Raid, position, spot } from "./raid";
import { hidden, place } from "./sphere";

const SYMBOL_PX = 24;
const STEM_PX = 6;
const LARGEST_DOT_PX = 11;
const BASE_PX = 3.5;
const HEAD_PX = 9;
/** On a window narrower than this, symbols and dots are smaller. */
const NARROW_PX = 600;
const NARROW_SHARE = 0.72;
const NAMES = 16;
const RINGED_S = 30;
const RING_PX = 14;
const FOOT_PX = 100;

interface Spot {
  site: Site;
  at: Vector3;
  x: number;
  y: number;
  seen: boolean;
  radius: number;
  /** Its dot or its symbol. */
  pin: Pin;
  image: HTMLImageElement | null;
  name: Pin;
  /** The name's width, and as the chosen one. */
  wide: [number, number];
}

interface Flying {
  missile: Missile;
  head: Pin;
  foot: Pin;
}

interface Mark {
  event: SceneEvent;
  at: Vector3;
  pin: Pin;
  ring: Pin | null;
}

type Box = [number, number, number, number];

export class Overlay {
  readonly element = make("div", { class: "pins" });
  private readonly spots: Spot[];
  private readonly circle = new Pin("chosen", this.element);
  private flying: Flying[] = [];
  private marks: Mark[] = [];
  private played: SceneEvent[] | null = null;
  private width = 1;
  private scale = 1;
  private height = 1;
  chosen: Site | null = null;

  constructor(sites: Site[]) {
    const most = Math.max(1, ...sites.map((s) => s.population));
    this.spots = sites
      .filter((s) => s.kind !== "satellite" && s.latitude_deg !== null && s.longitude_deg !== null)
      .sort((a, b) => b.population - a.population)
      .map((site) => {
        const image = isPlace(site) ? null : make("img", { alt: "", decoding: "sync" });
        return {
          site,
          at: place(site.latitude_deg!, site.longitude_deg!),
          x: 0,
          y: 0,
          seen: false,
          radius: Math.max(2.5, LARGEST_DOT_PX * Math.sqrt(Math.max(0, site.population) / most)),
          pin: new Pin(image ? "pin-symbol" : `dot ${site.kind}`, this.element, ...(image ? [image] : [])),
          image,
          name: new Pin(`name ${isPlace(site) ? "" : "ours"}`, this.element, site.name),
          wide: [0, 0],
        };
      });
    this.circle.size(36);
  }

  async dress(p: Palette): Promise<void> {
    const pen = document.createElement("canvas").getContext("2d")!;
    for (const [i, weight] of ["", "600 "].entries()) {
      pen.font = `${weight}12px ${p.font}`;
      for (const s of this.spots) s.wide[i] = pen.measureText(s.site.name).width;
    }
    const images = this.spots.flatMap((s) => {
      if (s.image) s.image.src = symbolAddress(symbolOf(s.site), p);
      return s.image ? [s.image] : [];
    });
    await Promise.all(images.map((image) => image.decode()));
  }

  resize(width: number, height: number): void {
    this.scale = width < NARROW_PX ? NARROW_SHARE : 1;
    this.width = width;
    this.height = height;
    for (const s of this.spots) {
      const { width: w, height: h } = this.symbolSize(s);
      if (s.image) s.pin.size(w, h + STEM_PX);
      else s.pin.size(2 * this.scale * (s.site.kind === "base" ? BASE_PX : s.radius) + 1);
    }
    for (const f of this.flying) f.head.size(HEAD_PX * this.scale);
  }

  /** Leave out what can be missed while things move on a very slow computer. */
  spare(on: boolean): void {
    this.element.classList.toggle("spare", on);
  }

  draw(camera: PerspectiveCamera, raid: Raid, now: number): void {
    if (this.played !== raid.events || this.flying.length !== raid.missiles.length) this.take(raid);
    const taken: Box[] = [];
    for (const s of this.spots) this.put(s, camera);
    for (const s of this.spots) if (isPlace(s.site)) this.dot(s, taken);
    for (const f of this.flying) this.fly(f, camera, now);
    for (const m of this.marks) this.mark(m, camera, now);
    for (const s of this.spots) if (!isPlace(s.site)) this.symbol(s, taken);
    let named = 0;
    for (const s of this.spots) {
      const due = s.seen && (s.site === this.chosen || (isPlace(s.site) && named < NAMES));
      if (due && this.name(s, taken)) named++;
      else s.name.away();
    }
    const chosen = this.spots.find((s) => s.site === this.chosen && s.seen);
    if (chosen) this.circle.at(chosen.x, chosen.y - (isPlace(chosen.site) ? 0 : SYMBOL_PX * 0.4));
    else this.circle.away();
  }

  /** The sites drawn at a point of the globe's frame, nearest first. */
  at(x: number, y: number, slack: number): Site[] {
    const away = (s: Spot): number =>
      Math.hypot(s.x - x, s.y - (isPlace(s.site) ? 0 : SYMBOL_PX * 0.4) - y);
    return this.spots
      .filter((s) => s.seen && away(s) < Math.max(s.radius, isPlace(s.site) ? 6 : SYMBOL_PX * 0.5) + slack)
      .sort((a, b) => away(a) - away(b))
      .map((s) => s.site);
  }

  where(site: Site): { x: number; y: number } | null {
    const s = this.spots.find((spotted) => spotted.site === site && spotted.seen);
    return s ? { x: s.x, y: s.y } : null;
  }

  /** Make the elements of the missiles and of this regime's events. */
  private take(raid: Raid): void {
    this.played = raid.events;
    for (const f of this.flying) for (const pin of [f.head, f.foot]) pin.element.remove();
    for (const m of this.marks) for (const pin of [m.pin, m.ring]) pin?.element.remove();
    this.flying = raid.missiles.map((missile) => {
      const head = new Pin("head", this.element);
      head.size(HEAD_PX * this.scale);
      return { missile, head, foot: new Pin("foot", this.element) };
    });
    this.marks = raid.events.flatMap((event): Mark[] => {
      const at = spot(event);
      const made = at ? this.markOf(event) : null;
      return at && made ? [{ event, at, ...made }] : [];
    });
  }

  private markOf(event: SceneEvent): { pin: Pin; ring: Pin | null } | null {
    if (event.kind === "missed") return { pin: new Pin("mark missed", this.element), ring: null };
    if (event.kind !== "hit" && event.kind !== "landed") return null;
    const drawn = event.kind === "hit" ? crossOf() : burstOf();
    const pin = new Pin(`mark ${event.kind}`, this.element, icon(...drawn));
    return { pin, ring: new Pin(`ring ${event.kind}`, this.element) };
  }

  private project(at: Vector3, camera: PerspectiveCamera): { x: number; y: number; seen: boolean } {
    const seen = !hidden(at, camera.position);
    const v = at.clone().project(camera);
    return { x: ((v.x + 1) / 2) * this.width, y: ((1 - v.y) / 2) * this.height, seen: seen && v.z < 1 };
  }

  private put(s: Spot, camera: PerspectiveCamera): void {
    const { x, y, seen } = this.project(s.at, camera);
    s.x = x;
    s.y = y;
    s.seen = seen && x > -20 && x < this.width + 20 && y > -20 && y < this.height + 20;
    if (!s.seen) s.pin.away();
  }

  private dot(s: Spot, taken: Box[]): void {
    if (!s.seen) return;
    s.pin.at(s.x, s.y);
    taken.push([s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius]);
  }

  private symbolSize(s: Spot): { width: number; height: number } {
    const told = pictures[symbolOf(s.site)] ?? { width: 0, height: 0 };
    const k = (this.scale * SYMBOL_PX) / 78;
    return { width: told.width * k, height: told.height * k };
  }

  /** A symbol stands on a short stem, so that the place under it stays in sight. */
  private symbol(s: Spot, taken: Box[]): void {
    if (!s.seen) return;
    const { width, height } = this.symbolSize(s);
    const top = s.y - STEM_PX - height;
    s.pin.at(s.x - width / 2, top);
    taken.push([s.x - width / 2, top, s.x + width / 2, s.y]);
  }

  /** A missile's head, and a line down to the ground below it. */
  private fly({ missile, head, foot }: Flying, camera: PerspectiveCamera, now: number): void {
    const at = position(missile, now);
    const up = at && this.project(at, camera);
    if (!at || !up || !up.seen) {
      head.away();
      foot.away();
      return;
    }
    head.at(up.x, up.y);
    const down = this.project(at.clone().setLength(1), camera);
    const [dx, dy] = [down.x - up.x, down.y - up.y];
    const long = Math.hypot(dx, dy) / FOOT_PX;
    if (down.seen) foot.at(up.x, up.y, ` rotate(${Math.atan2(dy, dx).toFixed(3)}rad) scaleX(${long.toFixed(3)})`);
    else foot.away();
  }

  /** Hits, misses and impacts up to now; for half a minute each is ringed. */
  private mark({ event, at, pin, ring }: Mark, camera: PerspectiveCamera, now: number): void {
    const age = now - event.time_s;
    const { x, y, seen } = age < 0 ? { x: 0, y: 0, seen: false } : this.project(at, camera);
    if (seen) pin.at(x, y);
    else pin.away();
    if (!ring) return;
    if (!seen || age >= RINGED_S) return ring.away();
    ring.at(x, y, ` scale(${((8 + age * 0.5) / RING_PX).toFixed(3)})`);
    ring.element.style.opacity = (1 - age / RINGED_S).toFixed(2);
  }

  /** Beside its dot, on the first side where nothing stands yet. */
  private name(s: Spot, taken: Box[]): boolean {
    const chosen = s.site === this.chosen;
    const wide = s.wide[chosen ? 1 : 0];
    const gap = (isPlace(s.site) ? s.radius : SYMBOL_PX / 2) + 5;
    for (const [dx, dy] of [[gap, 4], [-gap - wide, 4], [-wide / 2, gap + 9], [-wide / 2, -gap]] as const) {
      const box: Box = [s.x + dx - 1, s.y + dy - 10, s.x + dx + wide + 1, s.y + dy + 3];
      const inside = box[0] > 4 && box[2] < this.width - 4 && box[1] > 4 && box[3] < this.height - 4;
      if (!inside || taken.some((b) => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3])) continue;
      taken.push(box);
      s.name.element.classList.toggle("strong", chosen);
      s.name.at(s.x + dx, s.y + dy - 12);
      return true;
    }
    return false;
  }
}

function isPlace(site: Site): boolean {
  return site.kind === "city" || site.kind === "base";
}

function crossOf(): SVGElement[] {
  const d = "M6.5 3.5l9 9m0-9l-9 9";
  return ["halo", "line"].map((name) => shape("path", { d, class: name }));
}

/** A filled star of eight points. */
function burstOf(): SVGElement[] {
  const points = Array.from({ length: 16 }, (_, i) => {
    const r = i % 2 === 0 ? 7.4 : 3.4;
    return `${(11 + r * Math.sin((i * Math.PI) / 8)).toFixed(2)},${(8 - r * Math.cos((i * Math.PI) / 8)).toFixed(2)}`;
  });
  return [shape("polygon", { points: points.join(" "), class: "line" })];
}

/** An APP-6 symbol in the page's colours, as an address that needs no network. */
export function symbolAddress(kind: string, p: Palette): string {
  const svg = (pictures[kind]?.svg ?? "")
    .replaceAll("rgb(128,224,255)", p.symbolFill)
    .replaceAll("black", p.friend);
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
