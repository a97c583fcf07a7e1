import type { AgentMessage, Approval } from "@heliograph/client";
import { act, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Console, inMs, request, row, waitUntil } from "./console.js";
import { agent } from "./stage.js";

const HEIGHT = 100;
const VIEW = 300;

const log = () => screen.getByRole("log");
const shown = () => screen.queryAllByTestId("agent-message").map((element) => Number(element.dataset["messageId"]?.slice(4)));
const pill = () => screen.queryByTestId("latest-pill");
const chip = (name: string) => screen.getByRole("button", { name });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

function message(seq: number, fields: Partial<AgentMessage> = {}): AgentMessage {
  return { id: `msg_${seq}`, agentId: "agt_1", seq, role: "agent", kind: "text", text: `text ${seq}`, state: "final", createdAt: "2026-01-01T00:00:00.000Z", ...fields };
}

/** Each message is 100 pixels high, the log 300: what a browser would lay out. */
function layOut(): void {
  const tops = new WeakMap<Element, number>();
  const heightOf = (element: Element) => element.querySelectorAll("[data-message-id]").length * HEIGHT;
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(VIEW);
  vi.spyOn(HTMLElement.prototype, "scrollHeight", "get").mockImplementation(function (this: HTMLElement) {
    return heightOf(this);
  });
  vi.spyOn(HTMLElement.prototype, "scrollTop", "get").mockImplementation(function (this: HTMLElement) {
    return tops.get(this) ?? 0;
  });
  vi.spyOn(HTMLElement.prototype, "scrollTop", "set").mockImplementation(function (this: HTMLElement, top: number) {
    tops.set(this, Math.max(0, Math.min(top, heightOf(this) - VIEW)));
  });
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    const box = this.closest("[role=log]");
    const index = this.matches("[data-message-id]") && this.parentElement !== null ? [...this.parentElement.children].indexOf(this) : -1;
    return index < 0 || box === null ? new DOMRect(0, 0, 0, VIEW) : new DOMRect(0, index * HEIGHT - box.scrollTop, 0, HEIGHT);
  });
}

function scrollTo(top: number): void {
  log().scrollTop = top;
  fireEvent.scroll(log());
}

interface Opened {
  readonly console: Console;
  readonly write: (written: AgentMessage) => void;
  /** What the server answers to pages from now on: so many rows each. */
  readonly answer: (pageSize: number) => void;
}

/** The page of an agent that has written messages, newest last. */
async function open(messages: readonly AgentMessage[], { pageSize = 200, search = "", requests = [] as readonly Approval[], fields = {}, statistics = {} } = {}): Promise<Opened> {
  const console = new Console(requests);
  const path = "/v1/agents/agt_1/messages";
  const answer = (size: number) =>
    console.carriers.answerBy(path, ({ searchParams }) => {
      const before = Number(searchParams.get("cursor") ?? Infinity);
      const following = messages.filter(({ seq }) => seq < before).reverse();
      const data = following.slice(0, size);
      return { data, asOf: "k1:5:x", ...(following.length > size ? { nextCursor: String(data.at(-1)?.seq) } : {}) };
    });
  answer(pageSize);
  console.carriers.answer("/v1/agents", { data: [agent(fields)], asOf: "k1:5:x", counts: {} });
  console.carriers.answer("/v1/statistics/decisions", statistics);
  await console.open(`/agents/agt_1${search}`);
  await waitUntil(() => expect(shown().length + screen.queryAllByText("No messages yet").length + screen.queryAllByText(/None of the messages/).length).toBeGreaterThan(0));
  let offset = 5;
  return { console, answer, write: (written) => act(() => console.carriers.event((offset += 1), "agent:message", written.id, { message: written })) };
}

afterEach(() => vi.restoreAllMocks());

