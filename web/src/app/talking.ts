/** Whether somebody talks just now, on any page of this window: then nothing may get in between. */

const busy = new Set<object>();
const listeners = new Set<() => void>();

export function isTalking(): boolean {
  return busy.size > 0;
}

export function onTalking(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A conversation says whether it is in the midst of something; one that is left says that it is not. */
export function noteTalk(conversation: object, on: boolean): void {
  if (busy.has(conversation) === on) return;
  if (on) busy.add(conversation);
  else busy.delete(conversation);
  for (const listener of [...listeners]) listener();
}
