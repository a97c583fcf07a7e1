import { MantineProvider } from "@mantine/core";
import { act, fireEvent, render, screen, waitFor, type RenderResult } from "@testing-library/react";
import { createClient, type Approval, type ApprovalFilter, type ApprovalStatusCounts } from "@heliograph/client";
import { WebSocketProvider } from "@heliograph/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { Suspense, type ComponentType, type ReactNode } from "react";
import { expect } from "vitest";
import { Route, Switch } from "wouter";
import { FakeCarriers } from "../../../packages/client/test/fake-carriers.js";
import { windowOf } from "../../../packages/react/src/lists.js";
import { AgentPage } from "../src/agents/agent-page.js";
import { AgentsPage } from "../src/agents/agents-page.js";
import { ApprovalsPage } from "../src/approvals/approvals-page.js";
import { OverviewPage } from "../src/overview/overview-page.js";
import { createQueries } from "../src/queries.js";
import { SessionContext } from "../src/session/session-context.js";
import type { Identity } from "../src/session/session.js";
import { Shell } from "../src/shell/shell.js";

export const ada: Identity = {
  member: { id: "mem_ada", name: "Ada", role: "operator" },
  workspace: { id: "ws_1", slug: "acme", name: "Acme" },
  session: { id: "ses_1" },
};

export function request(id: string, fields: Partial<Approval> = {}): Approval {
  return {
    id,
    workspaceId: "ws_1",
    agentId: "agt_1",
    title: `Refund order ${id}?`,
    risk: "low",
    tags: [],
    action: { name: "payments.refund", args: { order: id }, digest: `digest of ${id}` },
    allow: { approve: true, edit: true, respond: true, reject: true },
    status: "pending",
    createdAt: "2026-01-01T00:00:00.000Z",
    expiresAt: inMs(3_600_000 + Number(id.slice(-3)) * 1000),
    version: 1,
    ...fields,
  };
}

export function inMs(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}

export function decided(approval: Approval, by: { readonly id: string; readonly name: string }, status: "approved" | "rejected" = "approved", more: object = {}): Approval {
  const at = new Date().toISOString();
  return { ...approval, status, version: approval.version + 1, resolvedAt: at, resolution: { outcome: status, by: { type: "member", ...by }, at, ...more } };
}

/** The console of a member, with the server played by hand. */
export class Console {
  readonly carriers = new FakeCarriers();
  readonly client = createClient({ url: "http://server", getToken: () => Promise.resolve({ token: "t" }), overrides: this.carriers.overrides });
  readonly #rows = new Map<string, Approval>();
  #offset = 5;
  #unmount: (() => void) | undefined;

