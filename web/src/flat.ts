/** A flat map: every point at its true distance and bearing from the middle (azimuthal equidistant). */
import { OrthographicCamera, Vector3 } from "three";
import type { View } from "./eye";
import { place } from "./sphere";

/** How far from the middle the map goes, Earth radii along the ground. */
export const EDGE = 2.4;
const NEAREST = 0.02;
const FURTHEST = EDGE;
/** Of the window's half, what the points of a fitted view take. */
const AIR = 0.88;

/** `place` for a map about this middle; heights are not shown. Source: Snyder, USGS PP 1395, 1987, ch. 25. */
export function flatAbout(latitude_deg: number, longitude_deg: number): typeof place {
  const up = place(latitude_deg, longitude_deg);
  const east = new Vector3(0, 1, 0).cross(up).normalize();
  const north = up.clone().cross(east);
  return (lat, lon) => {
    const p = place(lat, lon);
    const [x, y] = [p.dot(east), p.dot(north)];
    const across = Math.hypot(x, y);
    const scale = across < 1e-9 ? 1 : Math.atan2(across, p.dot(up)) / across;
    return new Vector3(x * scale, y * scale, 0);
  };
}

export class FlatEye implements View {
  readonly camera = new OrthographicCamera(-1, 1, 1, -1, 0.1, 20);
  private x = 0;
  private y = 0;
  /** Half of the window's height, Earth radii. */
  private half = 0.5;
  private wide = 1;
  private home: readonly number[] = [0, 0, 0.5];

  place(): void {
    const c = this.camera;
    c.top = this.half;
    c.bottom = -this.half;
    c.right = this.half * this.wide;
    c.left = -c.right;
    c.position.set(this.x, this.y, 10);
    c.updateProjectionMatrix();
    c.updateMatrixWorld();
  }

  aspect(widthByHeight: number): void {
    this.wide = widthByHeight;
  }

  pixel(height_px: number): number {
    return (2 * this.half) / height_px;
  }

  turn(east_px: number, north_px: number, height_px: number): void {
    const p = this.pixel(height_px);
    const within = (v: number): number => Math.min(EDGE, Math.max(-EDGE, v));
    this.x = within(this.x + east_px * p);
    this.y = within(this.y + north_px * p);
  }

  spin(degrees: number): void {
    this.x += (degrees / 180) * Math.PI * 0.2;
  }

  zoom(factor: number): void {
    this.half = Math.min(FURTHEST, Math.max(NEAREST, this.half * factor));
  }

  /** Show this point of the map in the middle. */
  centre(at: Vector3): void {
    [this.x, this.y] = [at.x, at.y];
  }

  goHome(): void {
    this.restore(this.home);
  }

  kept(): readonly number[] {
    return [this.x, this.y, this.half];
  }

  restore(kept: readonly number[]): void {
    [this.x = 0, this.y = 0, this.half = 0.5] = kept;
  }

  /** Find the view that holds all points with some air, and make it home. */
  fit(points: Vector3[]): void {
    if (points.length === 0) return;
    const [xs, ys] = [points.map((p) => p.x), points.map((p) => p.y)];
    const [west, east] = [Math.min(...xs), Math.max(...xs)];
    const [south, north] = [Math.min(...ys), Math.max(...ys)];
    this.x = (west + east) / 2;
    this.y = (south + north) / 2;
    this.half = Math.min(FURTHEST, Math.max(NEAREST, (east - west) / 2 / this.wide / AIR, (north - south) / 2 / AIR));
    this.home = this.kept();
  }
}
