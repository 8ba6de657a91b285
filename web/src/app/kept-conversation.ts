/** A conversation survives a reload of the page. */
const RESUME_KEY = "selfsame.conversation";

export interface KeptConversation {
  clone: string;
  sessionId: string;
}

export function keepConversation(kept: KeptConversation | null): void {
  try {
    if (kept === null) sessionStorage.removeItem(RESUME_KEY);
    else sessionStorage.setItem(RESUME_KEY, JSON.stringify(kept));
  } catch {
    // storage is switched off: a reload begins a new conversation
  }
}

export function keptConversation(clone: string): KeptConversation | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(RESUME_KEY) ?? "null") as KeptConversation | null;
    return kept?.clone === clone && typeof kept.sessionId === "string" ? kept : null;
  } catch {
    return null;
  }
}
