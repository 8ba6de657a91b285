/** Draws a rig with WebGL: the face's mesh, the inside of the mouth between its lips, the lids over its eyes. */
import { Deformer, type MouthPose } from "./deform";
import { contextOf, filled, PainterError, Program, textureOf, type GL } from "./gl";
import { CORNERS, MouthStrip, STRIDE } from "./mouth";
import { AT, type Pose } from "./pose";
import type { Bytes, Eye, Rig } from "./rig";
import { LID_FRAGMENT, MESH_FRAGMENT, MESH_VERTEX, MOUTH_FRAGMENT, MOUTH_VERTEX } from "./shaders";

/** The rig's pictures, unpacked. Colours of pictures with transparency are multiplied by it. */
export interface RigPictures {
  photo: ImageBitmap;
  sprites: Record<SpriteName, ImageBitmap>;
  lids: Record<Side, ImageBitmap[]>;
}

const SPRITES = ["cavity", "tongue", "lower", "upper"] as const;
type SpriteName = (typeof SPRITES)[number];
const SIDES = ["left", "right"] as const;
type Side = (typeof SIDES)[number];
/** Lids are drawn from this weight on; below it the photo's own eye is shown. */
const LID_FROM = 0.004;
/** Pixels: lips nearer than this are shut. */
const LEAST_GAP = 0.5;

let drawable: boolean | null = null;

/** Whether this browser has WebGL, in hardware or software. */
export function canPaint(): boolean {
  drawable ??= tryWebGL();
  return drawable;
}

function tryWebGL(): boolean {
  if (typeof WebGLRenderingContext === "undefined") return false;
  const gl = contextOf(document.createElement("canvas"), false);
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return gl !== null;
}

/** Unpacks the rig's pictures, off the main thread where the browser can. Throws PainterError when one is spoilt. */
export async function unpackPictures(rig: Rig): Promise<RigPictures> {
  const picture = (bytes: Bytes, type: string): Promise<ImageBitmap> => createImageBitmap(new Blob([bytes], { type }));
  const sprite = (name: SpriteName): Promise<ImageBitmap> => picture(rig.mouth[name], "image/png");
  try {
    const photo = await picture(rig.texture, "image/jpeg");
    const [cavity, tongue, lower, upper] = await Promise.all([sprite("cavity"), sprite("tongue"), sprite("lower"), sprite("upper")]);
    const [left, right] = await Promise.all([lidsOf(rig.eyes.left), lidsOf(rig.eyes.right)]);
    if (photo.width !== rig.size || photo.height !== rig.size) throw new Error("the photo is of another size");
    return { photo, sprites: { cavity, tongue, lower, upper }, lids: { left, right } };
  } catch (error) {
    throw new PainterError("bad-picture", `a picture in the face's file cannot be read: ${String(error)}`);
  }
}

async function lidsOf(eye: Eye): Promise<ImageBitmap[]> {
  const strip = await createImageBitmap(new Blob([eye.patches], { type: "image/jpeg" }));
  if (strip.width !== eye.width * eye.count || strip.height !== eye.height) throw new Error("the lids are of another size");
  const patches = Array.from({ length: eye.count }, (_, i) => createImageBitmap(strip, i * eye.width, 0, eye.width, eye.height));
  const lids = await Promise.all(patches);
  strip.close();
  return lids;
}

export interface PainterOptions {
  /** The drawing can be read back later, for measurements. */
  kept?: boolean;
  /** The context was lost (false) or is back (true). */
  onContext?: (alive: boolean) => void;
}

export class Painter {
  private readonly gl: GL;
  private readonly deformer: Deformer;
  private readonly strip: MouthStrip;
  private scene: Scene | null = null;
  private readonly lost: (event: Event) => void;
  private readonly restored: () => void;

  /** Throws PainterError when the canvas gives no WebGL. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    rig: Rig,
    pictures: RigPictures,
    options: PainterOptions = {},
  ) {
    const gl = contextOf(canvas, options.kept ?? false);
    if (gl === null) throw new PainterError("no-webgl", "this browser gives no WebGL");
    this.gl = gl;
    this.deformer = new Deformer(rig);
    this.strip = new MouthStrip(rig, this.deformer);
    this.lost = (event) => {
      event.preventDefault(); // or it would never come back
      this.scene = null;
      options.onContext?.(false);
    };
    this.restored = () => {
      this.scene = new Scene(gl, rig, pictures);
      options.onContext?.(true);
    };
    canvas.addEventListener("webglcontextlost", this.lost);
    canvas.addEventListener("webglcontextrestored", this.restored);
    if (!gl.isContextLost()) this.scene = new Scene(gl, rig, pictures);
  }

  /** Whether there is a context to draw with. */
  get alive(): boolean {
    return this.scene !== null;
  }

