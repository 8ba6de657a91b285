/** What the page says to the user about states, troubles and settings. */
import type { MicrophoneProblem } from "@/media/microphone";
import type { SoundProblem } from "@/media/audio-clock";
import type { EngineItem } from "@/wire/generated";
import type { ConversationState, Language, Mode } from "./state";

/** One line under the clone's name. */
export function stateLine(state: ConversationState): string {
  if (state.link.phase === "refused") return "Not connected";
  if (!state.met) return "Connecting…";
  if (state.link.phase !== "open") return "Reconnecting…";
  if (state.talk === "speaking") return "Speaking";
  if (state.talk === "processing") return "Thinking…";
  if (state.microphone === "opening") return "Opening the microphone…";
  if (state.listening) return state.userSpeaks ? "Listening to you…" : "Listening";
  if (state.talk === "listening") return "Listening";
  return "Ready when you are";
}

export const MODES: readonly { value: Mode; label: string; hint: string }[] = [
  { value: "faster", label: "Quick", hint: "A short answer, as fast as possible" },
  { value: "planning", label: "Balanced", hint: "Thinks for a moment before it answers" },
  { value: "detailed", label: "Detailed", hint: "A longer answer with more of the background" },
];

export const LANGUAGES: readonly { value: Language; label: string; hint: string }[] = [
  { value: "auto", label: "Auto", hint: "Follows the language you speak" },
  { value: "EN", label: "EN", hint: "English" },
  { value: "ES", label: "ES", hint: "Español" },
  { value: "ZH", label: "中文", hint: "Chinese" },
];

const MICROPHONE: Record<MicrophoneProblem, string> = {
  unsupported: "This browser cannot use a microphone here. You can type instead.",
  "insecure-page": "Browsers open the microphone only on secure pages (https, or this computer itself). You can type instead.",
  denied: "The microphone is blocked for this page. Allow it beside the address bar and press the button again, or type instead.",
  missing: "No microphone was found. Plug one in and press the button again, or type instead.",
  busy: "Another program holds the microphone. Close it and press the button again, or type instead.",
  failed: "The microphone could not be opened. Press the button to try again, or type instead.",
};

export function microphoneWords(problem: MicrophoneProblem): string {
  return MICROPHONE[problem];
}

const SOUND: Record<SoundProblem, string> = {
  "no-audio-context": "This browser cannot play or record sound (no AudioContext). You can type and read; Chrome 120 or newer can do all of it.",
  "no-audio-worklet": "This browser cannot play or record live sound (no AudioWorklet). You can type and read; Chrome 120 or newer can do all of it.",
  "insecure-page": "Sound needs a secure page (https, or this computer itself). You can type and read here.",
};

export function soundWords(problem: SoundProblem): string {
  return SOUND[problem];
}

export const ROLES: Record<EngineItem["role"], string> = {
  vad: "Attention",
  asr: "Ears",
  llm: "Mind",
  tts: "Voice",
  embedding: "Memory",
  face: "Face",
};

/** 640 ms, 1.2 s, 12 s */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** 45 s, 12 min, 3 h 5 min */
export function uptime(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
