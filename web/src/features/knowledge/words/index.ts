import { defineWords } from "@/ui/i18n/words";
import en from "./en.json";

export const useWords = defineWords("knowledge", en, { zh: () => import("./zh.json"), es: () => import("./es.json") });
