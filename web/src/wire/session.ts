/**
 * Who is here: the bearer token of this visit. It is kept in memory alone, asked for when first needed, and renewed once
 * when the server no longer takes it. `authorizedFetch` is the only way by which requests get it.
 */
import { ApiError, asApiError, errorOf } from "./api-error";
import type { Session } from "./api/types.gen";
import { deviceId } from "./device";
import { noteAnswer, noteFailure } from "./reach";

/** The server's answer to the wish to talk. */
export type SessionGrant = Session;

const ANSWER_MS = 10_000;
const FETCH_MS = 30_000;

let current: SessionGrant | null = null;
let coming: Promise<SessionGrant> | null = null;
const listeners = new Set<() => void>();

/** The session now; null before the first was given. */
export function currentSession(): SessionGrant | null {
  return current;
}

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function adopt(grant: SessionGrant | null): void {
  current = grant;
  for (const listener of listeners) listener();
}

/** A fresh grant, to meet that clone or the one that is met by default. */
export async function requestSession(clone: string | null): Promise<SessionGrant> {
  const grant = await post("/api/sessions", { deviceId: deviceId(), ...(clone === null ? {} : { clone }) });
  adopt(grant);
  return grant;
}

/** Trades a one-time code, which `selfsame sign-in` prints, for the owner's session on this device. */
export async function signIn(code: string): Promise<SessionGrant> {
  const grant = await post("/api/sign-in", { code, deviceId: deviceId() });
  adopt(grant);
  return grant;
}

/** Signs this browser out: the server takes neither its cookie nor its tokens any more. Raises ApiError. */
export async function leaveAccount(): Promise<void> {
  const answer = await send("/api/sign-out", { method: "POST", signal: AbortSignal.timeout(ANSWER_MS) }).catch((error: unknown) => {
    throw asApiError(error);
  });
  if (!answer.ok) throw errorOf(answer.status, await answer.json().catch(() => null));
  forgetSession();
}

/** Forgets the token; the next request asks for another. */
export function forgetSession(): void {
  adopt(null);
}

/** The token for a request. `stale` is one that the server has refused. */
export async function sessionToken(stale?: string): Promise<string> {
  if (current !== null && current.token !== stale) return current.token;
  coming ??= requestSession(null).finally(() => {
    coming = null;
  });
  return (await coming).token;
}

/** `fetch` with the token, for requests to this server alone. A refused token is renewed, once. */
export async function authorizedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input instanceof Request ? input : new URL(input, location.href), init);
  if (new URL(request.url).origin !== location.origin) return fetch(request); // the token is not for others
  const again = request.clone();
  const token = await sessionToken();
  const response = await send(bearing(request, token));
  if (response.status !== 401) return response;
  return send(bearing(again, await sessionToken(token)));
}

/** `fetch` that tells whether the server answers. */
async function send(input: RequestInfo, init?: RequestInit): Promise<Response> {
  try {
    const response = await fetch(input, init);
    noteAnswer();
    return response;
  } catch (error) {
    noteFailure(error);
    throw error;
  }
}

function bearing(request: Request, token: string): Request {
  request.headers.set("authorization", `Bearer ${token}`);
  return request;
}

/** The text of a file of the clone's, such as its face. Aborted by the signal, and by itself after half a minute. */
export async function loadText(url: string, signal: AbortSignal): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(FETCH_MS)]);
  const response = await authorizedFetch(url, { signal: limit });
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

async function post(path: string, body: object): Promise<SessionGrant> {
  const headers = { "content-type": "application/json" };
  const signal = AbortSignal.timeout(ANSWER_MS);
  const answer = await send(path, { method: "POST", headers, body: JSON.stringify(body), signal }).catch((error: unknown) => {
    throw asApiError(error);
  });
  const json: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw errorOf(answer.status, json);
  if (!isGrant(json)) throw new ApiError("The server gave an answer this page does not understand.", "BAD_ANSWER");
  return json;
}

function isGrant(value: unknown): value is SessionGrant {
  const record = value as Record<string, unknown> | null;
  const clone = record?.clone as Record<string, unknown> | null | undefined;
  return typeof record?.token === "string" && typeof clone?.slug === "string" && typeof clone.name === "string";
}
