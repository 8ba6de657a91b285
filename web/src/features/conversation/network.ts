/** What the browser believes of the connection's speed; null where it does not tell. */
export function downlinkMbit(): number | null {
  const { connection } = navigator as Navigator & { connection?: { downlink?: unknown } };
  const speed = connection?.downlink;
  return typeof speed === "number" && speed > 0 ? speed : null;
}
