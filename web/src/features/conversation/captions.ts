/** The words under the face: what is being said now. Pure. */
import type { ConversationState } from "./state";

const LONGEST = 150;

/** What the user is heard to say, or the end of what the clone says; "" when nobody speaks. */
export function captionOf(state: ConversationState): { who: "user" | "clone"; text: string } | null {
  const last = state.turns.at(-1);
  if (last === undefined) return null;
  if (last.reply === "coming" && last.clone !== null && last.clone !== "") return { who: "clone", text: lastWords(last.clone) };
  const spoken = last.messageId === null && (last.reply === "none" || last.reply === "coming");
  return spoken && last.user !== null && last.user !== "" ? { who: "user", text: lastWords(last.user) } : null;
}

/** The same, and while nobody speaks what was said last: the caption stands alone where there is no room for the log. */
export function lingeringCaption(state: ConversationState): ReturnType<typeof captionOf> {
  const spoken = captionOf(state);
  if (spoken !== null) return spoken;
  const last = state.turns.at(-1);
  const [clone, user] = last === undefined ? [state.greeting, ""] : [last.clone ?? "", last.user ?? ""];
  if (clone !== "") return { who: "clone", text: lastWords(clone) };
  return user === "" ? null : { who: "user", text: lastWords(user) };
}

/** The end of what was said, from the beginning of a sentence or word. */
export function lastWords(text: string): string {
  if (text.length <= LONGEST) return text;
  const tail = text.slice(-LONGEST);
  const sentence = /[.!?。！？]\s*(\S.{20,})$/su.exec(tail)?.[1];
  return sentence ?? `… ${tail.slice(tail.search(/\s/) + 1)}`;
}
