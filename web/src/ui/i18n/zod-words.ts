/** What schemas say against an answer, in the page's language. Imported by forms alone: it brings zod along. */
import i18next from "i18next";
import { config } from "zod";

const LOCALES = {
  zh: () => import("zod/v4/locales/zh-CN.js"),
  es: () => import("zod/v4/locales/es.js"),
  en: () => import("zod/v4/locales/en.js"),
};

async function speak(language: string): Promise<void> {
  const locale = await LOCALES[language as keyof typeof LOCALES]();
  config(locale.default());
}

i18next.on("languageChanged", (language) => void speak(language));
void speak(i18next.language);
