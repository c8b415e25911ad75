/** The camera: north up, looking at a place from the south and above. Heights are to scale. */
import { type Camera, PerspectiveCamera, Vector3 } from "three";
import { place } from "./sphere";

const RAD = Math.PI / 180;
const NEAREST = 0.06;
const FURTHEST = 6;

/** What looks at the Earth, on the globe or on the flat map. */
export interface View {
  readonly camera: Camera;
  /** Set the camera for a drawing. */
  place(): void;
  aspect(widthByHeight: number): void;
  /** Length of one pixel at the place looked at, Earth radii. */
  pixel(height_px: number): number;
  turn(east_px: number, north_px: number, height_px: number): void;
  spin(degrees: number): void;
  zoom(factor: number): void;
  goHome(): void;
  kept(): readonly number[];
  restore(kept: readonly number[]): void;
}

export class Eye implements View {
  readonly camera = new PerspectiveCamera(32, 1, 0.01, 20);
  latitude_deg = 45;
  longitude_deg = 20;
  /** Distance from the place looked at, Earth radii. */
  distance = 1;
  private home: readonly number[] = [45, 20, 1];

  private tilt(): number {
    return 38 * RAD * (1 - Math.min(1, Math.max(0, (this.distance - 0.9) / 3)));
  }

  place(): void {
    const ground = place(this.latitude_deg, this.longitude_deg);
    const up = ground.clone().normalize();
    const east = new Vector3(0, 1, 0).cross(up).normalize();
    const north = up.clone().cross(east);
    const tilt = this.tilt();
    this.camera.position
      .copy(ground)
      .addScaledVector(up, this.distance * Math.cos(tilt))
      .addScaledVector(north, -this.distance * Math.sin(tilt));
    this.camera.up.copy(north);
    this.camera.lookAt(ground);
    this.camera.updateMatrixWorld();
  }

  aspect(widthByHeight: number): void {
    this.camera.aspect = widthByHeight;
    this.camera.updateProjectionMatrix();
  }

  pixel(height_px: number): number {
    return (2 * this.distance * Math.tan((this.camera.fov * RAD) / 2)) / height_px;
  }

  turn(east_px: number, north_px: number, height_px: number): void {
    const angle = this.pixel(height_px) / RAD;
    const c = Math.max(0.2, Math.cos(this.latitude_deg * RAD));
    this.look(
      this.latitude_deg + (north_px * angle) / Math.max(0.5, Math.cos(this.tilt())),
      this.longitude_deg + (east_px * angle) / c,
    );
  }

  look(latitude_deg: number, longitude_deg: number): void {
    this.latitude_deg = Math.min(80, Math.max(-80, latitude_deg));
    this.longitude_deg = ((((longitude_deg + 180) % 360) + 360) % 360) - 180;
  }

  zoom(factor: number): void {
    this.distance = Math.min(FURTHEST, Math.max(NEAREST, this.distance * factor));
  }

  spin(degrees: number): void {
    this.look(this.latitude_deg, this.longitude_deg + degrees);
  }

  goHome(): void {
    this.restore(this.home);
  }

  kept(): readonly number[] {
    return [this.latitude_deg, this.longitude_deg, this.distance];
  }

  restore(kept: readonly number[]): void {
    [this.latitude_deg = 45, this.longitude_deg = 20, this.distance = 1] = kept;
  }

  /** Find the view that holds all points with some air, and make it home. */
  fit(points: Vector3[]): void {
    if (points.length === 0) return;
    const middle = points.reduce((sum, p) => sum.add(p), new Vector3()).normalize();
    this.look(Math.asin(middle.y) / RAD, Math.atan2(-middle.z, middle.x) / RAD);
    this.distance = 0.5;
    const seen = new Vector3();
    for (let i = 0; i < 40; i++) {
      this.place();
      let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
      for (const p of points) {
        seen.copy(p).project(this.camera);
        west = Math.min(west, seen.x);
        east = Math.max(east, seen.x);
        south = Math.min(south, seen.y);
        north = Math.max(north, seen.y);
      }
      const spread = Math.max((east - west) / 1.78, (north - south) / 1.72);
      const half = this.distance * Math.tan((this.camera.fov * RAD) / 2);
      this.look(
        this.latitude_deg + (((south + north) / 2) * half) / RAD / 1.6,
        this.longitude_deg + (((west + east) / 2) * half * this.camera.aspect) / RAD / 1.3,
      );
      this.zoom(Math.min(1.25, Math.max(0.8, spread ** 0.7)));
    }
    this.home = [this.latitude_deg, this.longitude_deg, this.distance];
    this.place();
  }
}
