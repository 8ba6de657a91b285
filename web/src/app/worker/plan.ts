/** What the service worker does with a request. Pure. */

/** `page`: the newest one, or the kept one where the server is away. `part`: a kept file of the build. `leave`: not ours. */
export type Plan = "page" | "part" | "leave";

export interface Asked {
  method: string;
  mode: string;
  url: string;
}

/** Where the server answers by itself, or another site shows us under rules of its own. */
const LEFT = ["/api/", "/health", "/metrics", "/face-model", "/voice-model", "/ws", "/embed/"];

export function planOf({ method, mode, url }: Asked, origin: string): Plan {
  const { origin: asked, pathname, search } = new URL(url);
  if (method !== "GET" || asked !== origin || LEFT.some((start) => pathname.startsWith(start))) return "leave";
  if (mode === "navigate") return pathname.slice(pathname.lastIndexOf("/")).includes(".") ? "leave" : "page";
  // Names under /assets/ hold a hash of what is in them: such a file never changes.
  return pathname.startsWith("/assets/") && search === "" ? "part" : "leave";
}

/** Which caches can go: all of ours but the newest and the one before, which windows that are still open may need. */
export function outdated(names: readonly string[], prefix: string, current: string): string[] {
  const others = names.filter((name) => name.startsWith(prefix) && name !== current);
  return others.slice(0, -1);
}

/** Answers of a proxy whose server is away. 503 is the server's own, and says why. */
export function isAway(status: number): boolean {
  return status === 502 || status === 504;
}
