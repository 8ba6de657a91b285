/** An alert in the page's language, by its code; one that is not known here stays in the server's words. */
import { useFormat } from "@/ui/i18n/format";
import type { AlertLine } from "@/wire/api";
import { useWords } from "./words";
import en from "./words/en.json";

const CODES = en.alerts.codes;
/** Sums of money have two digits, shares and seconds one at most. */
const MONEY = new Set(["today", "usual", "cost", "budget"]);

export function useAlertWords(): (alert: AlertLine) => { what: string; action: string } {
  const t = useWords();
  const format = useFormat();
  return ({ code, what, action, values }) => {
    if (!Object.hasOwn(CODES, code)) return { what, action };
    const known = code as keyof typeof CODES;
    const said = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === "number" ? format.number(value, MONEY.has(name) ? 2 : 1) : value]));
    return { what: t(`alerts.codes.${known}.what`, said), action: t(`alerts.codes.${known}.action`, said) };
  };
}
