/** Symbols, names, missiles and marks: a flat drawing over the globe, sharp at every zoom. */
import { Vector3, type PerspectiveCamera } from "three";
import pictures from "virtual:symbols";
import { type Site, symbolOf } from "./data";
import type { Palette } from "./palette";
import { type Raid, position, spot } from "./raid";
import { hidden, place } from "./sphere";

const SYMBOL_PX = 24;
const LARGEST_DOT_PX = 11;
/** On a window narrower than this, symbols and dots are smaller. */
const NARROW_PX = 600;
const NARROW_SHARE = 0.72;
const NAMES = 16;

interface Spot {
  site: Site;
  at: Vector3;
  x: number;
  y: number;
  seen: boolean;
  radius: number;
}

type Box = [number, number, number, number];

export class Overlay {
  readonly canvas = document.createElement("canvas");
  private readonly pen: CanvasRenderingContext2D;
  private readonly spots: Spot[];
  private readonly symbols = new Map<string, HTMLImageElement>();
  private p!: Palette;
  private width = 1;
  private scale = 1;
  private height = 1;
  chosen: Site | null = null;

  constructor(sites: Site[]) {
    this.pen = this.canvas.getContext("2d", { willReadFrequently: true })!;
    const most = Math.max(1, ...sites.map((s) => s.population));
    this.spots = sites
      .filter((s) => s.kind !== "satellite" && s.latitude_deg !== null && s.longitude_deg !== null)
      .map((site) => ({
        site,
        at: place(site.latitude_deg!, site.longitude_deg!),
        x: 0,
        y: 0,
        seen: false,
        radius: Math.max(2.5, LARGEST_DOT_PX * Math.sqrt(Math.max(0, site.population) / most)),
      }))
      .sort((a, b) => b.site.population - a.site.population);
  }

  async dress(p: Palette): Promise<void> {
    this.p = p;
    const kinds = Object.keys(pictures);
    await Promise.all(
      kinds.map(async (kind) => {
        const image = new Image();
        image.src = symbolAddress(kind, p);
        await image.decode();
        this.symbols.set(kind, image);
      }),
    );
  }

  resize(width: number, height: number, ratio: number): void {
    this.scale = width < NARROW_PX ? NARROW_SHARE : 1;
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  draw(camera: PerspectiveCamera, raid: Raid, now: number): void {
    const { pen } = this;
    pen.clearRect(0, 0, this.width, this.height);
    const taken: Box[] = [];
    for (const s of this.spots) this.put(s, camera);
    for (const s of this.spots) if (s.seen && isPlace(s.site)) this.dot(s, taken);
    this.missiles(camera, raid, now);
    this.marks(camera, raid, now);
    for (const s of this.spots) if (s.seen && !isPlace(s.site)) this.symbol(s, taken);
    let named = 0;
    for (const s of this.spots) {
      if (!s.seen || (s.site !== this.chosen && (!isPlace(s.site) || named >= NAMES))) continue;
      if (this.name(s, taken)) named++;
    }
    const chosen = this.spots.find((s) => s.site === this.chosen && s.seen);
    if (chosen) this.ring(chosen.x, chosen.y - (isPlace(chosen.site) ? 0 : SYMBOL_PX * 0.4), 18, this.p.ink, 2);
  }

  /** The sites drawn at a point of the canvas, nearest first. */
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
  }

  private dot(s: Spot, taken: Box[]): void {
    const { pen } = this;
    pen.beginPath();
    if (s.site.kind === "base") pen.rect(s.x - 3.5 * this.scale, s.y - 3.5 * this.scale, 7 * this.scale, 7 * this.scale);
    else pen.arc(s.x, s.y, s.radius * this.scale, 0, 7);
    pen.globalAlpha = 0.25;
    pen.fillStyle = this.p.ink;
    pen.fill();
    pen.globalAlpha = 0.8;
    pen.lineWidth = 1.1;
    pen.strokeStyle = this.p.ink;
    pen.stroke();
    pen.globalAlpha = 1;
    taken.push([s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius]);
  }

  /** A symbol stands on a short stem, so that the place under it stays in sight. */
  private symbol(s: Spot, taken: Box[]): void {
    const kind = symbolOf(s.site);
    const image = this.symbols.get(kind);
    const told = pictures[kind];
    if (!image || !told) return;
    const k = (this.scale * SYMBOL_PX) / 78;
    const [w, h] = [told.width * k, told.height * k];
    const top = s.y - 6 - h;
    this.line(s.x, s.y, s.x, s.y - 6, this.p.friend, 1.4);
    this.pen.drawImage(image, s.x - w / 2, top, w, h);
    taken.push([s.x - w / 2, top, s.x + w / 2, s.y]);
  }

