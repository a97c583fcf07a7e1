import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";

const { number, plural } = formats("en");

export const paletteTexts = catalogue(
  {
    title: "Go to or do",
    placeholder: "Screen, action, agent or request",
    none: "Nothing has this name",
    /** For screen readers. */
    results: (count: number) => plural(count, { one: "# result", other: "# results" }),
    more: (count: number) => `The first ${number(count)} are shown. Type more to find others.`,
    groups: { screens: "Screens", views: "Saved views", settings: "Settings", actions: "Actions", agents: "Agents", requests: "Pending requests" },
    settings: { members: "Members", "api-keys": "API keys", sessions: "Sessions", notifications: "Notifications", usage: "Usage", appearance: "Appearance", shortcuts: "Shortcuts" },
    search: (words: string) => `Search all requests for “${words}”`,
    shortcuts: "Show the keyboard shortcuts",
    signOut: "Sign out",
    /** Of a preference and one of its values: `Language: Deutsch`. */
    choose: (preference: string, value: string) => `${preference}: ${value}`,
    keys: "Arrow keys choose, Enter opens, Escape closes.",
  },
  () => import("./texts.de.js").then(({ german }) => german),
);