describe("earlier messages", () => {
  test("load by a button up to the beginning of the log, which then has the focus", async () => {
    await open(range(1, 5).map((seq) => message(seq)), { pageSize: 3 });
    expect(shown()).toEqual([3, 4, 5]);
    expect(screen.queryByText("The log begins here")).toBeNull();
    const button = screen.getByText("Load earlier messages");
    button.focus();

    fireEvent.click(button);

    await screen.findByText("The log begins here");
    expect(shown()).toEqual([1, 2, 3, 4, 5]);
    expect(document.activeElement).toBe(log());
  });

  test("load when the reader comes near to the beginning, and what is in view stays where it is", async () => {
    layOut();
    await open(range(1, 20).map((seq) => message(seq)), { pageSize: 10 });
    expect(log().scrollTop).toBe(700);

    scrollTo(250);

    await waitUntil(() => expect(shown()).toEqual(range(1, 20)));
    expect(log().scrollTop).toBe(1250);
  });

  test("that cannot be loaded say so, and load when asked again", async () => {
    const { console, answer } = await open(range(1, 5).map((seq) => message(seq)), { pageSize: 3 });
    console.carriers.answer("/v1/agents/agt_1/messages", { code: "invalid_request", status: 400, title: "no", detail: "no" }, 400);

    fireEvent.click(screen.getByText("Load earlier messages"));
    expect((await screen.findByRole("alert")).textContent).toBe("Earlier messages could not be loaded.");
    expect(shown()).toEqual([3, 4, 5]);
    answer(3);
    fireEvent.click(screen.getByText("Try again"));

    await waitUntil(() => expect(shown()).toEqual([1, 2, 3, 4, 5]));
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("a reader", () => {
  test("at the end follows: new messages stay in view", async () => {
    layOut();
    const { write } = await open(range(1, 10).map((seq) => message(seq)));
    expect(log().scrollTop).toBe(700);

    write(message(11));

    await waitUntil(() => expect(shown()).toHaveLength(11));
    expect(log().scrollTop).toBe(800);
    expect(pill()).toBeNull();
  });

  test("who has scrolled up is not moved, is told how many came, and jumps to the latest", async () => {
    layOut();
    const { write } = await open(range(1, 10).map((seq) => message(seq)));
    scrollTo(700);
    expect(pill()).toBeNull();
    scrollTo(650);
    expect(pill()?.textContent).toBe(" Jump to latest");

    write(message(11));
    write(message(12));
    await waitUntil(() => expect(pill()?.textContent).toBe(" Jump to latest · 2 new"));
    expect(log().scrollTop).toBe(650);
    fireEvent.click(pill() ?? document.body);

    expect(log().scrollTop).toBe(900);
    expect(pill()).toBeNull();
    expect(document.activeElement).toBe(log());
    write(message(13));
    await waitUntil(() => expect(log().scrollTop).toBe(1000));
  });

  test("who scrolls down to the end follows again", async () => {
    layOut();
    const { write } = await open(range(1, 10).map((seq) => message(seq)));
    scrollTo(100);
    scrollTo(690);
    expect(pill()).toBeNull();

    write(message(11));

    await waitUntil(() => expect(log().scrollTop).toBe(800));
  });
});

describe("filters", () => {
  const mixed = [
    message(1, { kind: "error" }),
    message(2, { kind: "tool_call" }),
    message(3, { kind: "tool_result", role: "tool" }),
    message(4, { kind: "log" }),
    message(5),
    message(6, { role: "operator" }),
  ];

  test("by kind and role are in the address, and say how many messages were looked through", async () => {
    await open(mixed);
    expect(screen.queryByTestId("matches")).toBeNull();

    fireEvent.click(chip("Tools"));
    await waitUntil(() => expect(shown()).toEqual([2, 3]));
    expect(location.search).toBe("?kind=tool");
    expect(screen.getByTestId("matches").textContent).toBe("2 of 6 messages looked through");
    fireEvent.click(chip("Errors"));
    await waitUntil(() => expect(shown()).toEqual([1, 2, 3]));
    expect(chip("Errors").getAttribute("aria-pressed")).toBe("true");
    fireEvent.change(screen.getByLabelText("Written by"), { target: { value: "tool" } });
    await waitUntil(() => expect(shown()).toEqual([3]));
    expect(location.search).toBe("?kind=tool%2Cerror&role=tool");
    fireEvent.click(screen.getByText("Clear filters"));

    await waitUntil(() => expect(shown()).toEqual([1, 2, 3, 4, 5, 6]));
    expect(location.search).toBe("");
  });

  test("of the address that few messages match look through earlier ones", async () => {
    await open([...mixed, ...range(7, 30).map((seq) => message(seq))], { pageSize: 10, search: "?kind=error&role=nobody" });

    await waitUntil(() => expect(shown()).toEqual([1]));
    expect(screen.getByTestId("matches").textContent).toBe("1 of 30 messages looked through");
    expect(screen.getByText("The log begins here")).toBeDefined();
  });

  test("that nothing matches say so", async () => {
    await open([message(1)], { search: "?kind=log" });

    expect(screen.getByText("None of the messages that were looked through match the filters.")).toBeDefined();
  });
});

describe("beside the log", () => {
  test("requests stand by their expiry with a line that counts them, which stays when they go", async () => {
    const { console } = await open([message(1)], { requests: [request("apr_001", { expiresAt: inMs(900_000) }), request("apr_002", { expiresAt: inMs(300_000) }), request("apr_003", { agentId: "agt_2" })] });
    await waitUntil(() => expect(screen.getAllByTestId("approval-row").map((element) => element.dataset["approvalId"])).toEqual(["apr_002", "apr_001"]));
    expect(row("apr_002").getAttribute("href")).toBe("/approvals/apr_002");
    const summary = screen.getByTestId("agent-summary");
    expect(summary.textContent).toMatch(/^2 pending requests/);
    expect(summary.getAttribute("aria-expanded")).toBe("false");
    fireEvent.click(summary);
    expect(summary.getAttribute("aria-expanded")).toBe("true");

    console.resolved("apr_001");
    console.resolved("apr_002");

    await waitUntil(() => expect(screen.getByTestId("agent-summary").textContent).toBe("No pending requests"));
    expect(screen.getByText("All requests of this agent").getAttribute("href")).toBe("/approvals?tab=all&agentId=agt_1");
  });

  test("the facts of the agent are listed, with its metadata", async () => {
    await open([message(1)], { fields: { kind: "support", currentTask: "Refunds", statusText: "busy", error: "no route", owner: { keyId: "key_1", name: "gateway" }, metadata: { region: "eu" } } });

    const facts = within(await screen.findByRole("region", { name: "About this agent" }));
    expect([...document.querySelectorAll("dl > div")].map((fact) => fact.textContent)).toEqual(expect.arrayContaining(["Status textbusy", "Kindsupport", "API keygateway", "Last seenin the last 1 min"]));
    expect(facts.getByText("Metadata: 1 field")).toBeDefined();
    await facts.findByText("region");
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Refund desk");
    expect(screen.getByText("Refunds")).toBeDefined();
    expect(screen.getByText("no route")).toBeDefined();
  });
});

describe("decisions of the last 24 hours", () => {
  const none = { created: 0, approved: 0, rejected: 0, responded: 0, expired: 0, cancelled: 0, edited: 0 };
  const statistics = (totals: object) => ({
    from: "2026-01-01T08:00:00Z",
    to: "2026-01-01T10:00:00Z",
    bucket: "hour",
    truncated: false,
    buckets: [{ at: "2026-01-01T08:00:00Z", ...none, approved: 2 }, { at: "2026-01-01T09:00:00Z", ...none, approved: 1, rejected: 1 }],
    totals: { ...none, ...totals },
    byPeople: 4,
    byRules: 0,
    asOf: "k1:5:x",
  });
  const part = () => screen.getByRole("region", { name: "Decisions in the last 24 hours" });

  test("are figures with their shares and a bar for each hour", async () => {
    const { console } = await open([], { statistics: statistics({ approved: 3, rejected: 1, expired: 2 }) });

    await waitUntil(() => expect([...part().querySelectorAll("dd")].map(({ textContent }) => textContent)).toEqual(["3 (75%)", "1 (25%)", "0 (0%)", "2"]));
    expect([...within(part()).getByRole("img", { name: "4 decisions, by hour" }).querySelectorAll("rect")].map((bar) => bar.getAttribute("height"))).toEqual(["24", "24"]);
    expect(console.carriers.asked).toContain("/v1/statistics/decisions?agentId=agt_1");
  });

  test("without any a sentence says so", async () => {
    await open([], { statistics: statistics({}) });

    await within(part()).findByText("No request was decided or expired in this time.");
  });
});
