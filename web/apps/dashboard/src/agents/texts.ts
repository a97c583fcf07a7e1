import type { ReactNode } from "react";
import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";
import { rich } from "../shared/rich.js";

const { number } = formats("en");

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
    parts: { transcript: "The transcript", message: "The message" },
    notFound: "Agent not found",
    all: "All agents",
    byKey: (name: ReactNode) => rich`by key ${name}`,
    requests: "Requests of this agent",
    messages: "Messages",
    messagesNotLoaded: "The messages could not be loaded",
    noMessages: "No messages yet",
    noMessagesText: "Messages appear here while the agent writes them.",
    writing: "writing…",
    kinds: { tool_call: "calls a tool", tool_result: "tool result", log: "log", error: "error" },
    roles: { agent: "agent", tool: "tool", operator: "operator", system: "system" },
  },
  () => import("./texts.de.js").then(({ german }) => german),
);
