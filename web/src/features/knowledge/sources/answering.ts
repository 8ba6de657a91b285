/** What an owner can set about answering (selfsame/clones/answering.py, selfsame/mind/adherence.py). */
export const ADHERENCES = ["strict", "adaptive", "creative"] as const;
export const LANGUAGES = ["EN", "ES", "ZH"] as const;
export const LONGEST = 300;

/** What is said where the owner has written nothing: in the clone's language, whatever that of the page is. */
export const OWN_WORDS = {
  EN: "I have no answer to that.",
  ES: "No tengo una respuesta a eso.",
  ZH: "这个问题我没有答案。",
} as const;
