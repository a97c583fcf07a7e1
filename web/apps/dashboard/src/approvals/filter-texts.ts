import type { Period } from "./view.js";

export type FilterKind = "risk" | "agentId" | "action" | "tag" | "time" | "by";

export const filterLabels: Readonly<Record<FilterKind, string>> = { risk: "Risk", agentId: "Agent", action: "Action", tag: "Tag", time: "Created", by: "Decided by" };

export const periodTexts: Readonly<Record<Period, string>> = { hour: "Last hour", today: "Today", week: "Last 7 days" };
