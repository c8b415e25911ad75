/**
 * Land, shores and borders for the globe, from Natural Earth 1:50m as world-atlas packs it.
 *
 * Lines are thinned together, so that neighbours still meet. Land is cut into small cells before it
 * is made into triangles: a flat triangle of at most 6 degrees stays within 0.3 % of the sphere.
 * Points are hundredths of a degree; disputed areas are drawn as Natural Earth draws them.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { FeatureCollection } from "geojson";
import earcut, { flatten } from "earcut";
import { feature, mesh } from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";
import type { GeometryCollection, Topology } from "topojson-specification";

const CELL_DEG = 6;
/** Smallest triangle kept when lines are thinned, square degrees (Visvalingam and Whyatt 1993). */
const THINNED_DEG2 = 0.01;
/** Islands below this size are left out, square degrees. */
const SMALLEST_DEG2 = 0.04;

type Point = [number, number];
type Ring = Point[];

export interface World {
  /** Base64 of int16 pairs (longitude, latitude), hundredths of a degree. */
  points: string;
  /** Base64 of uint16 triples into `points`. */
  triangles: string;
  shores: string;
  borders: string;
}

export function world(): World {
  const path = createRequire(import.meta.url).resolve("world-atlas/countries-50m.json");
  const atlas = JSON.parse(readFileSync(path, "utf8")) as Topology<{
    countries: GeometryCollection;
    land: GeometryCollection;
  }>;
  const thin = simplify(presimplify(atlas), THINNED_DEG2);
  const polygons = landOf(thin as typeof atlas);
  const { points, triangles } = triangulated(polygons);
  return {
    points: packed(Int16Array.from(points)),
    triangles: packed(Uint16Array.from(triangles)),
    shores: lines(polygons.flat().map(open)),
    borders: lines(mesh(thin as Topology, thin.objects.countries as GeometryCollection, (a, b) => a !== b).coordinates as Point[][]),
  };
}

function landOf(atlas: Topology<{ land: GeometryCollection }>): Ring[][] {
  const found: Ring[][] = [];
  const land = feature(atlas, atlas.objects.land) as FeatureCollection;
  for (const { geometry: shape } of land.features) {
    if (shape.type === "Polygon") found.push(shape.coordinates as Ring[]);
    if (shape.type === "MultiPolygon") found.push(...(shape.coordinates as Ring[][]));
  }
  return found
    .map((rings) => rings.filter((ring, i) => i === 0 || Math.abs(area(ring)) > SMALLEST_DEG2))
    .filter((rings) => rings[0] !== undefined && Math.abs(area(rings[0])) > SMALLEST_DEG2);
}

function area(ring: Ring): number {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    twice += ring[j]![0] * ring[i]![1] - ring[i]![0] * ring[j]![1];
  }
  return twice / 2;
}

/** A shore without the cuts along the date line and the pole, which are no shores. */
function open(ring: Ring): Point[] {
  return ring.filter(([lon, lat]) => Math.abs(lon) < 179.99 && lat > -89.9);
}

/** The part of a ring on one side of a line (Sutherland and Hodgman 1974). */
function clipped(ring: Ring, axis: 0 | 1, limit: number, sign: number): Ring {
  const kept: Ring = [];
  for (let i = 0; i < ring.length; i++) {
    const a = ring[i]!;
    const b = ring[(i + 1) % ring.length]!;
    const aIn = sign * (a[axis] - limit) >= 0;
    const bIn = sign * (b[axis] - limit) >= 0;
    if (aIn) kept.push(a);
    if (aIn !== bIn) {
      const t = (limit - a[axis]) / (b[axis] - a[axis]);
      kept.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
    }
  }
  return kept;
}

function between(rings: Ring[], axis: 0 | 1, low: number): Ring[] {
  return rings
    .map((ring) => clipped(clipped(ring, axis, low, 1), axis, low + CELL_DEG, -1))
    .filter((ring) => ring.length > 2);
}

function triangulated(polygons: Ring[][]): { points: number[]; triangles: number[] } {
  const points: number[] = [];
  const triangles: number[] = [];
  const index = new Map<string, number>();
  const at: At = (lon, lat) => {
    const x = Math.round(lon * 100);
    const y = Math.round(lat * 100);
    const key = `${x},${y}`;
    let i = index.get(key);
    if (i === undefined) {
      i = points.length / 2;
      index.set(key, i);
      points.push(x, y);
    }
    return i;
  };
  for (const rings of polygons) {
    for (let west = -180; west < 180; west += CELL_DEG) {
      const strip = between(rings, 0, west);
      if (strip.length === 0) continue;
      for (let south = -90; south < 90; south += CELL_DEG) {
        const cell = between(strip, 1, south);
        if (cell.length > 0) cut(cell, at, points, triangles);
      }
    }
  }
  if (points.length / 2 > 65_535) throw new Error("too many points for 16-bit triangles");
  return { points, triangles };
}

function flat(points: number[], a: number, b: number, c: number): boolean {
  const [ax, ay] = [points[2 * a]!, points[2 * a + 1]!];
  const [bx, by] = [points[2 * b]! - ax, points[2 * b + 1]! - ay];
  const [cx, cy] = [points[2 * c]! - ax, points[2 * c + 1]! - ay];
  return bx * cy === cx * by;
}

type At = (lon: number, lat: number) => number;

function cut(rings: Ring[], at: At, points: number[], triangles: number[]): void {
  const { vertices, holes, dimensions } = flatten(rings);
  const found = earcut(vertices, holes, dimensions);
  for (let i = 0; i < found.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => {
      const v = found[i + k]! * 2;
      return at(vertices[v]!, vertices[v + 1]!);
    }) as [number, number, number];
    // What is flat on the map, along the edge of a cell, is not flat on the sphere: it would show as a line.
    if (flat(points, a, b, c)) continue;
    triangles.push(a, b, c);
  }
}

/** Lines, each as its number of points and then the points: longitude, latitude in hundredths. */
function lines(found: Point[][]): string {
  const numbers: number[] = [];
  for (const line of found) {
    const whole = line.map(([lon, lat]) => [Math.round(lon * 100), Math.round(lat * 100)] as Point);
    const kept = whole.filter((p, i) => i === 0 || p[0] !== whole[i - 1]![0] || p[1] !== whole[i - 1]![1]);
    if (kept.length > 1) numbers.push(kept.length, ...kept.flat());
  }
  return packed(Int16Array.from(numbers));
}

function packed(array: Int16Array | Uint16Array): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
}
