/** The page's language: chosen here, else the browser's first that we speak, else English. */
import i18next, { type BackendModule, type ResourceKey } from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = [
  { code: "en", name: "English", tag: "en" },
  { code: "zh", name: "中文", tag: "zh-Hans" },
  { code: "es", name: "Español", tag: "es" },
] as const;
export type LanguageCode = (typeof LANGUAGES)[number]["code"];
/** The languages whose words are loaded when they are wanted. */
export type LazyLanguage = Exclude<LanguageCode, "en">;
export type Loader = () => Promise<{ default: unknown }>;

const KEY = "selfsame.language";
/** What the account has; what was chosen in this browser goes before it. */
const ADOPTED = "selfsame.language.account";
const loaders = new Map<string, Record<LazyLanguage, Loader>>();

function isOurs(code: string | null | undefined): code is LanguageCode {
  return LANGUAGES.some((language) => language.code === code);
}

/** The first of the wished-for language tags that we speak. */
export function bestLanguage(kept: string | null, wished: readonly string[]): LanguageCode {
  if (isOurs(kept)) return kept;
  for (const tag of wished) {
    const code = tag.toLowerCase().split("-")[0];
    if (isOurs(code)) return code;
  }
  return "en";
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY) ?? localStorage.getItem(ADOPTED);
  } catch {
    return null; // storage is switched off
  }
}

const backend: BackendModule = {
  type: "backend",
  init() {
    // nothing to prepare
  },
  read(language, namespace, done) {
    const loader = loaders.get(namespace)?.[language as LazyLanguage];
    if (loader === undefined) {
      done(new Error(`no words of ${namespace} in ${language}`), null);
      return;
    }
    loader().then(
      (words) => {
        done(null, words.default as ResourceKey);
      },
      (error: unknown) => {
        done(error instanceof Error ? error : new Error("the words did not come"), null);
      },
    );
  },
};

function show(language: string): void {
  if (typeof document === "undefined") return;
  document.documentElement.lang = LANGUAGES.find(({ code }) => code === language)?.tag ?? "en";
  const manifest = document.querySelector<HTMLLinkElement>("link[rel=manifest]");
  manifest?.setAttribute("href", language === "en" ? "/manifest.webmanifest" : `/manifest.${language}.webmanifest`);
}

i18next.on("languageChanged", show);
void i18next
  .use(backend)
  .use(initReactI18next)
  .init({
    lng: bestLanguage(read(), typeof navigator === "undefined" ? [] : (navigator.languages as string[] | undefined) ?? []),
    fallbackLng: "en",
    supportedLngs: LANGUAGES.map(({ code }) => code),
    ns: [],
    defaultNS: "app",
    initAsync: false,
    partialBundledLanguages: true,
    resources: {},
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
    react: { useSuspense: true },
  });

export function addWords(namespace: string, english: object, others: Record<LazyLanguage, Loader>): void {
  i18next.addResourceBundle("en", namespace, english);
  loaders.set(namespace, others);
}

export function chosenLanguage(): LanguageCode {
  return isOurs(i18next.language) ? i18next.language : "en";
}

export async function chooseLanguage(language: LanguageCode): Promise<void> {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // storage is switched off: the choice lasts as long as the page
  }
  await i18next.changeLanguage(language);
}

/** Takes the account's over, unless this browser has chosen its own; "" is none. */
export async function adoptLanguage(language: LanguageCode | ""): Promise<void> {
  if (language === "") return;
  try {
    localStorage.setItem(ADOPTED, language);
    if (localStorage.getItem(KEY) !== null) return;
  } catch {
    // storage is switched off: it lasts as long as the page
  }
  await i18next.changeLanguage(language);
}

/** From the next load on the account's counts no more. */
export function forgetAdoptedLanguage(): void {
  try {
    localStorage.removeItem(ADOPTED);
  } catch {
    // storage is switched off: nothing was kept
  }
}