  /** Draws the pose over the whole canvas. Nothing happens while the context is lost. */
  paint(pose: Pose): void {
    if (this.scene === null) return;
    this.deformer.apply(pose);
    this.strip.update();
    this.gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    this.scene.draw(this.deformer, this.strip, pose);
  }

  /** Gives the graphics memory back. */
  close(): void {
    this.canvas.removeEventListener("webglcontextlost", this.lost);
    this.canvas.removeEventListener("webglcontextrestored", this.restored);
    this.scene?.free();
    this.scene = null;
  }
}

interface Lid {
  textures: WebGLTexture[];
  triangles: WebGLBuffer;
  count: number;
  eye: Eye;
  channel: number;
}

/** Everything that lives in the graphics memory; made anew when the context was lost. */
class Scene {
  private readonly mesh: Program;
  private readonly mouth: Program;
  private readonly lid: Program;
  private readonly photo: WebGLTexture;
  private readonly sprites: WebGLTexture[];
  private readonly lids: Lid[];
  private readonly places: WebGLBuffer;
  private readonly origins: WebGLBuffer;
  private readonly corners: WebGLBuffer;
  private readonly triangles: WebGLBuffer;

  constructor(
    private readonly gl: GL,
    private readonly rig: Rig,
    pictures: RigPictures,
  ) {
    this.mesh = new Program(gl, MESH_VERTEX, MESH_FRAGMENT);
    this.mouth = new Program(gl, MOUTH_VERTEX, MOUTH_FRAGMENT);
    this.lid = new Program(gl, MESH_VERTEX, LID_FRAGMENT);
    this.photo = textureOf(gl, pictures.photo);
    this.sprites = SPRITES.map((name) => textureOf(gl, pictures.sprites[name]));
    this.places = gl.createBuffer();
    this.corners = gl.createBuffer();
    this.origins = filled(gl, gl.ARRAY_BUFFER, rig.vertices);
    this.triangles = filled(gl, gl.ELEMENT_ARRAY_BUFFER, rig.triangles);
    this.lids = SIDES.map((side) => this.lidOf(side, pictures.lids[side]));
    this.setConstants(pictures);
  }

