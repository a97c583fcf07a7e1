import type { Approval } from "@heliograph/client";

export type QueueOrder = "deadline" | "risk" | "newest";

const weight: Readonly<Record<Approval["risk"], number>> = { critical: 0, high: 1, medium: 2, low: 3 };

/** Sorts by deadline, by risk, or by age. Ties: the earlier deadline first, then the smaller id. */
export function orderQueue(rows: readonly Approval[], order: QueueOrder): readonly Approval[] {
  const byDeadline = (a: Approval, b: Approval) => compare(a.expiresAt, b.expiresAt) || compare(a.id, b.id);
  switch (order) {
    case "deadline":
      return rows.toSorted(byDeadline);
    case "risk":
      return rows.toSorted((a, b) => weight[a.risk] - weight[b.risk] || byDeadline(a, b));
    case "newest":
      return rows.toSorted((a, b) => compare(b.createdAt, a.createdAt) || compare(b.id, a.id));
  }
}

/** Rows whose title, agent, action or tags contain every word. */
export function searched(rows: readonly Approval[], text: string, agentName: (id: string) => string): readonly Approval[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const haystack = [row.title, agentName(row.agentId), row.action.name, row.risk, ...row.tags].join(" ").toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
