import type { Risk } from "@heliograph/client";
import { catalogue } from "./language.js";
import { formats } from "./formats.js";

const { number } = formats("en");

export const sharedTexts = catalogue(
  {
    justNow: "just now",
    ago: (span: string) => `${span} ago`,
    risks: { low: "Low risk", medium: "Medium risk", high: "High risk", critical: "Critical risk" } satisfies Record<Risk, string>,
    notFound: "Page not found",
    backToApprovals: "Back to approvals",
    /** Of a part of the page; `name` is a text such as `The queue`. */
    partNotLoaded: (name: string) => `${name} could not be loaded`,
    partNotLoadedText: "Heliograph may have been updated, or the connection was lost. What you typed is kept.",
    reloadPage: "Reload the page",
    partNotShown: (name: string) => `${name} could not be shown`,
    partNotShownText: "The rest of the page works.",
    reload: "Reload",
    /** Behind the codes of some characters. */
    andMore: (count: number) => ` and ${number(count)} more`,
    hasHidden: "(has hidden or misleading characters)",
    showAll: (characters: number) => `… ${number(characters)} characters, show all`,
    /** Before and behind an example of a code. */
    hiddenWarning: [
      "This request has characters that are invisible, change the order of the text, or look like others. They are shown by their codes, such as",
      "Read it with care.",
    ],
    hostBeforeAt: "what stands before the @ is not the host",
    hostNotAscii: "a host with letters outside of ASCII",
  },
  () => import("./texts.de.js").then(({ german }) => german),
);
