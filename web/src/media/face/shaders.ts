/** The programs of the painter, in the language that both WebGL 1 and 2 read. Places are pixels of the texture. */

const HEAD = `
precision highp float;
uniform float size;
vec4 placed(vec2 p) { vec2 q = p / (size - 1.0) * 2.0 - 1.0; return vec4(q.x, -q.y, 0.0, 1.0); }
vec2 textured(vec2 p) { return (p + 0.5) / size; }
`;

/** A vertex of the mesh: drawn at \`place\`, shows the photo at \`origin\`. */
export const MESH_VERTEX = `${HEAD}
attribute vec2 place;
attribute vec2 origin;
varying vec2 from;
void main() { from = origin; gl_Position = placed(place); }
`;

export const MESH_FRAGMENT = `${HEAD}
uniform sampler2D photo;
varying vec2 from;
void main() { gl_FragColor = vec4(texture2D(photo, textured(from)).rgb, 1.0); }
`;

/** A lid: two neighbouring patches mixed, over the eye's part of the photo. \`box\` is x, y, width, height. */
export const LID_FRAGMENT = `${HEAD}
uniform sampler2D lower;
uniform sampler2D upper;
uniform vec4 box;
uniform float share;
varying vec2 from;
void main() {
  vec2 at = (from + 0.5 - box.xy) / box.zw;
  vec2 edge = min(at, 1.0 - at) * box.zw;
  float inside = clamp(min(edge.x, edge.y), 0.0, 1.0);
  vec3 lid = mix(texture2D(lower, at).rgb, texture2D(upper, at).rgb, share);
  gl_FragColor = vec4(lid * inside, inside);
}
`;

/** A corner of the mouth's strip; see mouth.ts for what it carries. */
export const MOUTH_VERTEX = `${HEAD}
attribute vec2 place;
attribute vec2 own;
attribute vec2 distances;
attribute float across;
varying vec2 at;
varying vec2 between;
varying float side;
void main() { at = own; between = distances; side = across; gl_Position = placed(place); }
`;

/**
 * Between the lips: cavity, tongue, teeth, in the rig's order, then the lips' shadow. It lies over the lips and fades
 * out on their edges; where the lips all but touch there is nothing. Sprites have their colours multiplied by their
 * opacity.
 */
export const MOUTH_FRAGMENT = `${HEAD}
uniform sampler2D cavity;
uniform sampler2D tongue;
uniform sampler2D lower;
uniform sampler2D upper;
uniform vec2 cavitySize;
uniform vec2 tongueSize;
uniform vec2 lowerSize;
uniform vec2 upperSize;
uniform float width;
uniform float gum;
uniform vec2 jaw;
uniform float tongueOut;
varying vec2 at;
varying vec2 between;
varying float side;
vec4 sprite(sampler2D picture, vec2 extent, vec2 move) {
  vec2 uv = (at + vec2(0.0, gum * width + 0.5) - move) / extent + vec2(0.5, 0.0);
  vec2 edge = clamp(min(uv, 1.0 - uv) * extent + 0.5, 0.0, 1.0);
  return texture2D(picture, uv) * edge.x * edge.y;
}
vec3 over(vec4 top, vec3 below) { return top.rgb + below * (1.0 - top.a); }
void main() {
  vec2 uv = (at + vec2(0.0, gum * width + 0.5) - 0.5 * jaw) / cavitySize + vec2(0.5, 0.0);
  vec3 colour = texture2D(cavity, uv).rgb;
  vec4 flesh = sprite(tongue, tongueSize, (0.85 - 0.6 * tongueOut) * jaw + vec2(0.0, 0.05 * width * (1.0 - tongueOut)));
  flesh.rgb *= 0.75 + 0.25 * tongueOut;
  colour = over(flesh, colour);
  colour = over(sprite(lower, lowerSize, 0.95 * jaw), colour);
  colour = over(flesh * clamp(3.0 * tongueOut - 0.5, 0.0, 1.0), colour);
  colour = over(sprite(upper, upperSize, vec2(0.0)), colour);
  float shade = (0.55 + 0.45 * smoothstep(0.0, 0.07, between.x)) * (0.7 + 0.3 * smoothstep(0.0, 0.05, between.y));
  colour *= shade * (1.0 - 0.5 * side * side);
  vec2 inward = smoothstep(vec2(-0.6), vec2(0.5 + 0.02 * width), between * width);
  float shown = inward.x * inward.y * clamp((between.x + between.y) * width - 0.3, 0.0, 1.0);
  gl_FragColor = vec4(colour * shown, shown);
}
`;
