import type { LinkMaker } from "@heliograph/client";

/** Such as `Mara`, or `Mara and then Olga` when Mara made the link by which Olga was signed in. */
export function linkMakersText(makers: readonly LinkMaker[]): string {
  return makers.map(({ name }) => isolated(name)).join(" and then ");
}

/** A name that neither reorders the text around it nor is reordered by it (Unicode's first-strong isolate). */
function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
