/** What this browser remembers of its user's wishes. */
const SENSITIVITY = "selfsame.sensitivity";
const CAPTIONS = "selfsame.captions";
const MICROPHONE = "selfsame.microphone";
const SPEAKER = "selfsame.speaker";

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is switched off
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // storage is switched off: the next visit begins as the first
  }
}

/** How readily speech counts as such and stops the clone, 0..1; null when it was never chosen. */
export function keptSensitivity(): number | null {
  const kept = read(SENSITIVITY);
  const value = kept === null || kept === "" ? NaN : Number(kept);
  return value >= 0 && value <= 1 ? value : null;
}

export function keepSensitivity(value: number): void {
  write(SENSITIVITY, String(value));
}

export function keptCaptions(): boolean {
  return read(CAPTIONS) !== "off";
}

export function keepCaptions(on: boolean): void {
  write(CAPTIONS, on ? "on" : "off");
}

/** The chosen devices; "" is the system's choice. */
export function keptDevices(): { microphone: string; speaker: string } {
  return { microphone: read(MICROPHONE) ?? "", speaker: read(SPEAKER) ?? "" };
}

export function keepDevice(kind: "microphone" | "speaker", id: string): void {
  write(kind === "microphone" ? MICROPHONE : SPEAKER, id);
}
