/** Who is here, and which clone they meet: the few calls before the line opens. */
const DEVICE_KEY = "selfsame.device";
const RESUME_KEY = "selfsame.conversation";

export interface CloneSummary {
  slug: string;
  name: string;
  greeting: string;
}

/** The server's answer to the wish to talk. */
export interface SessionGrant {
  token: string;
  wsUrl: string;
  expiresAt: string | number | null;
  clone: CloneSummary;
  owner: boolean;
}

/** The server refused or cannot be reached; `message` is for the user. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/** This browser's own id, made at the first visit (WEB-05). */
export function deviceId(): string {
  try {
    const kept = localStorage.getItem(DEVICE_KEY);
    if (kept !== null && kept !== "") return kept;
    const fresh = newId();
    localStorage.setItem(DEVICE_KEY, fresh);
    return fresh;
  } catch {
    return newId(); // storage is switched off: a new device on every visit
  }
}

/** A random UUID, also on pages where crypto.randomUUID is held back (http in a local network). */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export async function requestSession(clone: string | null): Promise<SessionGrant> {
  const body = JSON.stringify({ deviceId: deviceId(), ...(clone === null ? {} : { clone }) });
  const headers = { "content-type": "application/json" };
  const grant = await call("/api/sessions", { method: "POST", headers, body });
  if (!isGrant(grant)) throw new ApiError("The server gave an answer this page does not understand.", "BAD_ANSWER");
  return { ...grant, clone: withGreeting(grant.clone) };
}

/** The clones this visitor may meet. */
export async function listClones(token: string): Promise<CloneSummary[]> {
  const answer = await call("/api/clones", { headers: { authorization: `Bearer ${token}` } });
  const list = (answer as { clones?: unknown } | null)?.clones;
  return Array.isArray(list) ? list.filter(isClone).map(withGreeting) : [];
}

/** The text of a file of the clone's, such as its face. Aborted by the signal, and by itself after half a minute. */
export async function loadText(url: string, token: string, signal: AbortSignal): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(30_000)]);
  const own = new URL(url, location.href).origin === location.origin; // the token is not for others
  const response = await fetch(url, { signal: limit, ...(own ? { headers: { authorization: `Bearer ${token}` } } : {}) });
  if (!response.ok) throw errorOf(response.status, null);
  return response.text();
}

/** Where the socket is: VITE_WS_URL when the build sets it (WEB-10), else what the server said. */
export function socketUrl(grant: SessionGrant, override: string | undefined, page: string): string {
  const url = new URL(override !== undefined && override !== "" ? override : grant.wsUrl || "/ws/chat", page);
  if (url.protocol === "http:") url.protocol = "ws:";
  if (url.protocol === "https:") url.protocol = "wss:";
  return url.href;
}

async function call(path: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    console.error("the server cannot be reached", error);
    throw new ApiError("The server cannot be reached. Is it running?", "UNREACHABLE");
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw errorOf(response.status, body);
  return body;
}

function errorOf(status: number, body: unknown): ApiError {
  const error = (body as { error?: { code?: unknown; message?: unknown } } | null)?.error;
  const message = typeof error?.message === "string" ? error.message : `The server answered with ${status}.`;
  return new ApiError(sentence(message), typeof error?.code === "string" ? error.code : `HTTP_${status}`);
}

/** A server's terse message as a sentence. */
function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

function isClone(value: unknown): value is { slug: string; name: string; greeting?: string } {
  const record = value as Record<string, unknown> | null;
  return typeof record === "object" && typeof record?.slug === "string" && typeof record.name === "string";
}

function withGreeting(clone: { slug: string; name: string; greeting?: string }): CloneSummary {
  return { ...clone, greeting: clone.greeting ?? "" };
}

function isGrant(value: unknown): value is SessionGrant {
  const record = value as Record<string, unknown> | null;
  return typeof record === "object" && typeof record?.token === "string" && isClone(record.clone);
}

// --- a conversation survives a reload of the page ---

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
