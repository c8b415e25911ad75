/** The Earth: sea, land, shores and borders. Flat colours, so that a computer without GPU keeps up. */
import {
  BufferAttribute,
  BufferGeometry,
  Color,
  FrontSide,
  Frustum,
  Group,
  LineSegments,
  Matrix4,
  Mesh,
  type Object3D,
  type PerspectiveCamera,
  ShaderMaterial,
  Sphere,
  Vector3,
} from "three";
import packed from "virtual:world";
import { type Palette, shade } from "./palette";
import { place } from "./sphere";

/** Side of a block, rad: what is out of sight is left out block by block. */
const BLOCK = Math.PI / 9;

function bytes(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
}

/** Every vertex knows how squarely it faces the eye: shores behind the horizon are not drawn. */
const VERTEX = `
varying float facing;
void main() {
  facing = dot(normalize(position), normalize(cameraPosition - position));
  gl_Position = projectionMatrix * (modelViewMatrix * vec4(position, 1.0));
}`;
/** The half of the sea in sight, as a cap towards the eye: its edge is the horizon, round at any size. */
const CAP = `
uniform float horizon;
varying float facing;
void main() {
  float angle = position.x * horizon;
  vec3 p = 0.9975 * vec3(sin(angle) * position.y, sin(angle) * position.z, cos(angle));
  vec4 at = modelMatrix * vec4(p, 1.0);
  facing = dot(normalize(at.xyz), normalize(cameraPosition - at.xyz));
  gl_Position = projectionMatrix * (viewMatrix * at);
}`;
const SEA = `
uniform vec3 color;
uniform vec3 rim;
varying float facing;
void main() {
  float edge = 1.0 - clamp(facing, 0.0, 1.0);
  gl_FragColor = vec4(mix(color, rim, edge * edge * edge), 1.0);
}`;
const LINE = `
uniform vec3 color;
uniform float strength;
varying float facing;
void main() {
  if (facing < 0.0) discard;
  gl_FragColor = vec4(color, strength * smoothstep(0.0, 0.12, facing));
}`;

function paint(
  fragmentShader: string,
  more: Record<string, { value: unknown }> = {},
  vertexShader = VERTEX,
): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader,
    fragmentShader,
    uniforms: { color: { value: new Color() }, ...more },
    side: FrontSide,
  });
}

/** A part of the land or of its lines: what is out of sight is left out block by block. */
interface Block {
  index: Uint32Array;
  middle: Vector3;
  radius: number;
  ball: Sphere;
}

/** All blocks of one kind, drawn in one call. */
interface Layer {
  geometry: BufferGeometry;
  blocks: Block[];
  shown: Block[];
}

export class Earth {
  readonly group = new Group();
  private readonly layers: Layer[] = [];
  private readonly sight = new Frustum();
  private readonly sea = paint(SEA, { rim: { value: new Color() }, horizon: { value: 1 } }, CAP);
  private readonly ball = new Mesh(capGeometry(), this.sea);
  private readonly land = paint(SEA, { rim: { value: new Color() } });
  private readonly shore = paint(LINE, { strength: { value: 1 } });
  private readonly border = paint(LINE, { strength: { value: 0.9 } });

  constructor() {
    this.ball.frustumCulled = false;
    this.group.add(this.ball);
    const points = decoded();
    // The land is drawn over the sea; triangles turned away are dropped, which hides the far side.
    for (const m of [this.land, this.shore, this.border]) {
      m.depthTest = false;
      m.depthWrite = false;
    }
    for (const m of [this.shore, this.border]) m.transparent = true;
    const land = new Uint16Array(bytes(packed.triangles));
    this.add(1, points, [...land], 3, (g) => new Mesh(g, this.land));
    for (const [order, text, paint] of [[2, packed.borders, this.border], [3, packed.shores, this.shore]] as const) {
      const { at, index } = lines(text);
      this.add(order, at, index, 2, (g) => new LineSegments(g, paint));
    }
  }

