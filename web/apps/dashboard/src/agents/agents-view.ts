import type { Agent, AgentStatus } from "@heliograph/client";

export const agentStates = ["working", "waiting_approval", "idle", "error", "offline"] as const satisfies readonly AgentStatus[];

/** Which agents the list shows, as the address says it. */
export interface AgentsView {
  /** Part of a name, in any case; empty for all. */
  readonly name: string;
  /** Empty for all. */
  readonly states: readonly AgentStatus[];
}

export const allAgents: AgentsView = { name: "", states: [] };

/** Longer parts of names are cut. */
export const MAX_NAME = 100;

/** Reads the view from a query string. What is unknown is ignored. */
export function agentsViewOf(search: string): AgentsView {
  const parameters = new URLSearchParams(search);
  const wanted = (parameters.get("state") ?? "").split(",");
  return { name: nameOf(parameters.get("name") ?? ""), states: agentStates.filter((state) => wanted.includes(state)) };
}

/** The query string of a view: empty for all agents, else with its `?`. */
export function agentsSearchOf({ name, states }: AgentsView): string {
  const parameters = new URLSearchParams();
  if (name !== "") parameters.set("name", name);
  if (states.length > 0) parameters.set("state", states.join(","));
  const search = parameters.toString();
  return search === "" ? "" : `?${search}`;
}

export function areNarrowed({ name, states }: AgentsView): boolean {
  return name !== "" || states.length > 0;
}

/** What is looked for when this is typed. */
export function nameOf(typed: string): string {
  return typed.trim().replace(/\s+/g, " ").slice(0, MAX_NAME);
}

export function isNamed(agent: Agent, name: string): boolean {
  return agent.name.toLocaleLowerCase().includes(name.toLocaleLowerCase());
}

/** The view with a state more, or without it. */
export function withState(view: AgentsView, state: AgentStatus): AgentsView {
  return { ...view, states: agentStates.filter((known) => view.states.includes(known) !== (known === state)) };
}
