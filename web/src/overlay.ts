/**
 * Symbols, names, missiles and marks over the globe, drawn with it: as elements of the page they had the browser lay
 * some two hundred pieces together anew for every frame.
 */
import type { Camera, Vector3 } from "three";
import { type Site, isPlace } from "./data";
import type { Palette } from "./palette";
import { hidden, place } from "./sphere";
import { Sprites } from "./sprites";
import { type More, type SiteStamp, type Stamps, stamps, symbolImages } from "./stamps";

/** On a window narrower than this, symbols and dots are smaller. */
const NARROW_PX = 600;
const NARROW_SHARE = 0.72;
/** Names at once on a window 1,000 points wide; fewer on a narrower one. */
const NAMES = 16;
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

/** Left, top, right, bottom, points. */
export type Box = readonly [number, number, number, number];

/** Where a point in space stands in the picture, points; not seen behind the Earth. */
export interface Seen {
  x: number;
  y: number;
  seen: boolean;
}

/** What is drawn with the places and symbols, by others: under the symbols, and over them. */
export interface Between {
  below?: (over: Overlay) => void;
  /** Returns where no name is to be put. */
  above?: (over: Overlay) => Box[];
}

/** Where the controls that stand over a picture are: no name is put under them. */
export function boxes(box: HTMLElement, controls: string): Box[] {
  const frame = box.getBoundingClientRect();
  const over = [...box.querySelectorAll(controls)].map((e) => e.getBoundingClientRect());
  return over.map((r) => [r.left - frame.left, r.top - frame.top, r.right - frame.left, r.bottom - frame.top]);
}

export class Overlay {
  readonly sprites = new Sprites();
  private readonly spots: Spot[];
  private images: Record<string, HTMLImageElement> = {};
  private colours: Palette | null = null;
  private held: Stamps | null = null;
  private camera: Camera | null = null;
  private width = 1;
  private height = 1;
  private scale = 1;
  /** Where controls stand over the globe: no name is put under them. */
  keepOut: Box[] = [];
  chosen: Site | null = null;

  constructor(
    sites: Site[],
    private lay: typeof place = place,
    private readonly more?: More,
  ) {
    this.spots = sites
      .filter((s) => s.kind !== "satellite" && s.latitude_deg !== null && s.longitude_deg !== null)
      .sort((a, b) => b.population - a.population)
      .map((site) => ({ site, at: lay(site.latitude_deg!, site.longitude_deg!), x: 0, y: 0, seen: false, side: 0 }));
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

  /** Stand everything on another picture of the Earth. */
  relay(lay: typeof place): void {
    this.lay = lay;
    for (const s of this.spots) s.at = lay(s.site.latitude_deg!, s.site.longitude_deg!);
  }

  get stamps(): Stamps | null {
    return this.held;
  }

  /** Put everything where it stands, in a picture of `ratio` pixels a point. */
  draw(camera: Camera, ratio: number, between: Between): void {
    const held = this.held;
    if (!held) return;
    this.camera = camera;
    this.sprites.begin(this.width, this.height, ratio);
    const taken: Box[] = [...this.keepOut];
    for (const s of this.spots) this.project(s);
    const seen = this.spots.filter((s) => s.seen).map((s) => [s, held.sites.get(s.site)!] as const);
    for (const [s, stamp] of seen) if (isPlace(s.site)) this.dot(s, stamp, taken);
    between.below?.(this);
    for (const [s, stamp] of seen) if (!isPlace(s.site)) this.symbol(s, stamp, taken);
    taken.push(...(between.above?.(this) ?? []));
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

  /** Where a point in space stands in the picture that is being drawn. */
  spot(at: Vector3): Seen {
    const camera = this.camera;
    if (!camera) return { x: 0, y: 0, seen: false };
    const v = at.clone().project(camera);
    const behind = this.lay === place && hidden(at, camera.position);
    return { x: ((v.x + 1) / 2) * this.width, y: ((1 - v.y) / 2) * this.height, seen: v.z < 1 && !behind };
  }

  /** The sites drawn at a point of the globe's frame, nearest first. */
  at(x: number, y: number, slack: number): Site[] {
    return this.spots
      .flatMap((s) => {
        const stamp = this.held?.sites.get(s.site);
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
    this.held = stamps(this.spots.map((s) => s.site), this.images, this.colours, this.scale, this.more);
    this.sprites.dress(this.held.atlas);
  }

  private project(s: Spot): void {
    const { x, y, seen } = this.spot(s.at);
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