  private missiles(camera: PerspectiveCamera, raid: Raid, now: number): void {
    for (const m of raid.missiles) {
      const at = position(m, now);
      if (!at) continue;
      const head = this.project(at, camera);
      if (!head.seen) continue;
      const foot = this.project(at.clone().setLength(1), camera);
      if (foot.seen) {
        this.pen.globalAlpha = 0.45;
        this.line(head.x, head.y, foot.x, foot.y, this.p.threat, 1);
        this.pen.globalAlpha = 1;
      }
      this.pen.beginPath();
      this.pen.arc(head.x, head.y, 4 * this.scale, 0, 7);
      this.pen.fillStyle = this.p.threat;
      this.pen.fill();
      this.pen.lineWidth = 1.4;
      this.pen.strokeStyle = this.p.panel;
      this.pen.stroke();
    }
  }

  /** Hits, misses and impacts up to now; for half a minute each is ringed. */
  private marks(camera: PerspectiveCamera, raid: Raid, now: number): void {
    for (const e of raid.events) {
      if (e.time_s > now) break;
      if (e.kind !== "hit" && e.kind !== "missed" && e.kind !== "landed") continue;
      const at = spot(e);
      const { x, y, seen } = at ? this.project(at, camera) : { x: 0, y: 0, seen: false };
      if (!seen) continue;
      const age = now - e.time_s;
      if (age < 30 && e.kind !== "missed") {
        this.pen.globalAlpha = 1 - age / 30;
        this.ring(x, y, 8 + age * 0.5, e.kind === "hit" ? this.p.friend : this.p.threat, 2);
        this.pen.globalAlpha = 1;
      }
      if (e.kind === "hit") this.cross(x, y);
      else if (e.kind === "missed") this.ring(x, y, 3.5, this.p.soft, 1.3);
      else this.burst(x, y);
    }
  }

  private cross(x: number, y: number): void {
    for (const [color, width] of [[this.p.panel, 4.5], [this.p.friend, 2.4]] as const) {
      this.line(x - 4.5, y - 4.5, x + 4.5, y + 4.5, color, width);
      this.line(x - 4.5, y + 4.5, x + 4.5, y - 4.5, color, width);
    }
  }

  /** A filled star of eight points. */
  private burst(x: number, y: number): void {
    const { pen } = this;
    pen.beginPath();
    for (let i = 0; i < 16; i++) {
      const r = i % 2 === 0 ? 8 : 3.6;
      pen.lineTo(x + r * Math.sin((i * Math.PI) / 8), y - r * Math.cos((i * Math.PI) / 8));
    }
    pen.closePath();
    pen.fillStyle = this.p.threat;
    pen.fill();
    pen.lineWidth = 1.2;
    pen.strokeStyle = this.p.panel;
    pen.stroke();
  }

  private name(s: Spot, taken: Box[]): boolean {
    const { pen } = this;
    pen.font = `${s.site === this.chosen ? "600 " : ""}12px ${this.p.font}`;
    const wide = pen.measureText(s.site.name).width;
    const gap = (isPlace(s.site) ? s.radius : SYMBOL_PX / 2) + 5;
    for (const [dx, dy] of [[gap, 4], [-gap - wide, 4], [-wide / 2, gap + 9], [-wide / 2, -gap]] as const) {
      const box: Box = [s.x + dx - 1, s.y + dy - 10, s.x + dx + wide + 1, s.y + dy + 3];
      const inside = box[0] > 4 && box[2] < this.width - 4 && box[1] > 4 && box[3] < this.height - 4;
      if (!inside || taken.some((b) => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3])) continue;
      taken.push(box);
      pen.lineJoin = "round";
      pen.lineWidth = 3;
      pen.strokeStyle = this.p.land;
      pen.globalAlpha = 0.85;
      pen.strokeText(s.site.name, s.x + dx, s.y + dy);
      pen.globalAlpha = 1;
      pen.fillStyle = isPlace(s.site) ? this.p.ink : this.p.friend;
      pen.fillText(s.site.name, s.x + dx, s.y + dy);
      return true;
    }
    return false;
  }

  private line(x1: number, y1: number, x2: number, y2: number, color: string, width: number): void {
    this.pen.beginPath();
    this.pen.moveTo(x1, y1);
    this.pen.lineTo(x2, y2);
    this.pen.lineWidth = width;
    this.pen.lineCap = "round";
    this.pen.strokeStyle = color;
    this.pen.stroke();
  }

  private ring(x: number, y: number, radius: number, color: string, width: number): void {
    this.pen.beginPath();
    this.pen.arc(x, y, radius, 0, 7);
    this.pen.lineWidth = width;
    this.pen.strokeStyle = color;
    this.pen.stroke();
  }
}

function isPlace(site: Site): boolean {
  return site.kind === "city" || site.kind === "base";
}

/** An APP-6 symbol in the page's colours, as an address that needs no network. */
export function symbolAddress(kind: string, p: Palette): string {
  const svg = (pictures[kind]?.svg ?? "")
    .replaceAll("rgb(128,224,255)", p.symbolFill)
    .replaceAll("black", p.friend);
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
