import { useLanguage, localeOf, type Language } from "./language.js";

/** Numbers and times as text, all by `Intl`. Spans are in milliseconds, instants as RFC 3339 text or epoch milliseconds. */
export interface Formats {
  /** `1,234` */
  readonly number: (value: number) => string;
  /** `12K` */
  readonly compact: (value: number) => string;
  /** `42%`, of a share between 0 and 1. */
  readonly percent: (share: number) => string;
  /** `Nov 30, 2026, 9:15 AM` */
  readonly dateTime: (instant: string | number) => string;
  /** `Nov 30, 2026, 9:15:42 AM` */
  readonly exactTime: (instant: string | number) => string;
  /** `9:15 AM` */
  readonly time: (instant: string | number) => string;
  /** `42 min`: a number of one unit. */
  readonly unit: (value: number, unit: Unit) => string;
  /** `3 s`, `4 min`, `2 h`, `5 d`: one unit, rounded. */
  readonly span: (milliseconds: number) => string;
  /** `a, b, and c` */
  readonly list: (items: readonly string[]) => string;
  /** The text for a count by the plural rules of the language, in which `#` is the count. */
  readonly plural: (count: number, texts: { readonly one: string; readonly other: string }) => string;
}

export type Unit = "second" | "minute" | "hour" | "day";

/** Shorter than those of `Intl` in English, where they are `sec` and `days`, or `3s` without a space. */
const units: Readonly<Record<Language, Readonly<Record<Unit, string>>>> = {
  en: { second: "s", minute: "min", hour: "h", day: "d" },
  de: { second: "s", minute: "Min.", hour: "Std.", day: "Tg." },
};

const made = new Map<string, Formats>();

/** The formats of a language, in the browser's own variant of it. */
export function formats(language: Language): Formats {
  const locale = localeOf(language);
  let known = made.get(locale);
  if (known === undefined) {
    known = create(language, locale);
    made.set(locale, known);
  }
  return known;
}

export function useFormats(): Formats {
  return formats(useLanguage().language);
}

function create(language: Language, locale: string): Formats {
  const numbers = new Intl.NumberFormat(locale);
  const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const exactTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const lists = new Intl.ListFormat(locale);
  const plurals = new Intl.PluralRules(locale);
  const unit = (value: number, name: Unit) => `${numbers.format(value)} ${units[language][name]}`;
  return {
    number: (value) => numbers.format(value),
    compact: (value) => compact.format(value),
    percent: (share) => percent.format(share),
    dateTime: (instant) => dateTime.format(new Date(instant)),
    exactTime: (instant) => exactTime.format(new Date(instant)),
    time: (instant) => time.format(new Date(instant)),
    unit,
    span: (milliseconds) => {
      const seconds = Math.max(0, Math.round(milliseconds / 1000));
      if (seconds < 60) return unit(seconds, "second");
      const minutes = Math.round(seconds / 60);
      if (minutes < 60) return unit(minutes, "minute");
      const hours = Math.round(minutes / 60);
      return hours < 48 ? unit(hours, "hour") : unit(Math.round(hours / 24), "day");
    },
    list: (items) => lists.format(items),
    plural: (count, { one, other }) => (plurals.select(count) === "one" ? one : other).replaceAll("#", numbers.format(count)),
  };
}