  /** Turn the sea to the eye, and leave out the blocks behind the horizon and beside the window. */
  cull(camera: PerspectiveCamera): void {
    const eye = camera.position;
    const horizon = Math.acos(Math.min(1, 1 / eye.length()));
    this.ball.quaternion.setFromUnitVectors(new Vector3(0, 0, 1), eye.clone().normalize());
    this.sea.uniforms["horizon"]!.value = horizon;
    this.sight.setFromProjectionMatrix(
      new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse),
    );
    for (const layer of this.layers) {
      const seen = layer.blocks.filter(
        ({ middle, radius, ball }) => middle.angleTo(eye) < horizon + radius && this.sight.intersectsSphere(ball),
      );
      show(layer, seen);
    }
  }

  private add(
    order: number,
    points: Float32Array,
    index: number[],
    corners: number,
    make: (geometry: BufferGeometry) => Object3D,
  ): void {
    const held = blocks(points, index, corners).map((inside): Block => {
      const ends = inside.map((i) => new Vector3().fromArray(points, 3 * i));
      const ball = new Sphere().setFromPoints(ends);
      const middle = ball.center.clone().normalize();
      return { index: Uint32Array.from(inside), middle, radius: Math.max(...ends.map((p) => middle.angleTo(p))), ball };
    });
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(points, 3));
    geometry.setIndex(new BufferAttribute(new Uint32Array(index.length), 1));
    const part = make(geometry);
    part.renderOrder = order;
    part.frustumCulled = false;
    this.layers.push({ geometry, blocks: held, shown: [] });
    this.group.add(part);
  }

  dress(p: Palette): void {
    const set = (m: ShaderMaterial, color: string, rim?: string): void => {
      m.uniforms["color"]!.value = shade(color);
      if (rim !== undefined) m.uniforms["rim"]!.value = shade(rim);
    };
    set(this.sea, p.sea, p.limb);
    set(this.land, p.land, p.limb);
    set(this.shore, p.shore);
    set(this.border, p.border);
  }
}

/** Only the blocks in sight, one after the other: a drawing call for each block cost more than what it draws. */
function show(layer: Layer, seen: Block[]): void {
  if (seen.length === layer.shown.length && seen.every((b, i) => b === layer.shown[i])) return;
  layer.shown = seen;
  const index = layer.geometry.index!;
  let count = 0;
  for (const block of seen) {
    (index.array as Uint32Array).set(block.index, count);
    count += block.index.length;
  }
  index.needsUpdate = true;
  layer.geometry.setDrawRange(0, count);
}

/** Rings about the axis; a point is (share of the way to the horizon, cosine, sine). */
function capGeometry(rings = 8, steps = 144): BufferGeometry {
  const at: number[] = [];
  const index: number[] = [];
  for (let r = 0; r <= rings; r++) {
    for (let i = 0; i <= steps; i++) {
      const turn = (2 * Math.PI * i) / steps;
      at.push(Math.sin((r / rings) * (Math.PI / 2)), Math.cos(turn), Math.sin(turn));
      const k = r * (steps + 1) + i;
      if (r < rings && i < steps) index.push(k, k + steps + 1, k + 1, k + 1, k + steps + 1, k + steps + 2);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(Float32Array.from(at), 3));
  geometry.setIndex(index);
  return geometry;
}

/** Triangles or lines by the block of the globe in which they begin. */
function blocks(points: Float32Array, index: number[], corners: number): number[][] {
  const found = new Map<string, number[]>();
  const at = new Vector3();
  for (let i = 0; i < index.length; i += corners) {
    at.fromArray(points, 3 * index[i]!);
    const key = `${Math.floor(Math.asin(at.y) / BLOCK)},${Math.floor(Math.atan2(-at.z, at.x) / BLOCK)}`;
    const held = found.get(key) ?? [];
    found.set(key, held);
    for (let k = 0; k < corners; k++) held.push(index[i + k]!);
  }
  return [...found.values()];
}

function decoded(): Float32Array {
  const points = new Int16Array(bytes(packed.points));
  const at = new Float32Array((points.length / 2) * 3);
  for (let i = 0; i < points.length / 2; i++) {
    place(points[2 * i + 1]! / 100, points[2 * i]! / 100).toArray(at, 3 * i);
  }
  return at;
}

function lines(text: string): { at: Float32Array; index: number[] } {
  const numbers = new Int16Array(bytes(text));
  const at: number[] = [];
  const index: number[] = [];
  for (let i = 0; i < numbers.length; ) {
    const count = numbers[i++]!;
    for (let k = 0; k < count; k++, i += 2) {
      const here = at.length / 3;
      at.push(...place(numbers[i + 1]! / 100, numbers[i]! / 100));
      const apart = k > 0 && Math.abs(numbers[i]! - numbers[i - 2]!) > 1000;
      if (k > 0 && !apart) index.push(here - 1, here);
    }
  }
  return { at: Float32Array.from(at), index };
}
