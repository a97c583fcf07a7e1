import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";

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
  },
  () => import("./texts.de.js").then(({ german }) => german),
);
