import { defineWords } from "@/ui/i18n/words";
import en from "./en.json";

export const useWords = defineWords("face-model", en, { zh: () => import("./zh.json"), es: () => import("./es.json") });
