/**
 * A feature's words. One JSON file per language in `<feature>/words/`; English comes with the feature's code, the
 * others when they are wanted. Keys are checked by the compiler, the languages against each other by tests/words.test.ts.
 */
import { useTranslation } from "react-i18next";
import { addWords, type LazyLanguage, type Loader } from "./language";

type Plural = "zero" | "one" | "two" | "few" | "many" | "other";
type Singular<K extends string> = K extends `${infer Stem}_${Plural}` ? Stem : K;
/** `a.b.c` for every text in the tree; plural forms count as one. */
export type WordKey<T, Before extends string = ""> = {
  [K in keyof T & string]: T[K] extends string ? `${Before}${Singular<K>}` : WordKey<T[K], `${Before}${K}.`>;
}[keyof T & string];
export type Values = Record<string, string | number>;
/** Says a text, with its `{{placeholders}}` filled in. `count` chooses the plural. */
export type Say<T> = (key: WordKey<T>, values?: Values) => string;

/** Makes a feature's hook for its words: `export const useWords = defineWords("voice", en, { zh, es })`. */
export function defineWords<T extends object>(namespace: string, english: T, others: Record<LazyLanguage, Loader>): () => Say<T> {
  addWords(namespace, english, others);
  return function useWords(): Say<T> {
    return useTranslation(namespace).t as unknown as Say<T>;
  };
}
