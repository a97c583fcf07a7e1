import type { ReactNode } from "react";
import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";
import { rich } from "../shared/rich.js";

const { number } = formats("en");

export const overviewTexts = catalogue(
  {
    title: "Overview",
    loading: "Loading",
    /** Names of parts of the page, for what could not be shown or loaded. */
    parts: { page: "The overview", needsYou: "The list of urgent requests", pending: "The number of requests", agents: "The list of agents", decisions: "The decisions", activity: "The activity", firstRun: "The first steps" },
    needsYou: {
      title: "Needs you now",
      lists: { critical: "Critical", expiring: "Expires within 5 minutes", mine: "Claimed by you" },
      /** Links to the whole list. */
      all: { critical: "All critical requests", expiring: "All pending requests", mine: "All that you claimed" },
      none: "No critical request, none that expires within 5 minutes, and none that you claimed.",
      /** When there are more pending requests than were looked through. */
      partial: (count: number) => `Looked through the ${number(count)} pending requests that expire first.`,
    },
    pending: {
      title: "Pending requests",
      critical: (count: number) => `${number(count)} critical`,
      none: "No pending requests",
      oldest: (ago: ReactNode) => rich`The oldest was made ${ago}`,
      oldestOf: (ago: ReactNode, count: number) => rich`The oldest of the ${number(count)} that expire first was made ${ago}`,
      open: "Open the queue",
    },
    agents: { title: "Agents", none: "No agents", open: "Open the list of agents" },
    decisions: {
      title: "Decisions in the last 24 hours",
      none: "No request was decided or expired in this time.",
      decided: "Decided",
      expired: "Expired",
      median: "Median time to decide",
      expiredShare: "Share that expired",
      editedShare: "Share edited, of the approved",
      byPeople: "By people",
      byRules: "By rules",
      unknown: "not known yet",
      perHour: "Decisions per hour",
      perDay: "Decisions per day",
      /** What a chart shows, for screen readers. */
      chart: (decided: number, expired: number, most: number, at: string) => `${number(decided)} decided and ${number(expired)} expired; most at ${at}, ${number(most)} in all`,
      bar: (at: string, decided: number, expired: number) => `${at}: ${number(decided)} decided, ${number(expired)} expired`,
      table: "Show as a table",
      columns: { at: "From", created: "Created", approved: "Approved", rejected: "Rejected", responded: "Answered", expired: "Expired", cancelled: "Cancelled" },
      truncated: (from: string) => `Counted from ${from}: there are too many requests before.`,
    },
    activity: {
      title: "Latest activity",
      decisions: "Latest decisions",
      none: "Nothing has happened yet.",
      noDecisions: "No request was decided yet.",
      open: "Open the activity",
      openDecided: "Open the decided requests",
    },
    firstRun: {
      title: "Nothing has happened here yet",
      text: "Agents appear with their first request. There are two ways to begin.",
      demo: "See a demonstration",
      demoText: "This command starts Heliograph with demonstration agents, which ask for approvals. Run it in the directory of Heliograph.",
      ask: "Be an agent",
      key: (link: ReactNode) => rich`An owner or admin makes an API key in ${link}. The key is shown once.`,
      keyLink: "Settings → API keys",
      shell: (command: ReactNode) => rich`Put the key into the variable KEY of your shell: ${command} reads it without showing it.`,
      curl: "Ask for an approval with this command:",
      queue: (link: ReactNode) => rich`The request appears in ${link} at once. Approve or reject it there.`,
      queueLink: "Approvals",
      copy: "Copy",
      copied: "Copied",
      copyByHand: "The browser does not let this page copy. Select the text and copy it.",
      copyOf: (what: string) => `Copy: ${what}`,
    },
  },
  () => import("./texts.de.js").then(({ german }) => german),
);
