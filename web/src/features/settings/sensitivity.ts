/** The talk page of this browser begins with what was chosen last, there or here. */
const KEY = "selfsame.sensitivity";

export function keepSensitivity(value: number): void {
  try {
    localStorage.setItem(KEY, String(value));
  } catch {
    // storage is switched off: the server's setting counts
  }
}
