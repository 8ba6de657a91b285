/** The little that the painter needs around WebGL: a context, buffers, textures, programs. */

export type PainterProblem = "no-webgl" | "webgl-failed" | "bad-picture";

/** The face cannot be drawn here. */
export class PainterError extends Error {
  constructor(
    readonly problem: PainterProblem,
    message: string,
  ) {
    super(message);
  }
}

export type GL = WebGLRenderingContext | WebGL2RenderingContext;

/**
 * WebGL 2, or 1, or null. `kept`: what is drawn can be read back later. The one edge that shows, that of the lips, fades
 * by itself: smoothing all edges would halve the frames where WebGL is done in software.
 */
export function contextOf(canvas: HTMLCanvasElement, kept: boolean): GL | null {
  const wish: WebGLContextAttributes = { alpha: false, antialias: false, depth: false, preserveDrawingBuffer: kept };
  return canvas.getContext("webgl2", wish) ?? canvas.getContext("webgl", wish);
}

export function filled(gl: GL, target: GLenum, data: Float32Array | Uint16Array): WebGLBuffer {
  const buffer = gl.createBuffer();
  gl.bindBuffer(target, buffer);
  gl.bufferData(target, data, gl.STATIC_DRAW);
  return buffer;
}

/** A texture with smaller copies of itself, so that a small face does not shimmer. */
export function textureOf(gl: GL, picture: ImageBitmap): WebGLTexture {
  const texture = gl.createTexture();
  const power = (edge: number): boolean => (edge & (edge - 1)) === 0;
  const copies = "texStorage2D" in gl || (power(picture.width) && power(picture.height));
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, picture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, copies ? gl.LINEAR_MIPMAP_LINEAR : gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  if (copies) gl.generateMipmap(gl.TEXTURE_2D);
  return texture;
}

/** A linked program; its uniforms and attributes are looked up once. */
export class Program {
  private readonly program: WebGLProgram;
  private readonly uniforms = new Map<string, WebGLUniformLocation | null>();
  private readonly attributes = new Map<string, number>();

  constructor(
    private readonly gl: GL,
    vertex: string,
    fragment: string,
  ) {
    this.program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
      const shader = gl.createShader(kind);
      if (shader === null) throw new PainterError("webgl-failed", "WebGL makes no shader");
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(this.program, shader);
    }
    gl.linkProgram(this.program);
    const linked = gl.getProgramParameter(this.program, gl.LINK_STATUS) as boolean;
    if (!linked && !gl.isContextLost()) {
      throw new PainterError("webgl-failed", `WebGL refuses a program: ${gl.getProgramInfoLog(this.program) ?? ""}`);
    }
  }

  use(): void {
    this.gl.useProgram(this.program);
  }

  uniform(name: string): WebGLUniformLocation | null {
    let found = this.uniforms.get(name);
    if (found === undefined) {
      found = this.gl.getUniformLocation(this.program, name);
      this.uniforms.set(name, found);
    }
    return found;
  }

  /** Reads the attribute from the bound buffer: `count` numbers, `stride` and `offset` in numbers. */
  attribute(name: string, count: number, stride: number, offset: number): void {
    let at = this.attributes.get(name);
    if (at === undefined) {
      at = this.gl.getAttribLocation(this.program, name);
      this.attributes.set(name, at);
    }
    if (at < 0) return;
    this.gl.enableVertexAttribArray(at);
    this.gl.vertexAttribPointer(at, count, this.gl.FLOAT, false, 4 * stride, 4 * offset);
  }

  free(): void {
    this.gl.deleteProgram(this.program);
  }
}
