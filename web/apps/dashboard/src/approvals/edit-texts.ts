import type { ReactNode } from "react";
import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";
import { rich } from "../shared/rich.js";

const { plural } = formats("en");

/** What the form of arguments and the list of an edit's changes say. They are loaded when something is edited. */
export const editTexts = catalogue(
  {
    title: "Arguments to approve instead",
    changes: "Changes of your edit",
    changeCount: (count: number) => plural(count, { one: "Your edit changes # value", other: "Your edit changes # values" }),
    noChange: "Your edit changes no value, only how they are written",
    moreChanges: (count: number) => plural(count, { one: "and # more", other: "and # more" }),
    whole: "all arguments",
    added: "added:",
    removed: "removed",
    becomes: "→",
    root: "its beginning",
    /** Why there is no form; `at` is a place in the schema or in the arguments. */
    notDrawn: {
      keyword: (name: ReactNode, at: ReactNode) => rich`The form does not have ${name}, which the agent's schema uses at ${at}. Edit the text.`,
      type: (at: ReactNode) => rich`The agent's schema names no type that the form has at ${at}. Edit the text.`,
      depth: (at: ReactNode) => rich`The agent's schema is nested too deep for the form at ${at}. Edit the text.`,
      value: (at: ReactNode) => rich`The arguments do not fit the agent's schema at ${at}. Edit the text.`,
    },
    others: "Not in the form, kept as they are:",
    leftOut: "left out",
    add: "Add",
    leaveOut: "Leave out",
    addItem: "Add an item",
    removeItem: (index: number) => `Remove [${index}]`,
    locked: "This text has hidden or misleading characters. Edit it as text.",
    faults: {
      required: "Required",
      number: "A number is expected, such as 12.5",
      integer: "A whole number is expected",
      choice: "None of the values that the schema allows",
      pattern: "Not of the form that the schema asks for",
      minimum: (limit: number) => `At least ${limit}`,
      above: (limit: number) => `More than ${limit}`,
      maximum: (limit: number) => `At most ${limit}`,
      below: (limit: number) => `Less than ${limit}`,
      minLength: (limit: number) => plural(limit, { one: "At least # character", other: "At least # characters" }),
      maxLength: (limit: number) => plural(limit, { one: "At most # character", other: "At most # characters" }),
      minItems: (limit: number) => plural(limit, { one: "At least # item", other: "At least # items" }),
      maxItems: (limit: number) => plural(limit, { one: "At most # item", other: "At most # items" }),
    },
  },
  () => import("./edit-texts.de.js").then(({ german }) => german),
);

export type EditTexts = typeof editTexts.en;
