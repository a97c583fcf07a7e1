import type { NewView, SavedView } from "@heliograph/client";

/** The screens that have views. */
export type Screen = NewView["screen"];

const screens: readonly Screen[] = ["approvals", "agents", "activity"];

/** The address of a view; undefined for a screen that this dashboard does not have. */
export function pathOf({ screen, query }: SavedView): string | undefined {
  const known = screens.find((name) => name === screen);
  if (known === undefined) return undefined;
  const search = query.replace(/^\?/, "");
  return `/${known}${search === "" ? "" : `?${search}`}`;
}
