import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";

const { number } = formats("en");

/** What the sections around a request say. They are loaded when they are opened. */
export const contextTexts = catalogue(
  {
    tryAgain: "Try again",
    historyNotLoaded: (reason: string) => `The history could not be loaded: ${reason}`,
    historyCut: (count: number) => `The first ${number(count)} entries are shown.`,
    noHistory: "Nothing is kept of this request.",
    extendedTo: (time: string) => `Extended the deadline to ${time}`,
    messagesNotLoaded: (reason: string) => `The messages could not be loaded: ${reason}`,
    noMessages: "The agent has written nothing.",
    allMessages: "All messages of the agent",
  },
  () => import("./context-texts.de.js").then(({ german }) => german),
);
