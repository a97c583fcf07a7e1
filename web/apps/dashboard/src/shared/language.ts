import { createContext, use, useContext } from "react";

/** The languages of the message catalogue. */
export const languages = ["en", "de"] as const;

export type Language = (typeof languages)[number];

/** Each in its own language. */
export const languageNames: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

/** The texts of one part of the page: English at hand, German loaded when it is first shown. */
export interface Catalogue<T> {
  readonly en: T;
  /** The same promise each time; English when the German texts cannot be loaded. */
  readonly de: () => Promise<T>;
}

/** Loads the German texts of each catalogue that the page has. */
const loaders: (() => Promise<unknown>)[] = [];
let preloaded: Language = "en";

/** Declares the texts of one part. A text is a string, or a function of what it is about; German has the same shape, or it does not compile. */
export function catalogue<T extends object>(en: T, load: () => Promise<NoInfer<T>>): Catalogue<T> {
  let loading: Texts<T> | undefined;
  // A failure is kept until the page is loaded again: a new promise for each render would suspend the page without end.
  const de = () => (loading ??= tracked(load().catch(() => en)));
  loaders.push(de);
  if (preloaded === "de") void de();
  return { en, de };
}

/** A promise that `use` of React reads without suspending when it is fulfilled. Source: React, "Reading a Promise with use". */
interface Texts<T> extends Promise<T> {
  status?: "fulfilled";
  value?: T;
}

function tracked<T>(promise: Promise<T>): Texts<T> {
  const texts: Texts<T> = promise.then((value) => {
    texts.status = "fulfilled";
    texts.value = value;
    return value;
  });
  return texts;
}

/**
 * Loads the texts of a language at once, and those of a part that is loaded later together with it. Without it they are loaded when they are
 * shown. Resolves when all that are known now are loaded.
 */
export async function preloadTexts(language: Language): Promise<void> {
  preloaded = language;
  if (language === "de") await Promise.all(loaders.map((load) => load()));
}

export interface LanguageChoice {
  readonly language: Language;
  /** Null follows the browser. */
  readonly chosen: Language | null;
  readonly choose: (language: Language | null) => void;
}

export const LanguageContext = createContext<LanguageChoice>({ language: "en", chosen: null, choose: () => undefined });

export function useLanguage(): LanguageChoice {
  return useContext(LanguageContext);
}

/** The texts in the page's language. Suspends once, while they are loaded. */
export function useTexts<T>({ en, de }: Catalogue<T>): T {
  return useLanguage().language === "en" ? en : use(de());
}

/** The first of the browser's languages that the catalogue has, else English. */
export function browserLanguage(wanted: readonly string[] = navigator.languages): Language {
  for (const tag of wanted) {
    const found = languages.find((language) => tag === language || tag.startsWith(`${language}-`));
    if (found !== undefined) return found;
  }
  return "en";
}

/** The browser's own variant of a language, such as `en-GB`: it decides how dates and numbers look. */
export function localeOf(language: Language, wanted: readonly string[] = navigator.languages): string {
  return wanted.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language;
}
