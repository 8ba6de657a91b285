/** The browser's offer to install the app, kept until the person asks for it in the menu. */
import { useSyncExternalStore } from "react";

interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

let offer: InstallOffer | null = null;
const listeners = new Set<() => void>();

function keep(next: InstallOffer | null): void {
  offer = next;
  for (const listener of [...listeners]) listener();
}

/** Call once, as soon as the page runs: the browser offers it only once. */
export function startInstalling(): void {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    keep(event as InstallOffer);
  });
  window.addEventListener("appinstalled", () => {
    keep(null);
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Asks the person whether to install; null where the browser does not offer it. */
export function useInstall(): (() => void) | null {
  const kept = useSyncExternalStore(subscribe, () => offer);
  if (kept === null) return null;
  return () => {
    keep(null); // an offer can be taken once; the browser makes another if it was refused
    void kept.prompt();
  };
}