  constructor(rows: readonly Approval[]) {
    rows.forEach((row) => this.#rows.set(row.id, row));
    this.#answerAll();
    this.carriers.answer("/v1/agents", { data: [], asOf: "k1:5:x", counts: {} });
    this.carriers.answer("/v1/notifications", { data: [], unseen: 0, unread: 0, asOf: "k1:5:x" });
  }

  /** Shows the page, inside of `Frame`; returns when it is live and the request that it opens can be decided. */
  async open(path: string, Frame: ComponentType<{ children: ReactNode }> = Suspense): Promise<void> {
    history.replaceState(null, "", path);
    const { unmount } = await show(
      <MantineProvider env="test">
        <Frame>
          <QueryClientProvider client={createQueries()}>
            <SessionContext value={{ identity: ada, client: this.client }}>
              <WebSocketProvider client={this.client}>
                <Shell>
                  <Switch>
                    <Route path="/approvals" component={ApprovalsPage} />
                    <Route path="/approvals/:id" component={ApprovalsPage} />
                    <Route path="/" component={OverviewPage} />
                    <Route path="/agents" component={AgentsPage} />
                    <Route path="/agents/:id">{({ id }) => <AgentPage key={id} id={id} />}</Route>
                  </Switch>
                </Shell>
              </WebSocketProvider>
            </SessionContext>
          </QueryClientProvider>
        </Frame>
      </MantineProvider>,
    );
    this.#unmount = unmount;
    await waitUntil(() => expect(this.client.getState().status).toBe("live"));
    const [, id] = /^\/approvals\/([^?]+)/.exec(path) ?? [];
    if (id !== undefined && this.#rows.get(id)?.status === "pending") await ready(id);
  }

  /** As a reload does: only the tab's storage is left. */
  leave(): void {
    this.#unmount?.();
  }

  created(approval: Approval): void {
    this.#rows.set(approval.id, approval);
    this.#answerAll();
    this.#event("approval:created", approval.id, { approval, counts: this.#counts() });
  }

  /** Another member decides. */
  resolved(id: string, status: "approved" | "rejected" = "approved", by = { id: "mem_mara", name: "Mara" }, more: object = {}): void {
    const approval = decided(this.row(id), by, status, more);
    this.#rows.set(id, approval);
    this.#answerAll();
    this.#event("approval:resolved", id, { id, version: approval.version, status, resolution: approval.resolution, agentId: approval.agentId, counts: this.#counts() });
  }

  expired(id: string): void {
    const { version, expiresAt, agentId } = this.row(id);
    this.#event("approval:expired", id, { id, version: version + 1, expiresAt, expiredAt: new Date().toISOString(), agentId, counts: this.#counts() });
  }

  /** Somebody moves the deadline. */
  extended(id: string, expiresAt: string): void {
    const approval = { ...this.row(id), expiresAt, version: this.row(id).version + 1 };
    this.#rows.set(id, approval);
    this.#answerAll();
    this.#event("approval:updated", id, { id, version: approval.version, patch: { expiresAt } });
  }

  /** The server takes the next decision about a request, as one of Ada's. */
  accept(id: string, status: "approved" | "rejected" = "approved", more: object = {}): void {
    this.carriers.answer(`/v1/approvals/${id}/decision`, decided(this.row(id), ada.member, status, more));
  }

  refuse(id: string, code: string, approval: Approval): void {
    this.carriers.answer(`/v1/approvals/${id}/decision`, { code, status: 409, title: "no", approval }, 409);
  }

  row(id: string): Approval {
    const row = this.#rows.get(id);
    if (row === undefined) throw new Error(`there is no ${id}`);
    return row;
  }

  /** Ids of the requests for which a decision was sent, in order. */
  get sent(): string[] {
    return this.carriers.asked.flatMap((path) => /^\/v1\/approvals\/([^/]+)\/decision$/.exec(path)?.[1] ?? []);
  }

  get decisions(): Record<string, unknown>[] {
    return (this.carriers.bodies as Record<string, unknown>[]).filter((body) => "outcome" in body);
  }

  #event(type: string, id: string, data: unknown): void {
    this.#offset += 1;
    act(() => this.carriers.event(this.#offset, type, id, data));
  }

  /** As the server: a page of the rows of a filter in its order. */
  #page(query: URLSearchParams): object {
    const { limit = "50", cursor = "0", facets: counted, status, risk, q = "", ...others } = Object.fromEntries(query);
    const filter = { ...others, status: status?.split(","), risk: risk?.split(",") } as ApprovalFilter;
    const rows = windowOf(this.#rows, filter, undefined).filter((row) => hasWords(row, q));
    const end = Number(cursor) + Number(limit);
    return {
      data: rows.slice(Number(cursor), end),
      ...(end < rows.length ? { nextCursor: String(end) } : {}),
      asOf: `k1:${this.#offset}:x`,
      counts: this.#counts(),
      statusCounts: this.#statusCounts(),
      ...(counted === undefined
        ? {}
        : {
            facets: {
              risk: facets(rows, (row) => [row.risk]),
              agentId: facets(rows, (row) => [row.agentId]),
              action: facets(rows, (row) => [row.action.name]),
              tag: facets(rows, (row) => row.tags),
              capped: false,
            },
          }),
    };
  }

  #statusCounts(): ApprovalStatusCounts {
    const count = (status: string) => [...this.#rows.values()].filter((row) => row.status === status).length;
    return { pending: count("pending"), approved: count("approved"), rejected: count("rejected"), expired: count("expired"), cancelled: count("cancelled") };
  }

  #counts() {
    const pending = [...this.#rows.values()].filter((row) => row.status === "pending");
    return { pending: pending.length, critical: pending.filter((row) => row.risk === "critical").length };
  }

  #answerAll(): void {
    const rows = [...this.#rows.values()];
    this.carriers.answerBy("/v1/approvals", (url) => this.#page(url.searchParams));
    rows.forEach((row) => this.carriers.answer(`/v1/approvals/${row.id}`, row));
  }
}

/** Each word of `q` begins a word of the title, the action's name or a tag. */
function hasWords(row: Approval, q: string): boolean {
  const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const words = wordsOf([row.title, row.action.name, ...row.tags].join(" "));
  return wordsOf(q).every((wanted) => words.some((word) => word.startsWith(wanted)));
}

function facets(rows: readonly Approval[], valuesOf: (row: Approval) => readonly string[]): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const value of rows.flatMap(valuesOf)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count }));
}

/**
 * Renders what may suspend at once. A render that suspends within a call of `act` that nobody awaits is lost: React never shows the part, or
 * only sometimes.
 */
export function show(page: ReactNode): Promise<RenderResult> {
  return act(() => Promise.resolve(render(page)));
}

/** Waits up to 20 seconds, which a loaded machine may need. React renders while it waits. */
export function waitUntil(holds: () => void): Promise<void> {
  return waitFor(holds, { timeout: 20_000, interval: 10 });
}

/** Waits until a request is open and takes decisions. */
export function ready(id: string): Promise<void> {
  return waitUntil(() => {
    expect(openId()).toBe(id);
    expect(screen.getByTestId("approve-button").getAttribute("aria-disabled")).toBeNull();
  });
}

export function openId(): string | undefined {
  return screen.queryByTestId("approval-detail")?.dataset["approvalId"];
}

export function row(id: string): HTMLElement {
  const found = screen.getAllByTestId("approval-row").find((element) => element.dataset["approvalId"] === id);
  if (found === undefined) throw new Error(`no row shows ${id}`);
  return found;
}

export const approveButton = () => screen.getByTestId("approve-button");
export const note = () => screen.getByLabelText<HTMLTextAreaElement>("A note to the agent");

/** A key press where the focus is. Returns false when the page prevented the default. */
export function press(key: string, more: KeyboardEventInit = {}): boolean {
  return fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
}
