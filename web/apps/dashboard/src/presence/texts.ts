import { formats } from "../shared/formats.js";
import { catalogue } from "../shared/language.js";

const { number, plural } = formats("en");

export const presenceTexts = catalogue(
  {
    /** Stands behind the name of one member. */
    isLooking: "is looking",
    /** Stands behind the names of several members. */
    areLooking: "are looking",
    andOthers: (count: number) => `and ${number(count)} more`,
    online: (count: number) => plural(count, { one: "# other member is online", other: "# other members are online" }),
    title: "Online now",
    looking: "Looking at a request",
    truncated: "Not all members are listed",
  },
  () => import("./texts.de.js").then(({ german }) => german),
);
