/** What a radar or a battery reaches, laid on the ground. */
import { BufferAttribute, BufferGeometry, Color, FrontSide, Group, Mesh, ShaderMaterial, type Vector3 } from "three";
import type { Site } from "./data";
import type { Ribbon } from "./ribbons";
import { along, place } from "./sphere";

type Place = typeof place;

const RINGS = 8;
/** Beyond this a reach says nothing on a map: the whole hemisphere. */
const LARGEST_KM = 12_000;

const VERTEX = `void main() { gl_Position = projectionMatrix * (modelViewMatrix * vec4(position, 1.0)); }`;
const FRAGMENT = `uniform vec3 color; uniform float strength; void main() { gl_FragColor = vec4(color, strength); }`;

export class Sectors {
  readonly group = new Group();
  readonly outlines: Ribbon[] = [];
  private readonly material = new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms: { color: { value: new Color() }, strength: { value: 0.07 } },
    transparent: true,
    depthTest: false,
    depthWrite: false,
    side: FrontSide,
  });

  constructor(
    sites: Site[],
    private readonly lay: Place = place,
  ) {
    for (const site of sites) {
      if (site.kind !== "radar" && site.kind !== "battery") continue;
      if (site.latitude_deg === null || site.longitude_deg === null) continue;
      if (!(site.reach_km > 0 && site.reach_km < LARGEST_KM)) continue;
      this.add(site, site.latitude_deg, site.longitude_deg);
    }
  }

  dress(friend: Color): void {
    this.material.uniforms["color"]!.value = friend;
  }

  private add(site: Site, lat: number, lon: number): void {
    const whole = site.kind === "battery" || site.sector_deg <= 0 || site.sector_deg >= 359.9;
    const from = whole ? 0 : site.facing_deg - site.sector_deg / 2;
    const width = whole ? 360 : site.sector_deg;
    const steps = site.reach_km > 200 ? Math.max(24, Math.ceil(width / 4)) : 24;
    const edge = (i: number, km: number): Vector3 =>
      this.lay(...along(lat, lon, from + (width * i) / steps, km), 2);
    if (site.kind === "radar") this.fill(edge, steps, site.reach_km);
    const arc = Array.from({ length: steps + 1 }, (_, i) => edge(i, site.reach_km));
    const line = whole ? arc : [this.lay(lat, lon, 2), ...arc, this.lay(lat, lon, 2)];
    this.outlines.push({
      points: line,
      times: line.map(() => 1e8),
      end: 1e9,
      friend: true,
      dash: site.kind === "battery" ? 4 : 0,
      width: 1,
      before: site.kind === "battery" ? 0.55 : 0.5,
    });
  }

  private fill(edge: (i: number, km: number) => Vector3, steps: number, reach: number): void {
    const at: number[] = [];
    const index: number[] = [];
    for (let r = 0; r <= RINGS; r++) {
      for (let i = 0; i <= steps; i++) at.push(...edge(i, (reach * r) / RINGS));
    }
    const row = steps + 1;
    for (let r = 0; r < RINGS; r++) {
      for (let i = 0; i < steps; i++) {
        const k = r * row + i;
        index.push(k, k + row + 1, k + row, k, k + 1, k + row + 1);
      }
    }
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(Float32Array.from(at), 3));
    geometry.setIndex(index);
    const mesh = new Mesh(geometry, this.material);
    mesh.renderOrder = 5;
    mesh.frustumCulled = false;
    this.group.add(mesh);
  }
}
