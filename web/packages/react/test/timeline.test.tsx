import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { createClient, type HeliographClient } from "@heliograph/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeCarriers } from "../../client/test/fake-carriers.js";
import { useTimeline, WebSocketProvider } from "../src/index.js";

const path = "/v1/approvals/apr_1/timeline";

let carriers: FakeCarriers;
let client: HeliographClient;
let queries: QueryClient;

beforeEach(() => {
  carriers = new FakeCarriers();
  queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client = createClient({ url: "http://server", getToken: () => Promise.resolve({ token: "t" }), overrides: carriers.overrides });
});

afterEach(() => {
  cleanup();
  queries.clear();
});

function Wrapper({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <QueryClientProvider client={queries}>
      <WebSocketProvider client={client}>{children}</WebSocketProvider>
    </QueryClientProvider>
  );
}

const entry = (id: number, action: string) => ({
  id: `aud_${id}`,
  at: "2026-01-01T00:00:00.000Z",
  actor: { type: "member", id: "mem_1", name: "Ada" },
  action,
  subject: { type: "approval", id: "apr_1" },
  detail: {},
});
const page = (entries: readonly object[], more: object = {}) => ({ data: entries, asOf: "k1:5:x", ...more });
const asked = () => carriers.asked.filter((url) => url.startsWith(path));
const live = () => waitFor(() => expect(client.getState().status).toBe("live"));

test("an event of the request brings what is new; one of another request does not ask", async () => {
  carriers.answer(path, page([entry(1, "approval.created")]));
  const { result } = renderHook(() => useTimeline("apr_1"), { wrapper: Wrapper });
  await live();
  await waitFor(() => expect(result.current.entries.map(({ action }) => action)).toEqual(["approval.created"]));

  carriers.answer(path, page([entry(1, "approval.created"), entry(2, "approval.extended")]));
  act(() => carriers.event(6, "approval:updated", "apr_2", { id: "apr_2", version: 2, patch: { expiresAt: "2026-01-01T02:00:00.000Z" } }));
  expect(asked()).toHaveLength(1);
  act(() => carriers.event(7, "approval:updated", "apr_1", { id: "apr_1", version: 2, patch: { expiresAt: "2026-01-01T02:00:00.000Z" } }));

  await waitFor(() => expect(result.current.entries.map(({ action }) => action)).toEqual(["approval.created", "approval.extended"]));
  expect(asked()).toHaveLength(2);
});

test("all pages are fetched, up to five of them", async () => {
  carriers.answerBy(path, (url) => {
    const number = Number(url.searchParams.get("cursor") ?? 1);
    return page([entry(number, "approval.claimed")], { nextCursor: String(number + 1) });
  });

  const { result } = renderHook(() => useTimeline("apr_1"), { wrapper: Wrapper });
  await waitFor(() => expect(result.current.entries).toHaveLength(5));

  expect(result.current.hasMore).toBe(true);
  expect(asked()).toEqual([`${path}?limit=200`, ...[2, 3, 4, 5].map((cursor) => `${path}?limit=200&cursor=${cursor}`)]);
});

test("a failure is told, and what was known stays", async () => {
  carriers.answer(path, page([entry(1, "approval.created")]));
  const { result } = renderHook(() => useTimeline("apr_1"), { wrapper: Wrapper });
  await live();
  await waitFor(() => expect(result.current.entries).toHaveLength(1));
  carriers.answer(path, { code: "internal", status: 500, title: "Internal" }, 500);

  act(() => carriers.event(6, "approval:updated", "apr_1", { id: "apr_1", version: 2, patch: {} }));

  await waitFor(() => expect(result.current.error).not.toBeNull());
  expect(result.current.entries).toHaveLength(1);
});
