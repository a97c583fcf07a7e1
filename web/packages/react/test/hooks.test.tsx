import { act, cleanup, render, renderHook, screen, waitFor } from "@testing-library/react";
import { createClient, type Approval, type HeliographClient } from "@heliograph/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, useState, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeCarriers } from "../../client/test/fake-carriers.js";
import {
  ConnectionStatus,
  connectionStatusTexts,
  useAgentMessages,
  useAgents,
  useApproval,
  useApprovalFacets,
  useApprovals,
  useAskedBy,
  useMembers,
  useConnectionStatus,
  useDecision,
  useEvent,
  useLooking,
  useNotifications,
  usePresence,
  useWebSocket,
  WebSocketProvider,
  type ConnectionStatusTexts,
} from "../src/index.js";

const statusCounts = { pending: 0, approved: 0, rejected: 0, expired: 0, cancelled: 0 };

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
    <StrictMode>
      <Providers>{children}</Providers>
    </StrictMode>
  );
}

/** For tests that count fetches: under React 18's StrictMode, TanStack Query starts the first one again at the second mount. */
function Providers({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <QueryClientProvider client={queries}>
      <WebSocketProvider client={client}>{children}</WebSocketProvider>
    </QueryClientProvider>
  );
}

const approval = (id: string, fields: Partial<Approval> = {}): Approval => ({
  id,
  workspaceId: "ws_1",
  agentId: "agt_1",
  title: `Request ${id}`,
  risk: "low",
  tags: [],
  action: { name: "act", args: {}, digest: `digest of ${id}` },
  allow: { approve: true, edit: true, respond: true, reject: true },
  status: "pending",
  createdAt: `2026-01-01T00:00:00.${id.slice(-3)}Z`,
  expiresAt: "2027-01-01T00:00:00.000Z",
  version: 1,
  ...fields,
});

describe("the provider", () => {
  test("opens one connection under StrictMode, and closes it when it is gone", async () => {
    const { unmount } = renderHook(() => useWebSocket(), { wrapper: Wrapper });
    await waitFor(() => expect(client.getState().status).toBe("live"));

    expect(carriers.opened).toBe(1);
    unmount();

    await waitFor(() => expect(client.getState().status).toBe("idle"));
    expect(carriers.live).toBe(0);
  });

  test("says what is missing when a hook stands outside", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);

    expect(() => renderHook(() => useWebSocket())).toThrow("<WebSocketProvider");
    vi.restoreAllMocks();
  });
});

describe("presence", () => {
  const ada = { id: "mem_1", name: "Ada", approvalId: "apr_001" };
  const bob = { id: "mem_2", name: "Bob", approvalId: "apr_001" };
  const cid = { id: "mem_3", name: "Cid" };

  test("is who is online, and who else looks at a request", async () => {
    client = createClient({
      url: "http://server",
      getToken: () => Promise.resolve({ token: `x.${btoa(JSON.stringify({ sub: "mem_1" }))}.x` }),
      overrides: carriers.overrides,
    });
    await client.rest.head();
    const { result } = renderHook(() => usePresence(), { wrapper: Wrapper });
    await waitFor(() => expect(client.getState().status).toBe("live"));
    expect(result.current.members).toEqual([]);

    act(() => carriers.presence([ada, bob, cid]));

    expect(result.current.members).toEqual([ada, bob, cid]);
    expect(result.current.others).toEqual([bob, cid]);
    expect(result.current.lookingAt("apr_001")).toEqual([bob]);
    expect(result.current.lookingAt("apr_002")).toEqual([]);
  });

  test("tells what is shown while it is mounted", async () => {
    const initialProps: { id: string | null } = { id: "apr_001" };
    const useShown = ({ id }: typeof initialProps) => {
      useLooking(id);
      return id;
    };
    const { rerender, unmount } = renderHook(useShown, { wrapper: Wrapper, initialProps });
    await waitFor(() => expect(carriers.looked.at(-1)).toBe("apr_001"));

    rerender({ id: "apr_002" });
    expect(carriers.looked.at(-1)).toBe("apr_002");
    rerender({ id: null });
    expect(carriers.looked.at(-1)).toBeNull();
    rerender({ id: "apr_003" });
    unmount();

    expect(carriers.looked.at(-1)).toBeNull();
  });
});

