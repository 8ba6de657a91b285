/** How long to wait before the n-th try to connect again (n from 1), in ms: 1, 2, 4, 8, 16, then 30 s (WIRE-19). */
export function backoffMs(attempt: number): number {
  return attempt > 5 ? 30_000 : 1000 * 2 ** (Math.max(1, attempt) - 1);
}
