import type { Notification as Notice } from "@heliograph/client";
import { act } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Console, openId, request, waitUntil } from "./console.js";
import { FakeNotification, preferences, stubNotifications } from "./desktop.js";

let page: Console;
let visibility: DocumentVisibilityState;
let offset: number;

beforeEach(() => {
  stubNotifications("granted");
  visibility = "hidden";
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility);
  offset = 100;
});

afterEach(() => {
  page.leave();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function open(answer: unknown = preferences): Promise<void> {
  page = new Console([request("apr_001", { risk: "critical" }), request("apr_002", { risk: "medium" }), request("apr_003", { risk: "low" })]);
  page.carriers.answer("/v1/notifications/preferences", answer);
  const onBatch = vi.spyOn(page.client, "onBatch");
  await page.open("/approvals");
  // The part that listens is loaded behind the page: after the lists and the summary.
  await waitUntil(() => expect(onBatch.mock.calls.length).toBeGreaterThanOrEqual(3));
}

function event(type: string, id: string, data: object): void {
  offset += 1;
  act(() => page.carriers.event(offset, type, id, data));
}

function notify(fields: Partial<Notice> = {}): void {
  const notification: Notice = {
    id: "ntf_1",
    kind: "approval.requested",
    severity: "critical",
    title: "Delete the backups?",
    body: "Desk asks to run backups.delete, risk critical",
    subject: { type: "approval", id: "apr_001" },
    url: "/approvals/apr_001",
    count: 1,
    createdAt: new Date().toISOString(),
    ...fields,
  };
  event("notification:new", notification.id, { notification, unseen: 1, unread: 1 });
}

const titles = () => FakeNotification.all.filter(({ closed }) => !closed).map(({ title }) => title);
const shows = (...expected: string[]) => waitUntil(() => expect(titles()).toEqual(expected));
/** Later notifications are shown; so what was to be shown before them has been. */
async function nothingBut(...expected: string[]): Promise<void> {
  notify({ id: "ntf_last", title: "Last", severity: "critical", subject: { type: "approval", id: "apr_009" } });
  await shows(...expected, "Last");
}

test("a request is shown while the page is hidden, under its own tag, with hidden characters as codes", async () => {
  await open();

  notify({ title: "Send invoice\u202Etxt.exe", body: "x".repeat(500) });

  await shows("Send invoice[U+202E]txt.exe");
  const [shown] = FakeNotification.all;
  expect(shown?.options.tag).toBe("ntf_1");
  expect(shown?.options.body).toBe(`${"x".repeat(239)}…`);
});

test("a long title of marked characters is bounded", async () => {
  await open();

  notify({ title: "a\u200B".repeat(150) });

  await waitUntil(() => expect(titles()).toHaveLength(1));
  expect(Array.from(titles()[0] ?? "")).toHaveLength(120);
});

test("nothing is shown while the page is visible", async () => {
  await open();
  visibility = "visible";
  notify();
  visibility = "hidden";

  await nothingBut();
});

test("nothing is shown without the permission, and the preferences are not asked for", async () => {
  await open();
  FakeNotification.permission = "denied";
  notify();
  FakeNotification.permission = "granted";

  await nothingBut();
  expect(page.carriers.asked.filter((path) => path === "/v1/notifications/preferences")).toHaveLength(1);
});

test("kinds that are off and requests of a lower risk are not shown", async () => {
  await open();

  notify({ id: "ntf_2", kind: "agent.error", title: "Desk reports an error", severity: "warning", subject: { type: "agent", id: "agt_1" } });
  notify({ id: "ntf_3", kind: "mention", title: "Ada mentions you" });
  notify({ id: "ntf_4", title: "Low", severity: "info", subject: { type: "approval", id: "apr_003" } });
  notify({ id: "ntf_5", title: "High", severity: "warning", subject: { type: "approval", id: "apr_008" } });

  await nothingBut("High");
});

test("the risk of a request is the one of the list, where the notification does not tell low from medium", async () => {
  await open({ ...preferences, desktop: { ...preferences.desktop, "agent.error": true, minRisk: "medium" } });

  notify({ id: "ntf_2", title: "Low", severity: "info", subject: { type: "approval", id: "apr_003" } });
  notify({ id: "ntf_3", title: "Medium", severity: "info", subject: { type: "approval", id: "apr_002" } });
  notify({ id: "ntf_4", title: "Unknown", severity: "info", subject: { type: "approval", id: "apr_008" } });
  notify({ id: "ntf_5", kind: "agent.error", title: "Desk reports an error", severity: "warning", subject: { type: "agent", id: "agt_1" } });

  await nothingBut("Medium", "Unknown", "Desk reports an error");
});

test("a notification that was read, as when its request is decided, is closed", async () => {
  await open();
  notify();
  notify({ id: "ntf_2", title: "Another" });
  await shows("Delete the backups?", "Another");

  event("notification:read", "ntf_1", { ids: ["ntf_1"], change: "read", cause: "subject_resolved", unseen: 1, unread: 1 });
  await shows("Another");
  event("notification:read", "ntf_2", { all: true, change: "seen", cause: "member", unseen: 0, unread: 1 });

  await shows();
});

test("what was decided before it is known whether it is wanted is not shown", async () => {
  await open();
  notify();
  event("notification:read", "ntf_1", { ids: ["ntf_1"], change: "read", cause: "subject_resolved", unseen: 0, unread: 0 });

  await nothingBut();
});

test("a click comes to the page, opens the request and marks the notification as read", async () => {
  await open();
  const focus = vi.spyOn(window, "focus").mockImplementation(() => undefined);
  notify();
  await shows("Delete the backups?");

  act(() => FakeNotification.all[0]?.onclick?.());

  expect(focus).toHaveBeenCalledOnce();
  expect(FakeNotification.all[0]?.closed).toBe(true);
  await waitUntil(() => expect(openId()).toBe("apr_001"));
  await waitUntil(() => expect(page.carriers.bodies).toContainEqual({ ids: ["ntf_1"], change: "read" }));
});

test("five are shown at most, and none when the page is left", async () => {
  await open();

  for (let number = 1; number <= 7; number += 1) notify({ id: `ntf_${number}`, title: `Number ${number}` });

  await shows("Number 3", "Number 4", "Number 5", "Number 6", "Number 7");
  act(() => void window.dispatchEvent(new Event("pagehide")));
  expect(titles()).toEqual([]);
});

test("a browser that makes none for pages, and preferences that cannot be loaded, are no error", async () => {
  await open();
  FakeNotification.refuses = true;
  notify();
  await waitUntil(() => expect(page.carriers.asked).toContain("/v1/notifications/preferences"));
  FakeNotification.refuses = false;

  await nothingBut();
});
