import { catalogue } from "../shared/language.js";

/** What the preview of an action says. It is loaded with the preview. */
export const previewTexts = catalogue(
  {
    layout: "Layout of the changes",
    inline: "Inline",
    split: "Side by side",
    noDifference: "Nothing differs.",
  },
  () => import("./preview-texts.de.js").then(({ german }) => german),
);
