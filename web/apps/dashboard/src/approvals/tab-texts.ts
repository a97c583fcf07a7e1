import type { Tab } from "./view.js";

interface TabTexts {
  readonly label: string;
  /** Names the list. */
  readonly list: string;
  /** What is shown when the list is empty, in two sentences. */
  readonly empty: readonly [title: string, text: string];
}

export const tabTexts: Readonly<Record<Tab, TabTexts>> = {
  pending: { label: "Pending", list: "Pending requests", empty: ["You're all caught up", "New requests appear here automatically."] },
  mine: {
    label: "Mine",
    list: "Requests that you have claimed",
    empty: ["You have claimed no requests", "A request is claimed while you have it open, or when you press c. Others see then that you are on it."],
  },
  decided: { label: "Decided", list: "Decided requests", empty: ["No decided requests", "Requests that are approved, rejected or cancelled appear here."] },
  expired: { label: "Expired", list: "Expired requests", empty: ["No expired requests", "Requests that nobody decided in time appear here."] },
  all: { label: "All", list: "All requests", empty: ["No requests yet", "A request appears here as soon as an agent makes one."] },
};
