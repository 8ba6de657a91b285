/** Where a chart's lines go. Pure. */

interface Size {
  width: number;
  height: number;
  /** The value at the upper edge. */
  top: number;
  /** How many points there are from edge to edge. */
  count: number;
}

/** A path through the known values; it breaks where nothing is known, and a value alone is a short stroke. */
export function linePath(values: readonly (number | null)[], { width, height, top, count }: Size): string {
  const step = count > 1 ? width / (count - 1) : width;
  const at = (index: number, value: number): string => `${round(index * step)} ${round(height - (Math.min(value, top) / top) * (height - 2) - 1)}`;
  let path = "";
  values.forEach((value, index) => {
    if (value === null) return;
    const before = index > 0 ? (values[index - 1] ?? null) : null;
    const after = values[index + 1] ?? null;
    path += `${before === null ? "M" : "L"}${at(index, value)}`;
    if (before === null && after === null) path += `h${round(Math.min(6, Math.max(2, step / 2)))}`;
  });
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The next of 1, 2, 5, 10, 20, 50 … that is not below. */
export function niceTop(most: number): number {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const part = [1, 2, 5, 10].find((one) => one * power >= most * 0.999) ?? 10;
  return part * power;
}