describe("lists", () => {
  test("are fetched once however many ask, and follow events", async () => {
    carriers.answer("/v1/approvals", { data: [approval("apr_001")], asOf: "k1:5:x", counts: { pending: 1, critical: 0 }, statusCounts });
    const { result } = renderHook(() => [useApprovals({ status: "pending" }), useApprovals({ status: "pending" })] as const, { wrapper: Providers });
    await waitFor(() => expect(result.current[0].approvals).toHaveLength(1));
    await waitFor(() => expect(client.getState().status).toBe("live"));

    act(() => carriers.event(6, "approval:created", "apr_002", { approval: approval("apr_002"), counts: { pending: 2, critical: 0 } }));

    await waitFor(() => expect(result.current[1].approvals.map((row) => row.id)).toEqual(["apr_002", "apr_001"]));
    expect(result.current[0].counts).toEqual({ pending: 2, critical: 0 });
    expect(carriers.asked.filter((path) => path.startsWith("/v1/approvals"))).toHaveLength(1);
  });

  test("an event that the list holds already changes nothing", async () => {
    carriers.answer("/v1/agents", { data: [], asOf: "k1:5:x", counts: {} });
    const { result } = renderHook(() => useAgents(), { wrapper: Wrapper });
    await waitFor(() => expect(result.current.isLoading).toBe(false));
    await waitFor(() => expect(client.getState().status).toBe("live"));

    act(() => carriers.event(5, "agent:status", "agt_1", { agent: { id: "agt_1", name: "Old", status: "idle", lease: { seconds: 60 }, lastSeenAt: "", pendingApprovals: 0, version: 1 }, counts: {} }));
    act(() => carriers.event(6, "agent:status", "agt_2", { agent: { id: "agt_2", name: "New", status: "idle", lease: { seconds: 60 }, lastSeenAt: "", pendingApprovals: 0, version: 1 }, counts: { idle: 1 } }));

    await waitFor(() => expect(result.current.agents.map((agent) => agent.name)).toEqual(["New"]));
  });

  test("data that departs from the contract makes only its list load again", async () => {
    carriers.answer("/v1/approvals", { data: [], asOf: "k1:5:x", counts: { pending: 0, critical: 0 }, statusCounts });
    carriers.answer("/v1/agents", { data: [], asOf: "k1:5:x", counts: {} });
    const { result } = renderHook(() => [useApprovals(), useAgents()] as const, { wrapper: Wrapper });
    await waitFor(() => expect(result.current[0].isLoading || result.current[1].isLoading).toBe(false));
    await waitFor(() => expect(client.getState().status).toBe("live"));
    carriers.asked.length = 0;
    carriers.answer("/v1/approvals", { data: [approval("apr_001")], asOf: "k1:6:x", counts: { pending: 1, critical: 0 }, statusCounts });

    act(() => carriers.event(6, "approval:created", "apr_001", { approval: { id: "apr_001" } }));

    await waitFor(() => expect(result.current[0].approvals).toHaveLength(1));
    expect(carriers.asked.filter((path) => path !== "/v1/overview")).toEqual(["/v1/approvals?limit=200"]);
  });

  test("one approval is shown from the list until the whole of it is there", async () => {
    carriers.answer("/v1/approvals", { data: [approval("apr_001", { action: { name: "act", truncated: true, digest: "d" } })], asOf: "k1:5:x", counts: { pending: 1, critical: 0 }, statusCounts });
    carriers.answer("/v1/approvals/apr_001", approval("apr_001", { action: { name: "act", args: { whole: true }, digest: "d" } }));
    const list = renderHook(() => useApprovals(), { wrapper: Wrapper });
    await waitFor(() => expect(list.result.current.approvals).toHaveLength(1));

    const { result } = renderHook(() => useApproval("apr_001"), { wrapper: Wrapper });

    await waitFor(() => expect(result.current.approval?.action.args).toEqual({ whole: true }));
  });

  test("whom an agent asked by is what the first entry of the timeline says", async () => {
    const created = { id: "aud_1", at: "2026-01-01T00:00:00.000Z", action: "approval.created", actor: { type: "agent" }, detail: {} };
    const credential = { type: "key", id: "key_1", name: "gateway" };
    carriers.answer("/v1/approvals/apr_001/timeline", { data: [{ ...created, credential }], asOf: "k1:5:x" });
    carriers.answer("/v1/approvals/apr_002/timeline", { data: [created], asOf: "k1:5:x" });

    const { result } = renderHook(() => [useAskedBy("apr_001"), useAskedBy("apr_002")] as const, { wrapper: Wrapper });

    await waitFor(() => expect(result.current[0]).toEqual(credential));
    await waitFor(() => expect(carriers.asked).toContain("/v1/approvals/apr_002/timeline?limit=1"));
    expect(result.current[1]).toBeUndefined();
  });

  test("facets are counted for a filter, and again when another component asks", async () => {
    const facets = { risk: [{ value: "high", count: 2 }], agentId: [], action: [], tag: [{ value: "vip", count: 1 }], capped: true };
    carriers.answer("/v1/approvals", { data: [], facets, asOf: "k1:5:x" });
    const filter = { status: ["approved", "rejected"], risk: "high", sort: "-resolvedAt" } as const;
    const first = renderHook(() => useApprovalFacets(filter), { wrapper: Providers });
    await waitFor(() => expect(first.result.current.facets).toEqual(facets));
    expect(carriers.asked.filter((path) => path.startsWith("/v1/approvals"))).toEqual(["/v1/approvals?sort=-resolvedAt&status=approved%2Crejected&risk=high&facets=true&limit=1"]);

    carriers.answer("/v1/approvals", { data: [], facets: { ...facets, capped: false }, asOf: "k1:6:x" });
    const second = renderHook(() => useApprovalFacets(filter), { wrapper: Providers });
    expect(second.result.current.facets).toEqual(facets);

    await waitFor(() => expect(second.result.current.facets?.capped).toBe(false));
  });

  test.each([
    ["none", undefined, "facets: expected an object"],
    ["a list that is missing", { risk: [], agentId: [], action: [] }, "facets has no list of tag"],
    ["a value without a count", { risk: [{ value: "high" }], agentId: [], action: [], tag: [] }, "facets.risk has an item without value or count"],
  ])("facets that are not as documented are an error: %s", async (_, facets, message) => {
    carriers.answer("/v1/approvals", { data: [], facets, asOf: "k1:5:x" });

    const { result } = renderHook(() => useApprovalFacets(), { wrapper: Wrapper });

    await waitFor(() => expect(result.current.error?.message).toBe(message));
    expect(result.current.facets).toBeUndefined();
  });

  test("members are fetched when they are wanted", async () => {
    const ada = { id: "mem_1", handle: "ada", name: "Ada", role: "owner", createdAt: "2026-01-01T00:00:00.000Z" };
    carriers.answer("/v1/members", { data: [ada], asOf: "k1:5:x" });
    const { result, rerender } = renderHook(({ wanted }) => useMembers(wanted), { wrapper: Wrapper, initialProps: { wanted: false } });
    expect(result.current.members).toEqual([]);
    expect(carriers.asked).not.toContain("/v1/members");

    rerender({ wanted: true });

    await waitFor(() => expect(result.current.members).toEqual([ada]));
  });

  test("the badge follows absolute counts", async () => {
    carriers.answer("/v1/notifications", { data: [], unseen: 0, unread: 0, asOf: "k1:5:x" });
    const { result } = renderHook(() => useNotifications(), { wrapper: Wrapper });
    await waitFor(() => expect(result.current.isLoading).toBe(false));
    await waitFor(() => expect(client.getState().status).toBe("live"));
    const notification = { id: "ntf_1", kind: "system", severity: "info", title: "Hello", subject: { type: "agent", id: "agt_1" }, url: "/", count: 1, createdAt: "2026-01-01T00:00:00.000Z" };

    act(() => carriers.event(6, "notification:new", "ntf_1", { notification, unseen: 7, unread: 9 }));
    await waitFor(() => expect(result.current.unseen).toBe(7));
    act(() => carriers.event(7, "notification:read", "ntf_1", { all: true, change: "seen", cause: "member", unseen: 0, unread: 9 }));

    await waitFor(() => expect(result.current.unseen).toBe(0));
    expect(result.current.notifications[0]?.seenAt).toBeDefined();
    expect(result.current.notifications[0]?.readAt).toBeUndefined();
  });

  test("a message that streams grows by its pieces, and the final one replaces it", async () => {
    const message = { id: "msg_1", agentId: "agt_1", seq: 1, role: "agent", kind: "text", text: "Hel", state: "streaming", createdAt: "2026-01-01T00:00:00.000Z" };
    carriers.answer("/v1/agents/agt_1/messages", { data: [message], asOf: "k1:5:x" });
    const { result } = renderHook(() => useAgentMessages("agt_1"), { wrapper: Wrapper });
    await waitFor(() => expect(result.current.messages).toHaveLength(1));
    await waitFor(() => expect(client.getState().status).toBe("live"));

    act(() => carriers.delta({ messageId: "msg_1", agentId: "agt_1", rev: 1, append: "lo" }));
    act(() => carriers.delta({ messageId: "msg_9", agentId: "agt_2", rev: 1, append: "not mine" }));
    await waitFor(() => expect(result.current.messages[0]?.text).toBe("Hello"));
    act(() => carriers.event(6, "agent:message", "msg_1", { message: { ...message, text: "Hello.", state: "final" } }));

    await waitFor(() => expect(result.current.messages[0]?.text).toBe("Hello."));
    expect(carriers.topics).toEqual(["agt_1"]);
  });

  test("a message that streams shows no piece twice, and nothing behind a lost one until its durable text is there", async () => {
    const message = { id: "msg_1", agentId: "agt_1", seq: 1, role: "agent", kind: "text", text: "a", state: "streaming", createdAt: "2026-01-01T00:00:00.000Z" };
    carriers.answer("/v1/agents/agt_1/messages", { data: [message], asOf: "k1:5:x" });
    const { result } = renderHook(() => useAgentMessages("agt_1"), { wrapper: Wrapper });
    await waitFor(() => expect(result.current.messages).toHaveLength(1));
    await waitFor(() => expect(client.getState().status).toBe("live"));
    const piece = (rev: number, append: string) => act(() => carriers.delta({ messageId: "msg_1", agentId: "agt_1", rev, append }));
    const text = () => result.current.messages[0]?.text;

    piece(1, "b");
    await waitFor(() => expect(text()).toBe("ab"));
    act(() => carriers.event(6, "agent:message", "msg_1", { message: { ...message, text: "ab", deltaRev: 1 } }));
    piece(2, "c");
    await waitFor(() => expect(text()).toBe("abc"));
    piece(4, "e");
    piece(5, "f");
    act(() => carriers.event(7, "agent:message", "msg_1", { message: { ...message, text: "abcdef", deltaRev: 5 } }));
    piece(6, "g");

    await waitFor(() => expect(text()).toBe("abcdefg"));
  });

  test("the text of a server that names no piece in it takes the place of all pieces before", async () => {
    const message = { id: "msg_1", agentId: "agt_1", seq: 1, role: "agent", kind: "text", text: "a", state: "streaming", createdAt: "2026-01-01T00:00:00.000Z" };
    carriers.answer("/v1/agents/agt_1/messages", { data: [message], asOf: "k1:5:x" });
    const { result } = renderHook(() => useAgentMessages("agt_1"), { wrapper: Wrapper });
    await waitFor(() => expect(result.current.messages).toHaveLength(1));
    await waitFor(() => expect(client.getState().status).toBe("live"));
    const piece = (rev: number, append: string) => act(() => carriers.delta({ messageId: "msg_1", agentId: "agt_1", rev, append }));
    const text = () => result.current.messages[0]?.text;

    piece(1, "b");
    piece(3, "d");
    await waitFor(() => expect(text()).toBe("ab"));
    act(() => carriers.event(6, "agent:message", "msg_1", { message: { ...message, text: "abcd" } }));
    await waitFor(() => expect(text()).toBe("abcd"));
    piece(4, "e");

    await waitFor(() => expect(text()).toBe("abcde"));
  });

  test("pieces that come through several nodes show in the order of their numbers, behind the durable text that has some", async () => {
    const message = { id: "msg_1", agentId: "agt_1", seq: 1, role: "agent", kind: "text", text: "ab", state: "streaming", createdAt: "2026-01-01T00:00:00.000Z", deltaRev: 2 };
    carriers.answer("/v1/agents/agt_1/messages", { data: [message], asOf: "k1:5:x" });
    const { result } = renderHook(() => useAgentMessages("agt_1"), { wrapper: Wrapper });
    await waitFor(() => expect(result.current.messages).toHaveLength(1));
    await waitFor(() => expect(client.getState().status).toBe("live"));
    const piece = (rev: number, append: string) => act(() => carriers.delta({ messageId: "msg_1", agentId: "agt_1", rev, append }));
    const text = () => result.current.messages[0]?.text;

    piece(2, "b");
    piece(4, "d");
    piece(4, "d");
    await waitFor(() => expect(text()).toBe("ab"));
    piece(3, "c");
    await waitFor(() => expect(text()).toBe("abcd"));
    piece(7, "g");
    piece(8, "h");
    act(() => carriers.event(6, "agent:message", "msg_1", { message: { ...message, text: "abcdef", deltaRev: 6 } }));
    await waitFor(() => expect(text()).toBe("abcdefgh"));
    piece(6, "f");
    piece(9, "i");

    await waitFor(() => expect(text()).toBe("abcdefghi"));
  });
});

