import { MantineProvider } from "@mantine/core";
import type { Agent, AgentMessage, Approval, Decision, HeliographClient, MarkChange, MarkTarget, Notification } from "@heliograph/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, type RenderResult } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { SessionContext } from "../src/session/session-context.js";
import type { Session } from "../src/session/session.js";

/** What the hooks of @heliograph/react answer, for tests of what is shown. */
export interface World {
  approvals: readonly Approval[];
  agents: readonly Agent[];
  messages: readonly AgentMessage[];
  notifications: readonly Notification[];
  askedBy: { readonly name: string } | undefined;
  decide: (approval: Approval, decision: Omit<Decision, "digest">) => Promise<Approval | undefined>;
  mark: (target: MarkTarget, change: MarkChange) => Promise<void>;
  failure: Error | undefined;
  /** The server's text of an approval. */
  approvalText: (id: string) => Promise<string>;
}

const never = () => new Promise<never>(() => undefined);
export const world: World = {} as World;

export function resetWorld(): void {
  const empty: World = { approvals: [], agents: [], messages: [], notifications: [], askedBy: undefined, decide: never, mark: never, failure: undefined, approvalText: never };
  Object.assign(world, empty);
  sessionStorage.clear();
}

/** For `vi.mock("@heliograph/react", reactOfWorld)`. */
export async function reactOfWorld(original: () => Promise<object>): Promise<object> {
  const list = { isLoading: false, error: null, refetch: () => undefined };
  return {
    ...(await original()),
    useApprovals: () => ({ ...list, approvals: world.approvals, counts: { pending: world.approvals.length, critical: 0 }, hasMore: false, loadMore: never, lookup: (id: string) => world.approvals.find((row) => row.id === id) }),
    useApproval: (id: string) => ({ ...list, approval: world.approvals.find((row) => row.id === id) }),
    useAgents: () => ({ ...list, agents: world.agents, counts: {} }),
    useAgentMessages: () => ({ ...list, messages: world.messages, hasMore: false, loadMore: never, isLoadingMore: false, newer: 0, loadNewest: never }),
    useNotifications: () => ({ ...list, notifications: world.notifications, unseen: 0, unread: 1, mark: world.mark }),
    useAskedBy: () => world.askedBy,
    useDecision: () => ({ state: world.failure === undefined ? undefined : { state: "failed", error: world.failure, decision: { outcome: "approved", digest: "" } }, decide: world.decide, dismiss: () => undefined }),
    useConnectionStatus: () => ({ canWrite: true, banner: null, tone: "good", label: "Live", hint: "" }),
    useDecisionStatistics: () => ({ statistics: undefined, isLoading: true, error: null, refetch: () => undefined }),
    usePresence: () => ({ members: [], truncated: false, others: [], lookingAt: () => [] }),
    useLooking: () => undefined,
    useWebSocket: () => ({ connection: { clockSkewMs: 0 } }),
    useNow: () => Date.parse("2026-01-01T00:01:00.000Z"),
  };
}

export function show(children: ReactNode): RenderResult {
  const client = { rest: { approvalText: (id: string) => world.approvalText(id), claim: vi.fn(never) } } as unknown as HeliographClient;
  const session: Session = {
    client,
    identity: { member: { id: "mem_1", name: "Ada", role: "operator" }, workspace: { id: "ws_1", slug: "acme", name: "Acme" }, session: { id: "ses_1" } },
  };
  return render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <SessionContext value={session}>{children}</SessionContext>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

export function approval(fields: Partial<Approval> = {}): Approval {
  return {
    id: "apr_1",
    workspaceId: "ws_1",
    agentId: "agt_1",
    title: "Refund order 9?",
    risk: "low",
    tags: [],
    action: { name: "refund", args: {}, digest: "d" },
    allow: { approve: true, edit: true, respond: true, reject: true },
    status: "pending",
    createdAt: "2026-01-01T00:00:00.000Z",
    expiresAt: "2026-01-01T01:00:00.000Z",
    version: 1,
    ...fields,
  };
}

export function agent(fields: Partial<Agent> = {}): Agent {
  return {
    id: "agt_1",
    name: "Refund desk",
    status: "working",
    lease: { seconds: 60 },
    lastSeenAt: "2026-01-01T00:00:00.000Z",
    pendingApprovals: 0,
    version: 1,
    ...fields,
  };
}
