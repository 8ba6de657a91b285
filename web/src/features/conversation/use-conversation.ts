/** React's side of the conversation: read the state, follow the levels, wake sound on gestures. */
import { useEffect, useState, useSyncExternalStore, type RefObject } from "react";
import type { ConversationStateManager } from "./manager";
import type { ConversationState } from "./state";

export function useConversation(manager: ConversationStateManager): ConversationState {
  return useSyncExternalStore(manager.subscribe, () => manager.state);
}

/** Writes the loudness of both voices to the element as `--user` and `--clone`, without rendering anything. */
export function useLevels(manager: ConversationStateManager, element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const shown = { user: 0, clone: 0 };
    let frame = 0;
    const draw = (): void => {
      frame = requestAnimationFrame(draw);
      for (const who of ["user", "clone"] as const) {
        const next = shown[who] + (manager.levels[who] - shown[who]) * 0.3;
        const value = next < 0.005 ? 0 : next;
        if (Math.abs(value - shown[who]) > 0.001) element.current?.style.setProperty(`--${who}`, value.toFixed(3));
        shown[who] = value;
      }
    };
    frame = requestAnimationFrame(draw);
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [manager, element]);
}

/** A phone: the face with its captions and the log have no room beside each other. Lower ones have room for the log alone. */
const SHORT = "(max-width: 40rem) and (min-height: 44rem)";
const short = typeof matchMedia === "function" ? matchMedia(SHORT) : null;

function followShort(changed: () => void): () => void {
  short?.addEventListener("change", changed);
  return () => short?.removeEventListener("change", changed);
}

export function useShort(): boolean {
  return useSyncExternalStore(followShort, () => short?.matches === true);
}

/** The clock, in ms of performance.now, every half second. */
export function useNow(): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(performance.now());
    }, 500);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return now;
}

/** The space bar talks, as long as it is not needed for typing or for a control that has the focus. */
export function useSpaceBar(press: () => void, release: () => void): void {
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (event.code !== "Space" || event.repeat || usesSpace(event.target)) return;
      event.preventDefault();
      press();
    };
    const up = (event: KeyboardEvent): void => {
      if (event.code === "Space" && !usesSpace(event.target)) release();
    };
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    window.addEventListener("blur", release);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("blur", release);
    };
  }, [press, release]);
}

function usesSpace(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, button, summary, a, [contenteditable]") !== null;
}
