import type { ConversationState } from "./state";

export type Mood = "resting" | "listening" | "thinking" | "speaking";

/** What the conversation is doing, as it shows on the face. */
export function moodOf({ talk, listening }: ConversationState): Mood {
  if (talk === "speaking") return "speaking";
  if (talk === "processing") return "thinking";
  return listening || talk === "listening" ? "listening" : "resting";
}
