import { defineWords } from "@/ui/i18n/words";
import en from "./en.json";

export const useWords = defineWords("consent", en, { zh: () => import("./zh.json"), es: () => import("./es.json") });
