import { useAgents } from "@heliograph/react";

/** An agent's name; its id until the name is known. */
export function useAgentName(id: string): string {
  return useAgentNames()(id);
}

/** Names by id. */
export function useAgentNames(): (id: string) => string {
  const { agents } = useAgents();
  return (id) => agents.find((agent) => agent.id === id)?.name ?? id;
}