test("earlier messages are loaded before the newest, and new ones are counted while a full list is held", async () => {
  const message = (seq: number) => ({ id: `msg_${seq}`, agentId: "agt_1", seq, role: "agent", kind: "text", text: "x", state: "final", createdAt: "2026-01-01T00:00:00.000Z" });
  carriers.answerBy("/v1/agents/agt_1/messages", ({ searchParams }) => {
    const end = Number(searchParams.get("cursor") ?? 801) - 1;
    const data = Array.from({ length: Math.min(200, end) }, (_, index) => message(end - index));
    return { data, asOf: "k1:5:x", ...(end > 200 ? { nextCursor: String(end - 199) } : {}) };
  });
  const { result } = renderHook(() => useAgentMessages("agt_1", { hold: true }), { wrapper: Wrapper });
  await waitFor(() => expect(result.current.messages).toHaveLength(200));
  await waitFor(() => expect(client.getState().status).toBe("live"));
  expect(result.current).toMatchObject({ hasMore: true, newer: 0, isLoadingMore: false });
  const loadMore = async () => {
    let loading: Promise<void> | undefined;
    act(() => void (loading = result.current.loadMore()));
    expect(result.current.isLoadingMore).toBe(true);
    await act(async () => loading);
    expect(result.current.isLoadingMore).toBe(false);
  };

  await loadMore();
  await loadMore();
  expect([result.current.messages[0]?.seq, result.current.messages.length, result.current.newer]).toEqual([201, 600, 0]);
  act(() => carriers.event(6, "agent:message", "msg_801", { message: message(801) }));
  await waitFor(() => expect(result.current.newer).toBe(1));
  await loadMore();
  expect(result.current).toMatchObject({ hasMore: false, newer: 201 });
  expect(result.current.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
  await act(() => result.current.loadNewest());

  expect(result.current.newer).toBe(0);
  expect(result.current.messages.at(-1)?.seq).toBe(801);
});

test("useEvent calls the newest handler, without hearing twice", async () => {
  const heard: string[] = [];
  function Listener(): ReactNode {
    const [name, setName] = useState("first");
    useEvent("agent:status", (event) => heard.push(`${name} heard ${event.data.agent.id}`));
    return <button onClick={() => setName("second")}>rename</button>;
  }
  render(<Listener />, { wrapper: Wrapper });
  await waitFor(() => expect(client.getState().status).toBe("live"));
  const agent = (id: string) => ({ agent: { id, name: id, status: "idle", lease: { seconds: 60 }, lastSeenAt: "", pendingApprovals: 0, version: 1 }, counts: {} });

  act(() => carriers.event(6, "agent:status", "agt_1", agent("agt_1")));
  act(() => screen.getByText("rename").click());
  act(() => carriers.event(7, "agent:status", "agt_2", agent("agt_2")));

  await waitFor(() => expect(heard).toEqual(["first heard agt_1", "second heard agt_2"]));
});

test("a decision is overtaken with the winner's data at hand", async () => {
  const winner = approval("apr_001", { status: "rejected", version: 2, resolution: { outcome: "rejected", by: { type: "member", id: "mem_2", name: "Mara" }, at: "2026-01-01T00:00:01.000Z" } });
  carriers.answer("/v1/approvals/apr_001/decision", { status: 409, code: "already_decided", detail: "decided", approval: winner }, 409);
  const { result } = renderHook(() => useDecision("apr_001"), { wrapper: Wrapper });

  await act(async () => {
    expect(await result.current.decide(approval("apr_001"), { outcome: "approved", reason: "fine" })).toBeUndefined();
  });

  expect(result.current.state).toMatchObject({ state: "overtaken", approval: { resolution: { by: { name: "Mara" } } } });
  expect(carriers.bodies.at(-1)).toEqual({ outcome: "approved", reason: "fine", digest: "digest of apr_001" });
  act(() => result.current.dismiss());
  expect(result.current.state).toBeUndefined();
});

describe("the indicator", () => {
  test("says the state in words, and opens what it knows", async () => {
    render(<ConnectionStatus />, { wrapper: Wrapper });
    await waitFor(() => expect(screen.getByTestId("connection-status").textContent).toBe("Live"));

    act(() => screen.getByTestId("connection-status").click());

    const details = screen.getByRole("dialog", { name: "Connection details" });
    expect(details.textContent).toContain("WebSocket");
    expect(details.textContent).toContain("has its own connection");
    expect(screen.getByText("Retry now").hasAttribute("disabled")).toBe(true);
    act(() => void document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" })));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("has the words that it is given", async () => {
    const texts: ConnectionStatusTexts = {
      ...connectionStatusTexts,
      labels: { ...connectionStatusTexts.labels, live: "Verbunden" },
      spoken: (label) => `Verbindung: ${label}`,
      details: "Einzelheiten",
      rows: { ...connectionStatusTexts.rows, roundTrip: "Laufzeit" },
      ago: (span) => `vor ${Math.round(span / 1000)} Sekunden`,
      retryNow: "Jetzt versuchen",
    };
    render(<ConnectionStatus texts={texts} />, { wrapper: Wrapper });
    await waitFor(() => expect(screen.getByTestId("connection-status").textContent).toBe("Verbunden"));
    expect(screen.getByRole("status").textContent).toBe("Verbindung: Verbunden");

    act(() => screen.getByTestId("connection-status").click());

    const details = screen.getByRole("dialog", { name: "Einzelheiten" });
    expect(details.textContent).toContain("Laufzeit");
    expect(details.textContent).not.toContain("Round trip");
    expect(screen.getByText("Jetzt versuchen")).toBeDefined();
  });

  test("keeps saying Live for two seconds of a drop, then Reconnecting", async () => {
    const { result } = renderHook(() => useConnectionStatus(), { wrapper: Wrapper });
    await waitFor(() => expect(result.current.label).toBe("Live"));
    carriers.refuse = true;

    act(() => carriers.drop("transport close"));
    await waitFor(() => expect(result.current.connection.status).toBe("reconnecting"));
    expect(result.current.label).toBe("Live");

    await waitFor(() => expect(result.current.label).toBe("Reconnecting…"), { timeout: 3_500 });
    expect(result.current.banner).toBeNull();
    expect(result.current.canWrite).toBe(true);
  });

  test("says Reconnecting as soon as the server is found not to answer: the silence has lasted already", async () => {
    const { result } = renderHook(() => useConnectionStatus(), { wrapper: Wrapper });
    await waitFor(() => expect(result.current.label).toBe("Live"));
    carriers.silent = true;

    await waitFor(() => expect(result.current.connection.status).toBe("reconnecting"), { timeout: 20_000 });

    // Well before the next change by time alone, the banner after 15 s.
    await waitFor(() => expect(result.current.label).toBe("Reconnecting…"), { timeout: 3_000 });
    expect(result.current.banner).toBeNull();
  }, 30_000);
});
