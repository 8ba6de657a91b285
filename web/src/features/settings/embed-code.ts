/** The line of HTML that shows a clone on another site. Pure. */
export const POSITIONS = ["right", "left"] as const;
export const SIZES = ["small", "medium", "large"] as const;
export type Position = (typeof POSITIONS)[number];
export type Size = (typeof SIZES)[number];
/** Width and height of the frame; embed.js has the same. */
export const PIXELS: Record<Size, readonly [number, number]> = { small: [320, 480], medium: [380, 600], large: [460, 720] };

export function buttonCode(origin: string, clone: string, position: Position, size: Size): string {
  return `<script src="${origin}/embed.js" data-clone="${clone}" data-position="${position}" data-size="${size}" defer></script>`;
}

export function frameCode(origin: string, clone: string, size: Size): string {
  const [width, height] = PIXELS[size];
  return `<iframe src="${origin}/embed/${encodeURIComponent(clone)}" width="${width}" height="${height}" allow="microphone; autoplay" title="${clone}"></iframe>`;
}
