/** Points on and above the Earth, drawn as a sphere of radius 1 with its axis along y. */
import { Vector3 } from "three";

export const EARTH_KM = 6371;
const RAD = Math.PI / 180;

export function place(latitude_deg: number, longitude_deg: number, height_km = 0): Vector3 {
  const r = 1 + height_km / EARTH_KM;
  const c = Math.cos(latitude_deg * RAD);
  return new Vector3(
    r * c * Math.cos(longitude_deg * RAD),
    r * Math.sin(latitude_deg * RAD),
    -r * c * Math.sin(longitude_deg * RAD),
  );
}

/** The point `distance_km` from a place along the great circle that leaves it at `bearing_deg`. */
export function along(
  latitude_deg: number,
  longitude_deg: number,
  bearing_deg: number,
  distance_km: number,
): [number, number] {
  const f = latitude_deg * RAD;
  const d = distance_km / EARTH_KM;
  const a = bearing_deg * RAD;
  const lat = Math.asin(Math.sin(f) * Math.cos(d) + Math.cos(f) * Math.sin(d) * Math.cos(a));
  const east = Math.atan2(
    Math.sin(a) * Math.sin(d) * Math.cos(f),
    Math.cos(d) - Math.sin(f) * Math.sin(lat),
  );
  return [lat / RAD, longitude_deg + east / RAD];
}

/** True where the Earth stands between the eye and the point. */
export function hidden(point: Vector3, eye: Vector3): boolean {
  const dx = point.x - eye.x;
  const dy = point.y - eye.y;
  const dz = point.z - eye.z;
  const a = dx * dx + dy * dy + dz * dz;
  const b = eye.x * dx + eye.y * dy + eye.z * dz;
  const c = eye.lengthSq() - 0.999;
  const inside = b * b - a * c;
  if (inside <= 0) return false;
  const first = (-b - Math.sqrt(inside)) / a;
  return first > 0 && first < 0.9999;
}
