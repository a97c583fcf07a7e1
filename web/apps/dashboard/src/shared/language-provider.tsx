import { startTransition, useEffect, useState, type ReactNode } from "react";
import { browserLanguage, languages, LanguageContext, localeOf, preloadTexts, type Language } from "./language.js";

const stored = "heliograph.language";

/** Gives the page its language: the one chosen in this browser, else the browser's. */
export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [chosen, setChosen] = useState(read);
  const language = chosen ?? browserLanguage();
  // While rendering, not after it: the first texts that are shown are waited for.
  void preloadTexts(language);
  useEffect(() => {
    document.documentElement.lang = localeOf(language);
  }, [language]);
  const choose = (next: Language | null) => {
    write(next);
    // In a transition the page stays as it is until the texts are loaded.
    startTransition(() => setChosen(next));
  };
  return <LanguageContext value={{ language, chosen, choose }}>{children}</LanguageContext>;
}

function read(): Language | null {
  try {
    const value = localStorage.getItem(stored);
    return languages.find((language) => language === value) ?? null;
  } catch {
    return null; // storage is blocked
  }
}

function write(language: Language | null): void {
  try {
    if (language === null) localStorage.removeItem(stored);
    else localStorage.setItem(stored, language);
  } catch {
    // Storage is blocked: the choice holds until the page is loaded again.
  }
}
