/** Numbers, dates and sizes as the page's language writes them. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

const BYTES = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

export class Format {
  constructor(readonly language: string) {}

  number(value: number, digits = 0): string {
    return new Intl.NumberFormat(this.language, { maximumFractionDigits: digits }).format(value);
  }

  /** 0.42 → 42 % */
  percent(value: number, digits = 0): string {
    return new Intl.NumberFormat(this.language, { style: "percent", maximumFractionDigits: digits }).format(value);
  }

  /** 1 536 000 → 1.5 MB */
  bytes(size: number): string {
    const step = size < 1 ? 0 : Math.min(BYTES.length - 1, Math.floor(Math.log10(size) / 3));
    const options = { style: "unit", unit: BYTES[step] ?? "byte", unitDisplay: "short", maximumFractionDigits: step > 1 ? 1 : 0 } as const;
    return new Intl.NumberFormat(this.language, options).format(size / 1000 ** step);
  }

  /** 640 ms, 1.2 s, 12 s */
  duration(ms: number): string {
    return ms < 1000 ? `${this.number(ms)} ms` : `${this.fixed(ms / 1000, ms < 10_000 ? 1 : 0)} s`;
  }

  /** 45 s, 12 min, 3 h 5 min */
  span(seconds: number): string {
    if (seconds < 60) return `${this.number(Math.floor(seconds))} s`;
    const minutes = Math.floor(seconds / 60);
    return minutes < 60 ? `${minutes} min` : `${this.number(Math.floor(minutes / 60))} h ${minutes % 60} min`;
  }

  date(value: string | number | Date): string {
    return new Intl.DateTimeFormat(this.language, { dateStyle: "medium" }).format(new Date(value));
  }

  dateTime(value: string | number | Date): string {
    return new Intl.DateTimeFormat(this.language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(value));
  }

  /** 14:03:20 */
  clock(value: string | number | Date): string {
    return new Intl.DateTimeFormat(this.language, { timeStyle: "medium", hourCycle: "h23" }).format(new Date(value));
  }

  /** `5 minutes ago`, `in 2 days`: from `now` on, both in ms or as dates. */
  relative(value: string | number | Date, now: number): string {
    const seconds = (new Date(value).getTime() - now) / 1000;
    const [unit, length] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
    return new Intl.RelativeTimeFormat(this.language, { numeric: "auto" }).format(Math.round(seconds / length), unit);
  }

  /** `a, b and c` */
  all(things: readonly string[]): string {
    return new Intl.ListFormat(this.language, { type: "conjunction" }).format(things);
  }

  /** `a, b or c` */
  either(things: readonly string[]): string {
    return new Intl.ListFormat(this.language, { type: "disjunction" }).format(things);
  }

  private fixed(value: number, digits: number): string {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return new Intl.NumberFormat(this.language, options).format(value);
  }
}

export function useFormat(): Format {
  const { i18n } = useTranslation();
  const language = i18n.resolvedLanguage ?? i18n.language;
  return useMemo(() => new Format(language), [language]);
}
