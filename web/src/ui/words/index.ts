import { defineWords } from "../i18n/words";
import en from "./en.json";

export const useUiWords = defineWords("ui", en, { zh: () => import("./zh.json"), es: () => import("./es.json") });
