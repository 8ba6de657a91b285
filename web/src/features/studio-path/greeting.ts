/** The greeting a clone begins with, in its own language; its owner changes it as they like. Pure. */
import type { NewClone } from "@/wire/api";

export type CloneLanguage = NonNullable<NewClone["language"]>;
export const CLONE_LANGUAGES: readonly { value: CloneLanguage; label: string }[] = [
  { value: "EN", label: "English" },
  { value: "ES", label: "Español" },
  { value: "ZH", label: "中文" },
];

const GREETINGS: Record<CloneLanguage, (name: string) => string> = {
  EN: (name) => `Hello, I am ${name}. What would you like to know?`,
  ES: (name) => `Hola, soy ${name}. ¿Qué te gustaría saber?`,
  ZH: (name) => `你好，我是${name}。你想了解什么？`,
};

export function defaultGreeting(name: string, language: CloneLanguage): string {
  return name.trim() === "" ? "" : GREETINGS[language](name.trim());
}
