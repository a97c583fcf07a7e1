import type { ReactNode } from "react";
import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";
import { rich } from "../shared/rich.js";

const { number, plural } = formats("en");

export const agentsTexts = catalogue(
  {
    title: "Agents",
    states: { working: "Working", waiting_approval: "Waiting for approval", idle: "Idle", error: "Error", offline: "Offline" },
    /** Of a number of agents in one state. */
    counts: {
      working: (count: number) => `${number(count)} working`,
      waiting_approval: (count: number) => `${number(count)} waiting`,
      idle: (count: number) => `${number(count)} idle`,
      error: (count: number) => `${number(count)} in error`,
      offline: (count: number) => `${number(count)} offline`,
    },
    pending: (count: number) => `${number(count)} pending`,
    nothingReported: "Nothing reported",
    loading: "Loading the agents",
    none: "No agents",
    noneText: "An agent appears with its first request, or when it registers with its API key.",
    notLoaded: "The agents could not be loaded",
    reload: "Reload",
    seen: (ago: ReactNode) => rich`seen ${ago}`,
    /** Names of parts of the page, for what could not be shown. */
    parts: { transcript: "The transcript", message: "The message", side: "The requests and facts", metadata: "The metadata" },
    notFound: "Agent not found",
    all: "All agents",
    filters: "Filters",
    clearFilters: "Clear filters",
    name: "Name",
    filterByName: "Filter by name",
    shownOf: (shown: number, total: number) => plural(total, { one: `${number(shown)} of # agent`, other: `${number(shown)} of # agents` }),
    noneMatch: "No agents match the filters",
    facts: {
      title: "About this agent",
      statusText: "Status text",
      kind: "Kind",
      key: "API key",
      lastSeen: "Last seen",
      /** Of the span of the lease. */
      seenWithin: (span: string) => `in the last ${span}`,
      registered: "Registered",
      metadata: (fields: number) => plural(fields, { one: "Metadata: # field", other: "Metadata: # fields" }),
    },
    decisions: {
      title: "Decisions in the last 24 hours",
      none: "No request was decided or expired in this time.",
      notLoaded: "The decisions could not be loaded.",
      approved: "Approved",
      rejected: "Rejected",
      responded: "Answered",
      expired: "Expired",
      /** `share`: of those that were decided. */
      share: (count: number, share: string) => `${number(count)} (${share})`,
      chart: (count: number) => plural(count, { one: "# decision, by hour", other: "# decisions, by hour" }),
    },
    requests: "Pending requests",
    /** `more`: there are others behind those that are counted. */
    requestsWait: (count: number, more: boolean) => (count === 0 ? "No pending requests" : plural(count, { one: "# pending request", other: more ? "more than # pending requests" : "# pending requests" })),
    requestsNotLoaded: "The requests could not be loaded.",
    allRequests: "All requests of this agent",
    messages: "Messages",
    messagesNotLoaded: "The messages could not be loaded",
    noMessages: "No messages yet",
    noMessagesText: "Messages appear here while the agent writes them.",
    noMatchingMessages: "None of the messages that were looked through match the filters.",
    logBegins: "The log begins here",
    loadEarlier: "Load earlier messages",
    loadingEarlier: "Loading earlier messages…",
    earlierNotLoaded: "Earlier messages could not be loaded.",
    tryAgain: "Try again",
    toLatest: "Jump to latest",
    toLatestWithNew: (count: number) => `Jump to latest · ${number(count)} new`,
    newerNotShown: (count: number) => plural(count, { one: "# newer message is not shown.", other: "# newer messages are not shown." }),
    logFilters: {
      label: "Filters of the messages",
      kinds: { text: "Text", tool: "Tools", log: "Logs", error: "Errors" },
      role: "Written by",
      anyRole: "By anyone",
      roles: { agent: "By the agent", tool: "By tools", operator: "By operators", system: "By the system" },
      /** `total`: messages that were looked through. */
      matches: (count: number, total: number) => plural(total, { one: `${number(count)} of # message`, other: `${number(count)} of # messages looked through` }),
    },
    writing: "writing…",
    kinds: { tool_call: "calls a tool", tool_result: "tool result", log: "log", error: "error" },
    roles: { agent: "agent", tool: "tool", operator: "operator", system: "system" },
  },
  () => import("./texts.de.js").then(({ german }) => german),
);
