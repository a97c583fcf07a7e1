import { catalogue } from "../shared/language.js";
import { formats } from "../shared/formats.js";

const { plural } = formats("en");

/** What the tree of JSON says. */
export const treeTexts = catalogue(
  {
    openAll: "Open all",
    closeAll: "Close all",
    items: (count: number) => plural(count, { one: "# item", other: "# items" }),
    fields: (count: number) => plural(count, { one: "# field", other: "# fields" }),
  },
  () => import("./tree-texts.de.js").then(({ german }) => german),
);
