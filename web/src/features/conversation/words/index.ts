import { defineWords, type Say } from "@/ui/i18n/words";
import en from "./en.json";

export type ConversationSay = Say<typeof en>;
export const useWords = defineWords("conversation", en, { zh: () => import("./zh.json"), es: () => import("./es.json") });
