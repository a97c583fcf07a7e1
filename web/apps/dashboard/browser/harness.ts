import { chromium, type Browser, type Page } from "playwright-core";
import { fileURLToPath } from "node:url";
import { expect, vi } from "vitest";
import { FakeServer } from "../../../packages/client/test/fake-server.js";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

/** Waits until something holds, for ten seconds at most. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  await vi.waitFor(async () => expect(await holds()).toBe(true), { timeout: 10_000, interval: 30 });
}

/** How many rows the list of requests has, in the page or not. */
export async function rowsIn(page: Page): Promise<number> {
  const row = page.locator("[data-testid=approval-queue] > li").first();
  return (await row.count()) === 0 ? 0 : Number(await row.getAttribute("aria-setsize"));
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A server with the built dashboard and a little life in it. */
export async function serveDashboard(): Promise<FakeServer> {
  const server = await FakeServer.start({ dist });
  const seconds = (count: number) => new Date(Date.now() + count * 1000).toISOString();
  server.report({ id: "agt_1", name: "Refund desk", kind: "support", status: "waiting_approval", currentTask: "Working through today's refund queue", pendingApprovals: 2 });
  server.report({ id: "agt_2", name: "Deployer", kind: "infrastructure", status: "working", currentTask: "Rolling out payments 4.12 to eu-west" });
  server.report({ id: "agt_3", name: "Ledger clerk", kind: "finance", status: "idle", statusText: "Waiting for the next statement" });
  server.report({ id: "agt_4", name: "Mail sorter", status: "error", error: "The mailbox answered 503 five times" });
  server.report({ id: "agt_5", name: "Night watch", status: "offline", lastSeenAt: seconds(-7_200) });
  server.ask({
    title: "Refund order 1042 in full?",
    risk: "high",
    tags: ["refund", "vip"],
    createdAt: seconds(-95),
    expiresAt: seconds(412),
    description: "The customer received a **damaged** parcel and sent photographs. The policy allows a full refund within 30 days.\n\n- ordered 12 days ago\n- second complaint this year",
    reasoning: "Order 1042 was delivered damaged (photos attached, carrier confirmed). Policy R-4 allows a full refund; the amount is above my limit of 50 €.",
    confidence: 0.87,
    action: { name: "payments.refund", args: { orderId: 1042, amount: 248.9, currency: "EUR", notify: true, reason: "damaged on arrival" }, digest: "4f1d8a0c77b2" + "0".repeat(52) },
    rejectOptions: ["Ask for a replacement instead", "Amount is too high"],
  });
  server.ask({
    title: "Drop the unused index on ledger_entries?",
    risk: "critical",
    agentId: "agt_2",
    tags: ["database"],
    createdAt: seconds(-1500),
    expiresAt: seconds(49),
    action: {
      name: "sql.execute",
      args: { database: "ledger", statement: "DROP INDEX CONCURRENTLY ix_entries_booked_at" },
      preview: { kind: "diff", diff: "  CREATE INDEX ix_entries_account ON ledger_entries (account);\n- CREATE INDEX ix_entries_booked_at ON ledger_entries (booked_at);" } as never,
      digest: "9a77" + "1".repeat(60),
    },
  });
  server.ask({ title: "Send the quarterly summary to 1,204 customers?", risk: "medium", agentId: "agt_3", createdAt: seconds(-300), expiresAt: seconds(5400), action: { name: "mail.send_campaign", args: { list: "all-customers", template: "q4", recipients: 1204 }, digest: "77" + "2".repeat(62) } });
  server.ask({ title: "Restart worker 7", risk: "low", agentId: "agt_2", createdAt: seconds(-20), expiresAt: seconds(90_000), action: { name: "worker.restart", args: { worker: 7 }, digest: "55" + "3".repeat(62) } });
  server.say("agt_1", "Good morning. I have 14 refund requests today; 11 are within my limit.");
  server.say("agt_1", 'orders.get {"orderId": 1042}', { role: "tool", kind: "tool_call" });
  server.say("agt_1", '{"orderId":1042,"total":248.9,"delivered":"damaged"}', { role: "tool", kind: "tool_result" });
  server.say("agt_1", "Order **1042** is above my limit, so I ask for approval:\n\n1. full refund of 248.90 EUR\n2. a note to the carrier");
  server.notify({ title: "Refund desk asks: Refund order 1042 in full?", severity: "warning", createdAt: seconds(-95) });
  server.notify({ title: "Deployer asks: Drop the unused index on ledger_entries?", severity: "critical", body: "Expires in less than a minute", kind: "approval.expiring", createdAt: seconds(-30) });
  server.notify({ title: "Mail sorter reports an error", kind: "agent.error", severity: "critical", createdAt: seconds(-600), count: 3, subject: { type: "agent", id: "agt_4" }, url: "/agents/agt_4" });
  return server;
}
