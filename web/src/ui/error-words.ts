/**
 * Errors in the page's language, by the server's code; its own words, which are English, come along where they say more than
 * the code does. Codes of engines are made of two parts: ROLE_REASON (selfsame/errors.py).
 */
import { ApiError, sentence } from "@/wire/api-error";
import en from "./words/en.json";
import { useUiWords } from "./words";

type Code = keyof typeof en.codes;
type Role = keyof typeof en.roles;
type Reason = keyof typeof en.reasons;
export type Said = { kind: "code"; code: Code } | { kind: "engine"; role: Role; reason: Reason };

const has = <T extends object>(table: T, key: string): key is keyof T & string => Object.hasOwn(table, key);

/** What the page can say of a code; null for one that it does not know. Pure. */
export function saidOf(code: string): Said | null {
  if (has(en.codes, code)) return { kind: "code", code };
  const [, role = "", reason = ""] = /^([A-Z]+)_([A-Z_]+)$/.exec(code) ?? [];
  const name = role.toLowerCase();
  return has(en.roles, name) && has(en.reasons, reason) ? { kind: "engine", role: name, reason } : null;
}

/** Says a code and the server's words for it; what the page does not know stays in the server's words. */
export function useCodeWords(): (code: string | null | undefined, message: string) => string {
  const t = useUiWords();
  return (code, message) => {
    const known = saidOf(code ?? "");
    const said = sentence(message);
    if (known === null) return said;
    if (known.kind === "code") return t(`codes.${known.code}`, { said });
    return t(`reasons.${known.reason}`, { what: t(`roles.${known.role}`), said }).trim();
  };
}

/** Says an error to a person. */
export function useErrorWords(): (error: Error) => string {
  const t = useUiWords();
  const words = useCodeWords();
  return (error) => (error instanceof ApiError ? words(error.code, error.message) : t("errors.unknown"));
}
