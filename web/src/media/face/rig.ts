/** The clone's face as a file: one photo made movable, "selfsame-face/1" (selfsame/face/rig_file.py says what is in it). */
import { bytesFromBase64, WireError } from "@/wire/codec";

export type Bytes = Uint8Array<ArrayBuffer>;
export type Place = readonly [number, number];

export interface Eye {
  x: number;
  y: number;
  width: number;
  height: number;
  count: number;
  /** JPEG: the patches side by side, from open to shut. */
  patches: Bytes;
}

export interface Mouth {
  seam: Place;
  width: number;
  /** The mouth's x axis, to the right as seen. */
  right: Place;
  jaw: Place;
  gum: number;
  /** PNG with transparency. */
  cavity: Bytes;
  tongue: Bytes;
  lower: Bytes;
  upper: Bytes;
}

/** The contours of the lips: 11 vertex numbers each, from left to right as seen. */
export type Lips = Record<"upperOuter" | "lowerOuter" | "upperInner" | "lowerInner", readonly number[]>;

/** All places are pixels of the square texture, x to the right and y down. n vertices, m triangles, k shapes. */
export interface Rig {
  size: number;
  /** JPEG. */
  texture: Bytes;
  /** (n, 2) */
  vertices: Float32Array;
  /** (m, 3) */
  triangles: Uint16Array;
  shapes: readonly string[];
  /** Pixels per step of the deltas, for each shape. */
  deltaScale: readonly number[];
  /** (k, n, 2) */
  deltas: Int8Array;
  /** (n, 2) */
  neutral: Float32Array;
  /** (c, 3): vertex, lip pair 0..10, share. */
  closing: Float32Array;
  depth: Float32Array;
  follow: Float32Array;
  pivot: Place;
  lips: Lips;
  mouth: Mouth;
  eyes: { left: Eye; right: Eye };
}

/** The file is no rig that can be drawn; the message says what is wrong with it. */
export class RigError extends Error {}

export const RIG_FORMAT = "selfsame-face/1";
export const LIP_PAIRS = 11;
const MAX_VERTICES = 4096;
const MAX_TRIANGLES = 8192;
const MAX_SHAPES = 128;
const MAX_CLOSING = 1024;
const MAX_PATCHES = 16;
const SIZES = { least: 64, most: 2048 };

/** Reads a rig's JSON text. Throws RigError on anything that could not be drawn. Unknown keys are ignored. */
export function readRig(text: string): Rig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RigError("the face's file is not JSON");
  }
  const part = new Part(value, "the face's file");
  if (part.text("format") !== RIG_FORMAT) throw new RigError(`the face's file is not of the format ${RIG_FORMAT}`);
  return readWhole(part);
}

function readWhole(part: Part): Rig {
  const size = part.integer("size", SIZES.least, SIZES.most);
  const far = 4 * size;
  const vertices = part.floats("vertices", 2, MAX_VERTICES, far);
  const n = vertices.length / 2;
  const shapes = part.names("shapes");
  const closing = part.floats("closing", 3, MAX_CLOSING, n);
  checkClosing(closing, n);
  return {
    size,
    texture: part.bytes("texture"),
    vertices,
    triangles: trianglesOf(part, n),
    shapes,
    deltaScale: part.numbers("deltaScale", shapes.length, size),
    deltas: part.steps("deltas", shapes.length * n * 2),
    neutral: part.floats("neutral", 2, n, far, n),
    closing,
    depth: part.floats("depth", 1, n, far, n),
    follow: part.floats("follow", 1, n, 4, n),
    pivot: part.place("pivot", far),
    lips: lipsOf(part.part("lips"), n),
    mouth: mouthOf(part.part("mouth"), size),
    eyes: { left: eyeOf(part.part("eyes").part("left"), size), right: eyeOf(part.part("eyes").part("right"), size) },
  };
}

function trianglesOf(part: Part, n: number): Uint16Array {
  const bytes = part.bytes("triangles");
  if (bytes.byteLength === 0 || bytes.byteLength % 6 !== 0 || bytes.byteLength / 6 > MAX_TRIANGLES) throw part.wrong("triangles");
  const triangles = new Uint16Array(bytes.buffer);
  if (triangles.some((vertex) => vertex >= n)) throw part.wrong("triangles");
  return triangles;
}

function checkClosing(closing: Float32Array, n: number): void {
  for (let i = 0; i < closing.length; i += 3) {
    const [vertex = -1, pair = -1] = closing.subarray(i, i + 2);
    const known = Number.isInteger(vertex) && vertex >= 0 && vertex < n && Number.isInteger(pair) && pair >= 0 && pair < LIP_PAIRS;
    if (!known) throw new RigError("the face's file closes lips that are not there");
  }
}

