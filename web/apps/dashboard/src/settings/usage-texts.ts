import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";

const { number, plural } = formats("en");

/** Limits by their name; one that is not here is shown by its name. */
const limits: Readonly<Record<string, string>> = {
  pendingApprovals: "Pending requests",
  agents: "Agents",
  members: "Members",
  apiKeys: "API keys",
  sessions: "Signed-in browsers",
  storage: "Stored data",
  messages: "Messages of an agent",
  views: "Saved views",
  sharedViews: "Shared views",
  reads: "Reading calls",
  writes: "Changing calls",
  asks: "Calls that ask for an approval",
  sockets: "Open connections",
  longPolls: "Long polls for events",
  waits: "Calls that wait for a decision",
  auditExports: "Exports of the activity",
  publishes: "Events published",
  eventTypes: "Types of events with a schema",
};

/** What the section of usage says. */
export const usageTexts = catalogue(
  {
    text: "The limits of this workspace, and how much of them is used. All members can see it.",
    scopes: { workspace: "The workspace", caller: "You", agent: "The agent that uses most" },
    limit: "Limit",
    used: "Used",
    setting: "Setting of the server",
    limits,
    usedOf: (used: string, limit: string) => `${used} of ${limit}`,
    perSecond: (count: number) => `${number(count)} come back per second`,
    perNode: "On the node that answered",
    nearly: (share: string) => `${share} used`,
    full: "Used up",
    warning: (count: number) => plural(count, { one: "# limit is at least 80% used.", other: "# limits are at least 80% used." }),
    calm: "No limit is near.",
    refresh: "Refresh",
    readAt: (time: string) => `As of ${time}`,
    notRefreshed: (problem: string) => `Not refreshed: ${problem}`,
  },
  () => import("./usage-texts.de.js").then(({ german }) => german),
);
