/**
 * Lines of even width in pixels whose points carry a time: what is flown is strong, what is to come
 * is faint, what never comes (after a hit) is hardly there. All of them in one drawing call, and without instances: a computer that draws without
 * a GPU takes each instance for a drawing of its own.
 */
import {
  BufferAttribute,
  BufferGeometry,
  type Camera,
  Color,
  Matrix4,
  Mesh,
  ShaderMaterial,
  Vector2,
  Vector3,
} from "three";

export interface Ribbon {
  points: Vector3[];
  times: number[];
  /** When it ends: the hit, or the last time. */
  end: number;
  friend: boolean;
  /** 0 for unbroken, else the length of a dash in pixels. */
  dash: number;
  width: number;
  /** Strength before its time; after it is 1. */
  before: number;
}

const VERTEX = `
attribute vec3 a;
attribute vec3 b;
attribute vec4 told;   // time at a, time at b, end, strength before
attribute vec4 drawn;  // length at a, length at b, dash in pixels, width in pixels; friend below 0
uniform vec2 size;
uniform mat4 sight;
varying vec2 across;
varying float time;
varying float reach;
varying vec4 vTold;
varying vec4 vDrawn;
void main() {
  vec4 pa = sight * vec4(a, 1.0);
  vec4 pb = sight * vec4(b, 1.0);
  vec2 step = (pb.xy / pb.w - pa.xy / pa.w) * size;
  vec2 way = length(step) > 1e-4 ? normalize(step) : vec2(1.0, 0.0);
  float half_px = abs(drawn.w) * 0.5 + 1.0;
  vec4 p = position.x < 0.5 ? pa : pb;
  vec2 moved = vec2(-way.y, way.x) * position.y * half_px;
  p.xy += moved * 2.0 / size * p.w;
  across = vec2(position.y * half_px, half_px);
  time = mix(told.x, told.y, position.x);
  reach = mix(drawn.x, drawn.y, position.x);
  vTold = told;
  vDrawn = drawn;
  gl_Position = p;
}`;
const FRAGMENT = `
uniform float now;
uniform float pixel;
uniform vec3 friend;
uniform vec3 threat;
varying vec2 across;
varying float time;
varying float reach;
varying vec4 vTold;
varying vec4 vDrawn;
void main() {
  float strength = time <= min(now, vTold.z) ? 1.0 : time <= vTold.z ? vTold.w : 0.12 * step(0.01, vTold.w);
  if (strength < 0.01) discard;
  if (vDrawn.z > 0.0 && fract(reach / (pixel * vDrawn.z * 1.8)) > 0.55) discard;
  float edge = clamp(across.y - abs(across.x), 0.0, 1.0);
  vec3 color = vDrawn.w < 0.0 ? friend : threat;
  gl_FragColor = vec4(color, strength * edge);
}`;

export class Ribbons {
  readonly mesh: Mesh;
  private readonly material = new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    transparent: true,
    depthWrite: false,
    uniforms: {
      now: { value: 0 },
      size: { value: new Vector2(1, 1) },
      sight: { value: new Matrix4() },
      pixel: { value: 0.001 },
      friend: { value: new Color() },
      threat: { value: new Color() },
    },
  });

  constructor() {
    this.mesh = new Mesh(geometryOf([]), this.material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 10;
  }

  show(ribbons: Ribbon[]): void {
    this.mesh.geometry.dispose();
    this.mesh.geometry = geometryOf(ribbons);
  }

  /** `pixel` is the length of a pixel at the place looked at, in Earth radii. */
  set(now: number, camera: Camera, width: number, height: number, pixel: number): void {
    const u = this.material.uniforms;
    u["now"]!.value = now;
    (u["size"]!.value as Vector2).set(width, height);
    u["pixel"]!.value = pixel;
    // Nothing here is moved or turned by itself, so one matrix serves every point.
    (u["sight"]!.value as Matrix4).multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
  }

  dress(friend: Color, threat: Color): void {
    this.material.uniforms["friend"]!.value = friend;
    this.material.uniforms["threat"]!.value = threat;
  }
}

const CORNERS = [0, -1, 0, 1, -1, 0, 1, 1, 0, 0, 1, 0];

function geometryOf(ribbons: Ribbon[]): BufferGeometry {
  const held = {
    position: [] as number[],
    a: [] as number[],
    b: [] as number[],
    told: [] as number[],
    drawn: [] as number[],
  };
  const index: number[] = [];
  for (const r of ribbons) {
    let length = 0;
    for (let i = 1; i < r.points.length; i++) {
      const p = r.points[i - 1]!;
      const q = r.points[i]!;
      const step = p.distanceTo(q);
      const first = held.a.length / 3;
      held.position.push(...CORNERS);
      for (let corner = 0; corner < 4; corner++) {
        held.a.push(p.x, p.y, p.z);
        held.b.push(q.x, q.y, q.z);
        held.told.push(r.times[i - 1]!, r.times[i]!, r.end, r.before);
        held.drawn.push(length, length + step, r.dash, r.friend ? -r.width : r.width);
      }
      index.push(first, first + 1, first + 2, first, first + 2, first + 3);
      length += step;
    }
  }
  const geometry = new BufferGeometry();
  for (const [name, numbers] of Object.entries(held)) {
    const size = name === "told" || name === "drawn" ? 4 : 3;
    geometry.setAttribute(name, new BufferAttribute(Float32Array.from(numbers), size));
  }
  geometry.setIndex(index);
  return geometry;
}