function lipsOf(part: Part, n: number): Lips {
  return {
    upperOuter: part.integers("upperOuter", LIP_PAIRS, n),
    lowerOuter: part.integers("lowerOuter", LIP_PAIRS, n),
    upperInner: part.integers("upperInner", LIP_PAIRS, n),
    lowerInner: part.integers("lowerInner", LIP_PAIRS, n),
  };
}

function mouthOf(part: Part, size: number): Mouth {
  const right = part.place("right", 1.01);
  if (Math.abs(Math.hypot(...right) - 1) > 0.02) throw part.wrong("right");
  return {
    seam: part.place("seam", size),
    width: part.number("width", 1, size),
    right,
    jaw: part.place("jaw", size),
    gum: part.number("gum", 0, 1),
    cavity: part.bytes("cavity"),
    tongue: part.bytes("tongue"),
    lower: part.bytes("lower"),
    upper: part.bytes("upper"),
  };
}

function eyeOf(part: Part, size: number): Eye {
  const width = part.integer("width", 1, size);
  const height = part.integer("height", 1, size);
  return {
    x: part.integer("x", 0, size - width),
    y: part.integer("y", 0, size - height),
    width,
    height,
    count: part.integer("count", 2, MAX_PATCHES),
    patches: part.bytes("patches"),
  };
}

/** An object of the file, read with suspicion: what is wrong is named. */
class Part {
  private readonly values: Record<string, unknown>;

  constructor(
    value: unknown,
    private readonly path: string,
  ) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new RigError(`${path} is not an object`);
    this.values = value as Record<string, unknown>;
  }

  wrong(key: string): RigError {
    return new RigError(`${this.path}: ${key} is ${this.values[key] === undefined ? "missing" : "wrong"}`);
  }

  part(key: string): Part {
    return new Part(this.values[key], `${this.path}: ${key}`);
  }

  text(key: string): string {
    const value = this.values[key];
    if (typeof value !== "string" || value === "") throw this.wrong(key);
    return value;
  }

  number(key: string, least: number, most: number): number {
    return this.within(key, this.values[key], least, most);
  }

  integer(key: string, least: number, most: number): number {
    const value = this.number(key, least, most);
    if (!Number.isInteger(value)) throw this.wrong(key);
    return value;
  }

  numbers(key: string, count: number, bound: number): number[] {
    return this.list(key, count).map((value) => this.within(key, value, -bound, bound));
  }

  integers(key: string, count: number, below: number): number[] {
    const values = this.list(key, count).map((value) => this.within(key, value, 0, below - 1));
    if (!values.every(Number.isInteger)) throw this.wrong(key);
    return values;
  }

  place(key: string, bound: number): Place {
    const [x = 0, y = 0] = this.numbers(key, 2, bound);
    return [x, y];
  }

  names(key: string): string[] {
    const values = this.values[key];
    if (!Array.isArray(values) || values.length === 0 || values.length > MAX_SHAPES) throw this.wrong(key);
    if (!values.every((each): each is string => typeof each === "string")) throw this.wrong(key);
    return values;
  }

  bytes(key: string): Bytes {
    try {
      return bytesFromBase64(this.text(key));
    } catch (error) {
      throw error instanceof WireError ? this.wrong(key) : error;
    }
  }

  steps(key: string, count: number): Int8Array {
    const bytes = this.bytes(key);
    if (bytes.byteLength !== count) throw this.wrong(key);
    return new Int8Array(bytes.buffer);
  }

  /** Rows of `columns` 32-bit numbers within +-`bound`: exactly `rows` of them, or 1 to `most`. */
  floats(key: string, columns: number, most: number, bound: number, rows?: number): Float32Array {
    const bytes = this.bytes(key);
    const count = bytes.byteLength / (4 * columns);
    if (!Number.isInteger(count) || count === 0 || count > most || count !== (rows ?? count)) throw this.wrong(key);
    const values = new Float32Array(bytes.buffer);
    if (!values.every((value) => Math.abs(value) <= bound)) throw this.wrong(key);
    return values;
  }

  private list(key: string, count: number): unknown[] {
    const values = this.values[key];
    if (!Array.isArray(values) || values.length !== count) throw this.wrong(key);
    return values;
  }

  private within(key: string, value: unknown, least: number, most: number): number {
    if (typeof value !== "number" || !(value >= least && value <= most)) throw this.wrong(key);
    return value;
  }
}
