import { catalogue } from "../shared/language.js";

/** What the menus of the filters say. */
export const filterTexts = catalogue(
  {
    risks: { critical: "Critical", high: "High", medium: "Medium", low: "Low" },
    notLoaded: (problem: string) => `The values could not be loaded: ${problem}`,
    tryAgain: "Try again",
    loading: "Loading…",
    noValue: "No request has a value here.",
    mostFrequent: "The 20 most frequent values.",
    capped: "Of the newest 10,000 requests.",
    membersNotLoaded: (problem: string) => `The members could not be loaded: ${problem}`,
    periods: { hour: "Last hour", today: "Today", week: "Last 7 days" },
    from: "From",
    to: "To",
    reversed: "From has to be before To.",
    apply: "Apply",
  },
  () => import("./filter-texts.de.js").then(({ german }) => german),
);
