/** Light, dark, or as the system is: kept in this browser, shown as `data-theme` on the root element. */
import { useSyncExternalStore } from "react";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "selfsame.theme";
/** What the account has; what was chosen in this browser goes before it. */
const ADOPTED = "selfsame.theme.account";
const listeners = new Set<() => void>();
let chosen: Theme = "system";

function darkSystem(): MediaQueryList | null {
  return typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;
}

function show(): void {
  const dark = chosen === "dark" || (chosen === "system" && darkSystem()?.matches === true);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    meta.content = dark ? "#0d1513" : "#eef3f1";
  }
}

/** Call once, before anything is drawn. */
export function startTheme(): void {
  try {
    const kept = localStorage.getItem(KEY) ?? localStorage.getItem(ADOPTED);
    chosen = THEMES.find((theme) => theme === kept) ?? "system";
  } catch {
    chosen = "system"; // storage is switched off
  }
  darkSystem()?.addEventListener("change", show);
  show();
}

export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // storage is switched off: the choice lasts as long as the page
  }
  wear(theme);
}

/** Takes the account's over, unless this browser has chosen its own. */
export function adoptTheme(theme: Theme): void {
  try {
    localStorage.setItem(ADOPTED, theme);
    if (localStorage.getItem(KEY) !== null) return;
  } catch {
    // storage is switched off: it lasts as long as the page
  }
  wear(theme);
}

/** From the next load on the account's counts no more. */
export function forgetAdoptedTheme(): void {
  try {
    localStorage.removeItem(ADOPTED);
  } catch {
    // storage is switched off: nothing was kept
  }
}

function wear(theme: Theme): void {
  chosen = theme;
  show();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => chosen);
}
