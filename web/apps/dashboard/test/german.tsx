import { Suspense, type ReactNode } from "react";
import { LanguageContext } from "../src/shared/language.js";

const choice = { language: "de", chosen: "de", choose: () => undefined } as const;

/** For `Console.open`: the page in German. Call `preloadTexts("de")` before. */
export function German({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <LanguageContext value={choice}>
      <Suspense>{children}</Suspense>
    </LanguageContext>
  );
}

/** All that the page shows or says. */
export function words(): string {
  const attributes = [...document.body.querySelectorAll("*")].flatMap((element) => ["aria-label", "title", "placeholder"].map((name) => element.getAttribute(name) ?? ""));
  const texts = [...document.body.querySelectorAll("*")].flatMap((element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && !["STYLE", "SCRIPT"].includes(element.tagName)).map((node) => node.textContent ?? ""));
  return [...texts, ...attributes].join("\n");
}

/** Words of English texts that no German text has. */
const english =
  /\b(the|and|of|are|you|your|with|by|from|no|not|this|that|all|ago|left|seen|more|just now|approve\w*|reject\w*|pending|requests?|loading|search|filters|risk|decided|expire[sd]|asked|show|settings|sign in|sign out|order|newest|most|highest|arguments|changes|copy|table|edit|note|working|waiting|reload|main|skip|lists|mine|created|browser's|messages|tool result|unread|confirm|cancel|type|word|link works|workspace|member|continue|connection)\b/gi;

/** English words that the page still has. */
export const leftovers = () => words().match(english) ?? [];
