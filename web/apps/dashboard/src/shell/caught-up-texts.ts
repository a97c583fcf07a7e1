import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";

const { number, plural } = formats("en");

/** What the summary of a catch-up says. */
export const caughtUpTexts = catalogue(
  {
    title: "While you were away",
    created: (count: number) => plural(count, { one: "# new request", other: "# new requests" }),
    decided: (count: number) => `${number(count)} decided`,
    expired: (count: number) => `${number(count)} expired`,
    agents: (count: number) => plural(count, { one: "# agent changed", other: "# agents changed" }),
  },
  () => import("./caught-up-texts.de.js").then(({ german }) => german),
);
