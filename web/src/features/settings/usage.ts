/** What a chart of days needs. */
import { useTranslation } from "react-i18next";
import type { DayItem } from "@/wire/api";

const DAY_MS = 86_400_000;

/** A row for every day of the period (UTC), also for those on which nothing happened. Pure. */
export function everyDay(known: readonly DayItem[], since: string, days: number): { day: string; turns: number }[] {
  const turns = new Map(known.map((item) => [item.day, item.turns]));
  const first = Date.parse(`${since.slice(0, 10)}T00:00:00Z`);
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(first + index * DAY_MS).toISOString().slice(0, 10);
    return { day, turns: turns.get(day) ?? 0 };
  });
}

/** Dollars as the page's language writes them; small sums with the digits they need. */
export function useDollars(): (value: number | null, unknown: string) => string {
  const { i18n } = useTranslation();
  return (value, unknown) => {
    if (value === null) return unknown;
    const digits = value !== 0 && value < 1 ? 4 : 2;
    return new Intl.NumberFormat(i18n.language, { style: "currency", currency: "USD", maximumFractionDigits: digits }).format(value);
  };
}
