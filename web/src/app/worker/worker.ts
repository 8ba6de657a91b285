/**
 * The service worker: keeps the files of one build, so that the app opens where the server is away. It never keeps what the
 * server says, and the page itself comes from the server whenever that answers: an old page never meets a newer server by
 * itself. Built to /sw.js; `__SHELL__` is what the build has made (tools/shell.mjs).
 */
import { isAway, outdated, planOf } from "./plan";

declare const __SHELL__: { version: string; parts: string[] };

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}
interface Scope {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  readonly registration: { readonly navigationPreload?: { enable(): Promise<void> } };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", then: (event: Lasting) => void): void;
  addEventListener(type: "fetch", then: (event: Fetching) => void): void;
  addEventListener(type: "message", then: (event: MessageEvent<unknown>) => void): void;
}

const worker = self as unknown as Scope;
const PREFIX = "selfsame-";
const NAME = PREFIX + __SHELL__.version;
const PAGE = "/";
/** A server that has not begun to answer by then is taken to be away. */
const PATIENCE_MS = 4000;

/** One file after the other and at low priority: the page that is open goes first. */
async function keep(): Promise<void> {
  const cache = await caches.open(NAME);
  await cache.add(new Request(PAGE, { cache: "reload", priority: "low" }));
  for (const part of __SHELL__.parts) {
    const kept = await caches.match(part, { ignoreVary: true });
    if (kept === undefined) await cache.add(new Request(part, { priority: "low" }));
    else await cache.put(part, kept);
  }
}

async function begin(): Promise<void> {
  const names = outdated(await caches.keys(), PREFIX, NAME);
  await Promise.all(names.map((name) => caches.delete(name)));
  await worker.registration.navigationPreload?.enable();
  await worker.clients.claim();
}

async function page(event: Fetching): Promise<Response> {
  const kept = await (await caches.open(NAME)).match(PAGE, { ignoreVary: true });
  const asked = event.preloadResponse.then((early) => early ?? fetch(event.request));
  if (kept === undefined) return asked;
  const patience = new Promise<Response>((resolve) => {
    setTimeout(resolve, PATIENCE_MS, kept);
  });
  const answered = asked.then(
    (answer) => (isAway(answer.status) ? kept : answer),
    () => kept,
  );
  return Promise.race([answered, patience]);
}

async function part(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

worker.addEventListener("install", (event) => {
  event.waitUntil(keep());
});
worker.addEventListener("activate", (event) => {
  event.waitUntil(begin());
});
worker.addEventListener("message", ({ data }) => {
  if (data === "take over") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const plan = planOf(event.request, worker.location.origin);
  if (plan === "page") event.respondWith(page(event));
  else if (plan === "part") event.respondWith(part(event.request));
});
