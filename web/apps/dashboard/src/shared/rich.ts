import { createElement, Fragment, type ReactNode } from "react";

/** A text with elements in it, for texts of a catalogue: rich`Sign in to ${name}`. */
export function rich(texts: TemplateStringsArray, ...values: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...texts.flatMap((text, index) => [text, values[index]]));
}
