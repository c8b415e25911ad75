/**
 * Symbols, names, missiles and marks over the globe, drawn with it: as elements of the page they had the browser lay
 * some two hundred pieces together anew for every frame.
 */
import { Vector3, type PerspectiveCamera } from "three";
import type { Sprite } from "./atlas";
import { type SceneEvent, type Site, isPlace } from "./data";
import type { Palette } from "./palette";
import { type Missile, type Raid, position, spot } from "./raid";
import { hidden, place } from "./sphere";
import { Sprites } from "./sprites";
import { type SiteStamp, type Stamps, stamps, symbolImages } from "./stamps";

/** On a window narrower than this, symbols and dots are smaller. */
const NARROW_PX = 600;
const NARROW_SHARE = 0.72;
/** Names at once on a window 1,000 points wide; fewer on a narrower one. */
const NAMES = 16;
const RINGED_S = 30;
/** The radius of a ring when it appears, and how fast it grows, points and points a second. */
const RING_PX = 8;
const RING_PX_PER_S = 0.5;
const EDGE_PX = 4;

interface Spot {
  site: Site;
  at: Vector3;
  x: number;
  y: number;
  seen: boolean;
  /** On which side its name stood last: it stays there while it can. */
  side: number;
}

interface Mark {
  event: SceneEvent;
  at: Vector3;
  ring: "hit" | "landed" | null;
}

/** Left, top, right, bottom, points. */
export type Box = readonly [number, number, number, number];
const MARKED = new Set(["missed", "hit", "landed"]);

export class Overlay {
  readonly sprites = new Sprites();
  private readonly spots: Spot[];
  private images: Record<string, HTMLImageElement> = {};
  private colours: Palette | null = null;
  private stamps: Stamps | null = null;
  private marks: Mark[] = [];
  private played: SceneEvent[] | null = null;
  private width = 1;
  private height = 1;
  private scale = 1;
  /** Where controls stand over the globe: no name is put under them. */
  keepOut: Box[] = [];
  chosen: Site | null = null;

  constructor(sites: Site[]) {
    this.spots = sites
      .filter((s) => s.kind !== "satellite" && s.latitude_deg !== null && s.longitude_deg !== null)
      .sort((a, b) => b.population - a.population)
      .map((site) => ({ site, at: place(site.latitude_deg!, site.longitude_deg!), x: 0, y: 0, seen: false, side: 0 }));
  }

  async dress(p: Palette): Promise<void> {
    this.images = await symbolImages(p);
    this.colours = p;
    this.stamp();
  }

  resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
    const scale = width < NARROW_PX ? NARROW_SHARE : 1;
    if (scale === this.scale) return;
    this.scale = scale;
    this.stamp();
  }

  /** Put everything where it stands at `now`, in a picture of `ratio` pixels a point. */
  draw(camera: PerspectiveCamera, raid: Raid, now: number, ratio: number): void {
    const held = this.stamps;
    if (!held) return;
    if (this.played !== raid.events) this.take(raid);
    this.sprites.begin(this.width, this.height, ratio);
    const taken: Box[] = [...this.keepOut];
    for (const s of this.spots) this.project(s, camera);
    const seen = this.spots.filter((s) => s.seen).map((s) => [s, held.sites.get(s.site)!] as const);
    for (const [s, stamp] of seen) if (isPlace(s.site)) this.dot(s, stamp, taken);
    this.fly(held, raid.missiles, camera, now);
    for (const m of this.marks) this.mark(m, held, camera, now);
    for (const [s, stamp] of seen) if (!isPlace(s.site)) this.symbol(s, stamp, taken);
    // Where all have room, sensors and batteries are named too.
    const most = Math.min(NAMES, Math.round((NAMES * this.width) / 1000));
    const all = this.spots.length <= most;
    let named = 0;
    for (const [s, stamp] of seen) {
      const due = s.site === this.chosen || ((all || isPlace(s.site)) && named < most);
      if (due && this.name(s, stamp, taken)) named++;
    }
    const chosen = seen.find(([s]) => s.site === this.chosen);
    if (chosen) this.sprites.middle(held.chosen, chosen[0].x, chosen[0].y - rise(chosen[1], chosen[0].site));
    this.sprites.end();
  }

  /** The sites drawn at a point of the globe's frame, nearest first. */
  at(x: number, y: number, slack: number): Site[] {
    return this.spots
      .flatMap((s) => {
        const stamp = this.stamps?.sites.get(s.site);
        if (!s.seen || !stamp) return [];
        const away = Math.hypot(s.x - x, s.y - rise(stamp, s.site) - y);
        return away < Math.max(stamp.radius, 6) + slack ? [{ site: s.site, away }] : [];
      })
      .sort((a, b) => a.away - b.away)
      .map((found) => found.site);
  }

  where(site: Site): { x: number; y: number } | null {
    const s = this.spots.find((spotted) => spotted.site === site && spotted.seen);
    return s ? { x: s.x, y: s.y } : null;
  }

  private stamp(): void {
    if (!this.colours) return;
    this.stamps = stamps(this.spots.map((s) => s.site), this.images, this.colours, this.scale);
    this.sprites.dress(this.stamps.atlas);
  }

  /** Take up the marks of this regime's events. */
  private take(raid: Raid): void {
    this.played = raid.events;
    this.marks = raid.events.flatMap((event): Mark[] => {
      const at = MARKED.has(event.kind) ? spot(event) : null;
      const ring = event.kind === "hit" || event.kind === "landed" ? event.kind : null;
      return at ? [{ event, at, ring }] : [];
    });
  }

  private seen(at: Vector3, camera: PerspectiveCamera): { x: number; y: number; seen: boolean } {
    const v = at.clone().project(camera);
    const seen = v.z < 1 && !hidden(at, camera.position);
    return { x: ((v.x + 1) / 2) * this.width, y: ((1 - v.y) / 2) * this.height, seen };
  }

  private project(s: Spot, camera: PerspectiveCamera): void {
    const { x, y, seen } = this.seen(s.at, camera);
    s.x = x;
    s.y = y;
    s.seen = seen && x > -20 && x < this.width + 20 && y > -20 && y < this.height + 20;
  }

  private dot(s: Spot, { mark, radius }: SiteStamp, taken: Box[]): void {
    this.sprites.middle(mark, s.x, s.y);
    taken.push([s.x - radius, s.y - radius, s.x + radius, s.y + radius]);
  }

  private symbol(s: Spot, { mark }: SiteStamp, taken: Box[]): void {
    const [left, top] = [s.x - mark.width / 2, s.y - mark.height];
    this.sprites.put(mark, left, top);
    taken.push([left, top, left + mark.width, s.y]);
  }

  /** The missiles' heads, each with a line down to the ground below it. */
  private fly(held: Stamps, missiles: Missile[], camera: PerspectiveCamera, now: number): void {
    const up = missiles.flatMap((m) => {
      const at = position(m, now);
      const head = at && this.seen(at, camera);
      return head?.seen ? [{ head, foot: this.seen(at!.clone().setLength(1), camera) }] : [];
    });
    for (const { head, foot } of up) if (foot.seen) this.sprites.along(held.foot, head.x, head.y, foot.x, foot.y);
    for (const { head } of up) this.sprites.middle(held.head, head.x, head.y);
  }

  /** Hits, misses and impacts up to now; for half a minute each is ringed. */
  private mark({ event, at, ring }: Mark, held: Stamps, camera: PerspectiveCamera, now: number): void {
    const age = now - event.time_s;
    if (age < 0) return;
    const { x, y, seen } = this.seen(at, camera);
    if (!seen) return;
    this.sprites.middle(ring ? held[ring] : held.missed, x, y);
    if (!ring || age >= RINGED_S) return;
    const drawn: Sprite = held.rings[ring];
    const size = 2 * (RING_PX + RING_PX_PER_S * age);
    this.sprites.middle(drawn, x, y, size / drawn.width, 1 - age / RINGED_S);
  }

  /** Beside its dot, on the side where it stood or else the first where nothing stands yet. */
  private name(s: Spot, stamp: SiteStamp, taken: Box[]): boolean {
    const { width, height } = stamp.name;
    const gap = stamp.radius + 2;
    const middle = -rise(stamp, s.site) - height / 2;
    const [over, under] = isPlace(s.site) ? [-stamp.radius - height, stamp.radius] : [-stamp.mark.height - height, 0];
    const sides = [[gap, middle], [-gap - width, middle], [-width / 2, under], [-width / 2, over]] as const;
    for (const side of [s.side, ...sides.keys()]) {
      const [left, top] = [s.x + sides[side]![0], s.y + sides[side]![1]];
      const box: Box = [left + 2, top + 2, left + width - 2, top + height - 2];
      const inside = box[0] > EDGE_PX && box[2] < this.width - EDGE_PX && box[1] > EDGE_PX && box[3] < this.height - EDGE_PX;
      if (!inside || taken.some((b) => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3])) continue;
      taken.push(box);
      s.side = side;
      this.sprites.put(stamp.name, left, top);
      return true;
    }
    return false;
  }
}

/** How far above its place the middle of a site's picture lies, points. */
function rise(stamp: SiteStamp, site: Site): number {
  return isPlace(site) ? 0 : stamp.mark.height * 0.6;
}
