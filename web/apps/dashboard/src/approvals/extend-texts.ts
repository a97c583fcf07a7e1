import type { ReactNode } from "react";
import { catalogue } from "../shared/language.js";
import { rich } from "../shared/rich.js";

/** What the menu of later deadlines says. */
export const extendTexts = catalogue(
  {
    extend: "Extend",
    menu: "Extend the deadline",
    by: (span: string) => `+${span}`,
    extended: (time: string) => `The deadline is ${time} now.`,
    failed: (reason: ReactNode) => rich`The deadline was not extended: ${reason}`,
  },
  () => import("./extend-texts.de.js").then(({ german }) => german),
);
