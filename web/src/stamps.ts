/** What the atlas holds: symbols, dots, names and marks in the colours of the style sheet. */
import pictures from "virtual:symbols";
import { Atlas, type Draw, type Sprite } from "./atlas";
import { type Site, isPlace, symbolOf } from "./data";
import type { Palette } from "./palette";

const SYMBOL_PX = 24;
/** The size of milsymbol's drawings that `SYMBOL_PX` stands for. */
const SYMBOL_UNITS = 78;
const STEM_PX = 6;
const LARGEST_DOT_PX = 11;
const SMALLEST_DOT_PX = 2.5;
const BASE_PX = 3.5;
const HEAD_PX = 9;
const MISS_PX = 8;
const RING_PX = 46;
const CHOSEN_PX = 36;
const NAME_PX = 12;
const NAME_HIGH_PX = 17;
/** From the upper edge of a name's picture to the line its letters stand on. */
const BASELINE_PX = 12.5;
const HALO_PX = 3;

/** What stands for one site: its symbol with a stem, or its dot, and its name. */
export interface SiteStamp {
  mark: Sprite;
  /** From its place to its edge, points. */
  radius: number;
  name: Sprite;
}

/** Asks the atlas for pictures of others. */
export type More = (atlas: Atlas, p: Palette, scale: number) => void;

export interface Stamps {
  atlas: Atlas;
  sites: Map<Site, SiteStamp>;
  head: Sprite;
  foot: Sprite;
  missed: Sprite;
  hit: Sprite;
  landed: Sprite;
  rings: Record<"hit" | "landed", Sprite>;
  chosen: Sprite;
}

