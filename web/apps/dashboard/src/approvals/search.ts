import type { Approval } from "@heliograph/client";

/** Rows whose title, agent, action or tags contain every word. */
export function searched(rows: readonly Approval[], text: string, agentName: (id: string) => string): readonly Approval[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const haystack = [row.title, agentName(row.agentId), row.action.name, row.risk, ...row.tags].join(" ").toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}
