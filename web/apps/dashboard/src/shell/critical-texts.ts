import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";

const { plural } = formats("en");

/** What a screen reader says of new critical requests. */
export const criticalTexts = catalogue(
  {
    one: (title: string) => `New critical request: ${title}`,
    several: (count: number) => plural(count, { one: "# new critical request", other: "# new critical requests" }),
  },
  () => import("./critical-texts.de.js").then(({ german }) => german),
);
