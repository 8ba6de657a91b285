/**
 * The service worker from the page's side: registered when the page has long been loaded, looked after, and changed for a
 * newer one only when the person says so. A window that another one has brought up to date is told to load itself anew.
 */
import { onReach, reach } from "@/wire/reach";

const WORKER = "/sw.js";
/** The first load has the network for itself. */
const AFTER_LOAD_MS = 3000;
const EVERY_MS = 3_600_000;

let registration: ServiceWorkerRegistration | null = null;
let ready = false;
let asked = false;
const listeners = new Set<() => void>();

/** A newer version is there. */
export function updateReady(): boolean {
  return ready;
}

export function onUpdate(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Loads the newer version. */
export function update(): void {
  asked = true;
  const waiting = registration?.waiting ?? null;
  if (waiting === null) location.reload();
  else waiting.postMessage("take over");
}

/** Not within a page of others, and not where the browser does not trust the connection. */
export function startUpdates(): void {
  if (!import.meta.env.PROD || window.top !== window || location.pathname.startsWith("/embed/")) return;
  if (!("serviceWorker" in navigator)) return;
  const container = navigator.serviceWorker;
  notice(container);
  const begin = (): void => {
    window.setTimeout(() => void register(container), AFTER_LOAD_MS);
  };
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin, { once: true });
}

function announce(): void {
  if (ready) return;
  ready = true;
  for (const listener of [...listeners]) listener();
}

/** From the beginning: another window may take the newer version while this one still loads. */
function notice(container: ServiceWorkerContainer): void {
  let hadOne = container.controller !== null;
  container.addEventListener("controllerchange", () => {
    if (asked) location.reload();
    else if (hadOne) announce();
    hadOne = true;
  });
}

async function register(container: ServiceWorkerContainer): Promise<void> {
  try {
    registration = await container.register(WORKER, { scope: "/", updateViaCache: "none" });
  } catch (error) {
    console.warn("the app is not kept for offline use", error);
    return;
  }
  // A browser that is told to allow no workers may answer with nothing, whatever the standard says.
  if ((registration as ServiceWorkerRegistration | undefined) !== undefined) follow(registration);
}

function follow(kept: ServiceWorkerRegistration): void {
  const look = (): void => {
    if (kept.waiting !== null && kept.active !== null) announce();
  };
  look();
  kept.addEventListener("updatefound", () => {
    kept.installing?.addEventListener("statechange", look);
  });
  let last = Date.now();
  const refresh = (): void => {
    last = Date.now();
    kept.update().catch(() => undefined); // the server is away: the next look is soon enough
  };
  window.setInterval(refresh, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - last > EVERY_MS) refresh();
  });
  // A server that comes back may be a newer one.
  let before = reach();
  onReach(() => {
    if (before !== "fine" && reach() === "fine") refresh();
    before = reach();
  });
}
