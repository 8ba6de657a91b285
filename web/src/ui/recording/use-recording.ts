/** A recording session for as long as a component is shown. */
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { playback } from "@/media/recording/playback";
import type { SentenceOptions } from "@/media/recording/sentence-end";
import { RecordingSession, type RecordingState, type Take } from "@/media/recording/session";
import { MicrophoneSource } from "@/media/recording/source";

export interface Recording {
  state: RecordingState;
  peaks: readonly number[];
  start: (ends: SentenceOptions) => void;
  stop: () => void;
  cancel: () => void;
}

export function useRecording(onTake: (take: Take) => void): Recording {
  const [session] = useState(() => new RecordingSession(new MicrophoneSource()));
  useEffect(() => {
    session.give(onTake);
  });
  useEffect(() => {
    const hidden = (): void => {
      if (document.visibilityState === "hidden") session.stop();
    };
    document.addEventListener("visibilitychange", hidden);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      session.close();
    };
  }, [session]);
  const state = useSyncExternalStore(session.subscribe, () => session.state);
  return {
    state,
    peaks: session.peaks,
    start: (ends) => {
      playback.stop();
      void session.start(ends);
    },
    stop: () => { session.stop(); },
    cancel: () => { session.cancel(); },
  };
}

/** The space bar does it, unless something else on the page wants the key. */
export function useSpaceKey(act: () => void, on = true): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : null;
      const wanted = target?.closest("input, textarea, select, button, a, summary, dialog, [role=tab], [contenteditable]") != null;
      if (event.key !== " " || event.repeat || event.ctrlKey || event.metaKey || event.altKey || wanted) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener("keydown", press);
    return () => { window.removeEventListener("keydown", press); };
  }, [on]);
}
