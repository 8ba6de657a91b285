/** A rig small enough to reckon with by hand: two lips of 11 points each, a chin, and four corners. */

const PAIRS = 11;
export const SIZE = 100;
export const CHIN = 44;

/** Vertices 0..10 upper inner lip, 11..21 lower inner lip, 22..32 upper outer, 33..43 lower outer, 44 chin, 45..48 corners. */
export function rigFile(change: Record<string, unknown> = {}): string {
  const xs = Array.from({ length: PAIRS }, (_, i) => 30 + 4 * i);
  const row = (y: number): number[] => xs.flatMap((x) => [x, y]);
  const vertices = [...row(60), ...row(60), ...row(56), ...row(66), 50, 80, 0, 0, 99, 0, 0, 99, 99, 99];
  const n = vertices.length / 2;
  const flat = (values: (number | undefined)[]): number[] => Array.from({ length: n }, (_, i) => values[i] ?? 0);
  const lower = xs.map((_, i) => PAIRS + i);
  const jaw = new Int8Array(2 * n);
  for (let i = 1; i < PAIRS - 1; i += 1) jaw[2 * (PAIRS + i) + 1] = 100;
  jaw[2 * CHIN + 1] = 120;
  const smile = new Int8Array(2 * n);
  smile[1] = -50;
  const gaze = new Int8Array(2 * n);
  gaze[0] = 40;
  const eye = { x: 20, y: 20, width: 10, height: 6, count: 2, patches: "/9j/2Q==" };
  const file = {
    format: "selfsame-face/1",
    size: SIZE,
    texture: "/9j/2Q==",
    vertices: base64(Float32Array.from(vertices)),
    triangles: base64(Uint16Array.of(45, 46, 44, 44, 47, 48)),
    shapes: ["jawOpen", "mouthSmileRight", "gazeYaw", "noseSneerLeft"],
    deltaScale: [0.2, 0.1, 0.1, 1],
    deltas: base64(Int8Array.of(...jaw, ...smile, ...gaze, ...new Int8Array(2 * n).fill(9))),
    neutral: base64(Float32Array.from({ length: 2 * n }, (_, i) => (i === 2 * CHIN ? 1 : 0))),
    closing: base64(Float32Array.from(lower.flatMap((vertex, i) => [i, i, 0.25, vertex, i, -0.75]))),
    depth: base64(Float32Array.from(flat(new Array<number>(45).fill(10)))),
    follow: base64(Float32Array.from(flat(new Array<number>(45).fill(1)))),
    pivot: [50, 90],
    lips: {
      upperInner: xs.map((_, i) => i),
      lowerInner: lower,
      upperOuter: xs.map((_, i) => 2 * PAIRS + i),
      lowerOuter: xs.map((_, i) => 3 * PAIRS + i),
    },
    mouth: { seam: [50, 60], width: 40, right: [1, 0], jaw: [0, 18], gum: 0.1, teeth: 0.2, cavity: "iVBO", tongue: "iVBO", lower: "iVBO", upper: "iVBO" },
    eyes: { left: eye, right: { ...eye, x: 70 } },
  };
  return JSON.stringify({ ...file, ...change });
}

export function base64(values: Float32Array | Uint16Array | Int8Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}

/** The place of a vertex. */
export function at(places: Float32Array, vertex: number): [number, number] {
  return [places[2 * vertex] ?? NaN, places[2 * vertex + 1] ?? NaN];
}

