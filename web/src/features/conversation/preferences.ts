/** What this browser remembers of its user's wishes. */
const SENSITIVITY_KEY = "selfsame.sensitivity";

/** How readily speech counts as such and stops the clone, 0..1; null when it was never chosen. */
export function keptSensitivity(): number | null {
  try {
    const kept = localStorage.getItem(SENSITIVITY_KEY);
    const value = kept === null || kept === "" ? NaN : Number(kept);
    return value >= 0 && value <= 1 ? value : null;
  } catch {
    return null; // storage is switched off
  }
}

export function keepSensitivity(value: number): void {
  try {
    localStorage.setItem(SENSITIVITY_KEY, String(value));
  } catch {
    // storage is switched off: the next visit begins in the middle
  }
}
