/** Whether the server answers: what every request finds out, told to the page. */

/** `never`: it has not answered since this page was loaded. `away`: it has answered, and does no more. */
export type Reach = "fine" | "never" | "away";

let answered = false;
let silent = false;
const listeners = new Set<() => void>();

export function reach(): Reach {
  if (!silent) return "fine";
  return answered ? "away" : "never";
}

export function onReach(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(change: () => void): void {
  const before = reach();
  change();
  if (reach() === before) return;
  for (const listener of [...listeners]) listener();
}

/** The server has answered, whatever it said. */
export function noteAnswer(): void {
  tell(() => {
    answered = true;
    silent = false;
  });
}

/** A request got no answer. One that was given up by the page itself says nothing. */
export function noteFailure(error: unknown): void {
  const name = error instanceof Error ? error.name : "";
  if (name !== "TypeError" && name !== "TimeoutError") return;
  tell(() => {
    silent = true;
  });
}

/** Asks for as little as possible. */
export async function probe(): Promise<boolean> {
  try {
    await fetch("/health/live", { cache: "no-store", signal: AbortSignal.timeout(5000) });
    noteAnswer();
    return true;
  } catch (error) {
    noteFailure(error);
    return false;
  }
}