/** An APP-6 symbol in the page's colours, as an address that needs no network. */
export function symbolAddress(kind: string, p: Palette): string {
  const svg = (pictures[kind]?.svg ?? "")
    .replaceAll("rgb(128,224,255)", p.symbolFill)
    .replaceAll("black", p.friend);
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** The symbols' pictures, ready to be drawn. */
export async function symbolImages(p: Palette): Promise<Record<string, HTMLImageElement>> {
  const held: Record<string, HTMLImageElement> = {};
  for (const [kind, { width, height }] of Object.entries(pictures)) {
    const image = new Image(width, height);
    image.src = symbolAddress(kind, p);
    held[kind] = image;
  }
  await Promise.all(Object.values(held).map((image) => image.decode()));
  return held;
}

/** Draw everything anew; `scale` makes symbols and dots smaller on a small window. */
export function stamps(sites: Site[], images: Record<string, HTMLImageElement>, p: Palette, scale: number, more: More = () => undefined): Stamps {
  const atlas = new Atlas();
  const most = Math.max(1, ...sites.map((s) => s.population));
  const symbols = new Map<string, Sprite>();
  const held = new Map<Site, SiteStamp>();
  for (const site of sites) {
    const name = nameOf(atlas, site, p);
    if (isPlace(site)) {
      const share = Math.sqrt(Math.max(0, site.population) / most);
      const radius = scale * (site.kind === "base" ? BASE_PX : Math.max(SMALLEST_DOT_PX, LARGEST_DOT_PX * share));
      held.set(site, { mark: dot(atlas, site.kind === "base", radius, p), radius, name });
      continue;
    }
    const kind = symbolOf(site);
    const mark = symbols.get(kind) ?? symbol(atlas, kind, images[kind], p, scale);
    symbols.set(kind, mark);
    held.set(site, { mark, radius: mark.width / 2, name });
  }
  const made = { atlas, sites: held, ...marks(atlas, p, scale) };
  more(atlas, p, scale);
  atlas.finish();
  return made;
}

/** A symbol stands on a short stem, so that the place under it stays in sight. */
function symbol(atlas: Atlas, kind: string, image: HTMLImageElement | undefined, p: Palette, scale: number): Sprite {
  const told = pictures[kind] ?? { width: SYMBOL_UNITS, height: SYMBOL_UNITS };
  const k = (scale * SYMBOL_PX) / SYMBOL_UNITS;
  const [w, h] = [told.width * k, told.height * k];
  return atlas.add(w, h + STEM_PX, (pen) => {
    if (image) pen.drawImage(image, 0, 0, w, h);
    pen.fillStyle = p.friend;
    pen.fillRect(w / 2 - 0.75, h - 0.5, 1.5, STEM_PX + 0.5);
  });
}

function dot(atlas: Atlas, square: boolean, radius: number, p: Palette): Sprite {
  const side = 2 * radius + 3;
  return atlas.add(side, side, (pen) => {
    if (square) pen.rect(side / 2 - radius, side / 2 - radius, 2 * radius, 2 * radius);
    else pen.arc(side / 2, side / 2, radius, 0, 2 * Math.PI);
    pen.fillStyle = pen.strokeStyle = p.ink;
    pen.globalAlpha = 0.25;
    pen.fill();
    pen.globalAlpha = 0.8;
    pen.stroke();
  });
}

function nameOf(atlas: Atlas, site: Site, p: Palette): Sprite {
  const ruler = atlas.canvas.getContext("2d", { willReadFrequently: true })!;
  const font = `${NAME_PX}px ${p.font}`;
  ruler.font = font;
  const wide = ruler.measureText(site.name).width;
  return atlas.add(wide + 2 * HALO_PX, NAME_HIGH_PX, (pen) => {
    pen.font = font;
    pen.lineWidth = HALO_PX;
    pen.lineJoin = "round";
    pen.strokeStyle = p.land;
    pen.globalAlpha = 0.85;
    pen.strokeText(site.name, HALO_PX, BASELINE_PX);
    pen.globalAlpha = 1;
    pen.fillStyle = isPlace(site) ? p.ink : p.friend;
    pen.fillText(site.name, HALO_PX, BASELINE_PX);
  });
}

function circle(color: string, radius: number, width: number, fill = ""): Draw {
  return (pen) => {
    const middle = radius + width;
    pen.arc(middle, middle, radius, 0, 2 * Math.PI);
    pen.fillStyle = fill;
    if (fill) pen.fill();
    pen.strokeStyle = color;
    pen.lineWidth = width;
    pen.stroke();
  };
}

function marks(atlas: Atlas, p: Palette, scale: number): Omit<Stamps, "atlas" | "sites"> {
  const round = (size: number, width: number, color: string, fill = ""): Sprite => {
    const radius = (size - width) / 2;
    return atlas.add(size + width, size + width, circle(color, radius, width, fill));
  };
  return {
    head: round(HEAD_PX * scale, 1.4, p.panel, p.threat),
    foot: atlas.add(4, 3, (pen) => {
      pen.fillStyle = p.threat;
      pen.globalAlpha = 0.45;
      pen.fillRect(0, 1, 4, 1);
    }),
    missed: round(MISS_PX, 1.3, p.soft),
    hit: atlas.add(16, 16, cross(p)),
    landed: atlas.add(18, 18, burst(p)),
    rings: { hit: round(RING_PX, 2.6, p.friend), landed: round(RING_PX, 2.6, p.threat) },
    chosen: round(CHOSEN_PX, 2, p.ink),
  };
}

function cross(p: Palette): Draw {
  return (pen) => {
    pen.lineCap = "round";
    for (const [color, width] of [[p.panel, 4.5], [p.friend, 2.4]] as const) {
      pen.beginPath();
      pen.moveTo(3.5, 3.5);
      pen.lineTo(12.5, 12.5);
      pen.moveTo(12.5, 3.5);
      pen.lineTo(3.5, 12.5);
      pen.strokeStyle = color;
      pen.lineWidth = width;
      pen.stroke();
    }
  };
}

/** A filled star of eight points. */
function burst(p: Palette): Draw {
  return (pen) => {
    for (let i = 0; i < 16; i++) {
      const r = i % 2 === 0 ? 7.4 : 3.4;
      pen.lineTo(9 + r * Math.sin((i * Math.PI) / 8), 9 - r * Math.cos((i * Math.PI) / 8));
    }
    pen.closePath();
    pen.fillStyle = p.threat;
    pen.fill();
    pen.strokeStyle = p.panel;
    pen.lineWidth = 1.2;
    pen.stroke();
  };
}
