import type { AgentMessage } from "@heliograph/client";

/** Kinds of messages that are chosen together: calls of tools and their results are one. */
export const kindGroups = ["text", "tool", "log", "error"] as const;
export type KindGroup = (typeof kindGroups)[number];

export const logRoles = ["agent", "tool", "operator", "system"] as const;
export type LogRole = (typeof logRoles)[number];

/** Which messages of a log are shown, as the address says it. */
export interface LogView {
  /** Empty for all, also those of a kind that is not known here. */
  readonly kinds: readonly KindGroup[];
  readonly role: LogRole | undefined;
}

export const wholeLog: LogView = { kinds: [], role: undefined };

/** Reads the view from a query string. What is unknown is ignored. */
export function logViewOf(search: string): LogView {
  const parameters = new URLSearchParams(search);
  const wanted = (parameters.get("kind") ?? "").split(",");
  const role = parameters.get("role");
  return { kinds: kindGroups.filter((kind) => wanted.includes(kind)), role: logRoles.find((known) => known === role) };
}

/** The query string of a view: empty for the whole log, else with its `?`. */
export function logSearchOf({ kinds, role }: LogView): string {
  const parameters = new URLSearchParams();
  if (kinds.length > 0) parameters.set("kind", kinds.join(","));
  if (role !== undefined) parameters.set("role", role);
  const search = parameters.toString();
  return search === "" ? "" : `?${search}`;
}

export function isNarrowed({ kinds, role }: LogView): boolean {
  return kinds.length > 0 || role !== undefined;
}

export function isInView({ kind, role }: Pick<AgentMessage, "kind" | "role">, view: LogView): boolean {
  return (view.kinds.length === 0 || view.kinds.some((group) => group === groupOf(kind))) && (view.role === undefined || view.role === role);
}

/** The view with a kind more, or without it. */
export function withKind(view: LogView, kind: KindGroup): LogView {
  const kinds = kindGroups.filter((known) => view.kinds.includes(known) !== (known === kind));
  return { ...view, kinds };
}

function groupOf(kind: AgentMessage["kind"]): string {
  return kind === "tool_call" || kind === "tool_result" ? "tool" : kind;
}