  draw(deformer: Deformer, strip: MouthStrip, pose: Pose): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.corners);
    gl.bufferData(gl.ARRAY_BUFFER, strip.corners, gl.STREAM_DRAW);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.places);
    gl.bufferData(gl.ARRAY_BUFFER, deformer.positions, gl.STREAM_DRAW);
    gl.disable(gl.BLEND);
    this.drawFace();
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.drawMouth(deformer.mouth);
    for (const lid of this.lids) this.drawLid(lid, pose[lid.channel] ?? 0);
  }

  free(): void {
    const { gl } = this;
    for (const program of [this.mesh, this.mouth, this.lid]) program.free();
    for (const texture of [this.photo, ...this.sprites, ...this.lids.flatMap(({ textures }) => textures)]) gl.deleteTexture(texture);
    for (const buffer of [this.places, this.origins, this.corners, this.triangles]) gl.deleteBuffer(buffer);
    for (const { triangles } of this.lids) gl.deleteBuffer(triangles);
  }

  /** The opening of the mouth in the lips' own colour, so that a closing mouth leaves no crack; then the mesh. */
  private drawFace(): void {
    const { gl } = this;
    this.mesh.use();
    this.bind(0, this.photo);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.corners);
    this.mesh.attribute("place", 2, STRIDE, 0);
    this.mesh.attribute("origin", 2, STRIDE, 7);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, CORNERS);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.places);
    this.mesh.attribute("place", 2, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.origins);
    this.mesh.attribute("origin", 2, 0, 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.triangles);
    gl.drawElements(gl.TRIANGLES, this.rig.triangles.length, gl.UNSIGNED_SHORT, 0);
  }

  private drawMouth(mouth: MouthPose): void {
    if (mouth.gap < LEAST_GAP) return;
    const { gl } = this;
    this.mouth.use();
    this.sprites.forEach(this.bindSprite);
    gl.uniform2f(this.mouth.uniform("jaw"), this.alongMouth(mouth.jawX, mouth.jawY), this.downMouth(mouth.jawX, mouth.jawY));
    gl.uniform1f(this.mouth.uniform("tongueOut"), mouth.tongueOut);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.corners);
    this.mouth.attribute("place", 2, STRIDE, 0);
    this.mouth.attribute("own", 2, STRIDE, 2);
    this.mouth.attribute("distances", 2, STRIDE, 4);
    this.mouth.attribute("across", 1, STRIDE, 6);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, CORNERS);
  }

  private drawLid(lid: Lid, weight: number): void {
    if (weight < LID_FROM) return;
    const { gl } = this;
    const place = Math.min(1, weight) * (lid.textures.length - 1);
    const index = Math.min(Math.floor(place), lid.textures.length - 2);
    this.lid.use();
    this.bind(0, lid.textures[index]);
    this.bind(1, lid.textures[index + 1]);
    gl.uniform4f(this.lid.uniform("box"), lid.eye.x, lid.eye.y, lid.eye.width, lid.eye.height);
    gl.uniform1f(this.lid.uniform("share"), place - index);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.places);
    this.lid.attribute("place", 2, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.origins);
    this.lid.attribute("origin", 2, 0, 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, lid.triangles);
    gl.drawElements(gl.TRIANGLES, lid.count, gl.UNSIGNED_SHORT, 0);
  }

  private readonly bindSprite = (texture: WebGLTexture, index: number): void => {
    this.bind(index, texture);
  };

  private bind(unit: number, texture: WebGLTexture | undefined): void {
    this.gl.activeTexture(this.gl.TEXTURE0 + unit);
    this.gl.bindTexture(this.gl.TEXTURE_2D, texture ?? null);
  }

  private alongMouth(x: number, y: number): number {
    return x * this.rig.mouth.right[0] + y * this.rig.mouth.right[1];
  }

  private downMouth(x: number, y: number): number {
    return y * this.rig.mouth.right[0] - x * this.rig.mouth.right[1];
  }

  private setConstants(pictures: RigPictures): void {
    const { gl, rig } = this;
    for (const program of [this.mesh, this.mouth, this.lid]) {
      program.use();
      gl.uniform1f(program.uniform("size"), rig.size);
    }
    this.mesh.use();
    gl.uniform1i(this.mesh.uniform("photo"), 0);
    this.lid.use();
    gl.uniform1i(this.lid.uniform("lower"), 0);
    gl.uniform1i(this.lid.uniform("upper"), 1);
    this.mouth.use();
    gl.uniform1f(this.mouth.uniform("width"), rig.mouth.width);
    gl.uniform1f(this.mouth.uniform("gum"), rig.mouth.gum);
    SPRITES.forEach((name, index) => {
      gl.uniform1i(this.mouth.uniform(name), index);
      gl.uniform2f(this.mouth.uniform(`${name}Size`), pictures.sprites[name].width, pictures.sprites[name].height);
    });
  }

  private lidOf(side: Side, patches: ImageBitmap[]): Lid {
    const eye = this.rig.eyes[side];
    const own = trianglesIn(this.rig, eye);
    return {
      textures: patches.map((patch) => textureOf(this.gl, patch)),
      triangles: filled(this.gl, this.gl.ELEMENT_ARRAY_BUFFER, own),
      count: own.length,
      eye,
      channel: side === "left" ? AT.eyeBlinkLeft : AT.eyeBlinkRight,
    };
  }
}

/** The triangles that show any of the eye's part of the photo. */
export function trianglesIn({ triangles, vertices }: Rig, { x, y, width, height }: Eye): Uint16Array {
  const own: number[] = [];
  for (let i = 0; i < triangles.length; i += 3) {
    const three = [...triangles.subarray(i, i + 3)];
    const xs = three.map((vertex) => vertices[2 * vertex] ?? 0);
    const ys = three.map((vertex) => vertices[2 * vertex + 1] ?? 0);
    const apart = Math.max(...xs) < x - 1 || Math.min(...xs) > x + width || Math.max(...ys) < y - 1 || Math.min(...ys) > y + height;
    if (!apart) own.push(...three);
  }
  return Uint16Array.from(own);
}
