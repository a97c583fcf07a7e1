import { act, cleanup, renderHook } from "@testing-library/react";
import { createClient, type HeliographClient } from "@heliograph/client";
import { focusManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeCarriers } from "../../client/test/fake-carriers.js";
import { useDecisionStatistics, WebSocketProvider } from "../src/index.js";

const totals = { created: 1, approved: 1, rejected: 0, responded: 0, expired: 0, cancelled: 0, edited: 0 };
const statistics = { from: "a", to: "b", bucket: "hour", truncated: false, buckets: [], totals, byPeople: 1, byRules: 0, asOf: "k1:5:x" };
const path = "/v1/statistics/decisions";

let carriers: FakeCarriers;
let client: HeliographClient;
let queries: QueryClient;

beforeEach(() => {
  vi.useFakeTimers();
  carriers = new FakeCarriers();
  carriers.answer(path, statistics);
  queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client = createClient({ url: "http://server", getToken: () => Promise.resolve({ token: "t" }), overrides: carriers.overrides });
});

afterEach(() => {
  cleanup();
  queries.clear();
  focusManager.setFocused(undefined);
  vi.useRealTimers();
});

function Wrapper({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <QueryClientProvider client={queries}>
      <WebSocketProvider client={client}>{children}</WebSocketProvider>
    </QueryClientProvider>
  );
}

const advance = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));
const asked = () => carriers.asked.filter((url) => url.startsWith(path)).length;

test("statistics are fetched again each minute, while the page is visible", async () => {
  const { result } = renderHook(() => useDecisionStatistics(), { wrapper: Wrapper });
  await advance(100);
  expect(result.current.statistics).toEqual(statistics);
  expect(asked()).toBe(1);

  await advance(60_000);
  expect(asked()).toBe(2);

  focusManager.setFocused(false);
  await advance(180_000);
  expect(asked()).toBe(2);

  act(() => focusManager.setFocused(true));
  await advance(100);
  expect(asked()).toBe(3);
});

test("a failure is told, and what was known stays", async () => {
  const { result } = renderHook(() => useDecisionStatistics({ bucket: "day" }), { wrapper: Wrapper });
  await advance(100);
  carriers.answer(path, { code: "internal", status: 500, title: "Internal" }, 500);

  await advance(60_000);

  expect(result.current.error).not.toBeNull();
  expect(result.current.statistics).toEqual(statistics);
});
