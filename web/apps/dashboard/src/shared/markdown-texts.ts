import type { ReactNode } from "react";
import { catalogue } from "./language.js";
import { rich } from "./rich.js";

export const markdownTexts = catalogue(
  {
    image: (alt: ReactNode) => rich`[image: ${alt}]`,
    part: "The text",
    unformatted: "Shown without formatting: the text is too large or too deeply nested.",
  },
  () => import("./markdown-texts.de.js").then(({ german }) => german),
);
