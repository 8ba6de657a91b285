import { defineWords } from "../../i18n/words";
import en from "./en.json";

export const useRecordingWords = defineWords("recording", en, { zh: () => import("./zh.json"), es: () => import("./es.json") });
