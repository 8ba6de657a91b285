import { defineWords } from "@/ui/i18n/words";
import en from "./en.json";

export const useJobWords = defineWords("jobs", en, { zh: () => import("./zh.json"), es: () => import("./es.json") });
