/** Which words fit a state or a trouble. The words themselves are in words/. */
import type { SoundProblem } from "@/media/audio-clock";
import type { MicrophoneProblem } from "@/media/microphone";
import { useCodeWords } from "@/ui/error-words";
import type { WordKey } from "@/ui/i18n/words";
import type { ConversationState } from "./state";
import { useWords } from "./words";
import type words from "./words/en.json";

type Key = WordKey<typeof words>;

export const MODES = ["faster", "planning", "detailed"] as const;
export const LANGUAGES = ["auto", "EN", "ES", "ZH"] as const;

/** One line under the clone's name. */
export function stateLine(state: ConversationState): Key {
  if (state.link.phase === "refused") return "state.notConnected";
  if (!state.met) return "state.connecting";
  if (state.link.phase !== "open") return "state.reconnecting";
  if (state.talk === "speaking") return "state.speaking";
  if (state.talk === "processing") return "state.thinking";
  if (state.microphone === "opening") return "state.opening";
  if (state.listening) return state.userSpeaks ? "state.hearing" : "state.listening";
  return state.talk === "listening" ? "state.listening" : "state.ready";
}

export const MICROPHONE_WORDS: Record<MicrophoneProblem, Key> = {
  unsupported: "microphone.unsupported",
  "insecure-page": "microphone.insecurePage",
  denied: "microphone.denied",
  missing: "microphone.missing",
  busy: "microphone.busy",
  failed: "microphone.failed",
};

export const SOUND_WORDS: Record<SoundProblem, Key> = {
  "no-audio-context": "noSound.noContext",
  "no-audio-worklet": "noSound.noWorklet",
  "insecure-page": "noSound.insecurePage",
};

/** Troubles that the page itself finds; what others are called is known to `ui/error-words`. */
const TROUBLES: Record<string, Key | undefined> = {
  OFFLINE: "notices.offline",
  TAKEN_OVER: "notices.elsewhere",
};

export function useTroubleWords(): (trouble: { code: string; message: string }) => string {
  const t = useWords();
  const words = useCodeWords();
  return ({ code, message }) => {
    const own = TROUBLES[code];
    return own === undefined ? words(code, message) : t(own);
  };
}
