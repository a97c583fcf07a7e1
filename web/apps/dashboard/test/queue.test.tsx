import { act, fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { newText } from "../src/approvals/approval-queue.js";
import { approvalsTexts } from "../src/approvals/texts.js";
import { createQueries } from "../src/queries.js";
import { ApiProblem } from "@heliograph/client";
import { Console, inMs, press, ready, request, row, waitUntil } from "./console.js";

const shown = () => screen.getAllByTestId("approval-row").map((element) => element.dataset["approvalId"]);
const pill = () => screen.queryByTestId("new-pill");

/** A console with one open request whose row has the focus. */
async function focused(): Promise<Console> {
  const console = new Console([request("apr_001")]);
  await console.open("/approvals/apr_001");
  act(() => row("apr_001").focus());
  return console;
}

test("new requests wait behind a pill that names their urgency", async () => {
  const console = await focused();

  console.created(request("apr_002", { risk: "critical" }));
  console.created(request("apr_003"));
  await waitUntil(() => expect(pill()?.textContent).toBe(" 2 new · 1 critical"));

  expect(shown()).toEqual(["apr_001"]);
  fireEvent.click(pill() ?? document.body);
  expect(shown()).toEqual(["apr_001", "apr_002", "apr_003"]);
  expect(pill()).toBeNull();
  expect(document.activeElement).toBe(row("apr_001"));
});

test("a new request that expires within a minute is shown at once, and stays when it is decided", async () => {
  const console = await focused();

  console.created(request("apr_002", { expiresAt: inMs(50_000) }));
  console.created(request("apr_003", { expiresAt: inMs(120_000) }));
  await waitUntil(() => expect(pill()?.textContent).toBe(" 1 new"));
  expect(shown()).toEqual(["apr_002", "apr_001"]);
  console.resolved("apr_002");

  await waitUntil(() => expect(row("apr_002").dataset["status"]).toBe("approved"));
  expect(shown()).toEqual(["apr_002", "apr_001"]);
});

test("a list of several pages says how much of it is shown, and shows more below", async () => {
  const rows = ["apr_001", "apr_002", "apr_003"].map((id) => request(id));
  const console = new Console(rows);
  const page = { asOf: "k1:5:x", counts: { pending: 3, critical: 0 }, statusCounts: { pending: 3, approved: 0, rejected: 0, expired: 0, cancelled: 0 } };
  console.carriers.answer("/v1/approvals", { ...page, data: rows.slice(0, 1), nextCursor: "two" });
  await console.open("/approvals/apr_001");
  expect(console.carriers.asked.find((path) => path.startsWith("/v1/approvals?"))).toContain("sort=expiresAt");
  act(() => row("apr_001").focus());
  expect(screen.getByTestId("more").textContent).toBe("1 of 3 requests are shown.Show more");

  console.carriers.answer("/v1/approvals", { ...page, data: rows.slice(1) });
  fireEvent.click(screen.getByText("Show more"));

  await waitUntil(() => expect(shown()).toEqual(["apr_001", "apr_002", "apr_003"]));
  expect(screen.queryByTestId("more")).toBeNull();
  expect(pill()).toBeNull();
});

test("without focus or pointer on the list, new requests are just there", async () => {
  const console = new Console([request("apr_001")]);
  await console.open("/approvals/apr_001");

  console.created(request("apr_002"));

  await waitUntil(() => expect(shown()).toEqual(["apr_001", "apr_002"]));
  expect(pill()).toBeNull();
});

test("after the last request of the list a decision goes on with those that waited", async () => {
  const console = await focused();
  console.accept("apr_001");
  console.created(request("apr_002"));
  await waitUntil(() => expect(pill()).not.toBeNull());

  press("a");
  await ready("apr_002");

  expect(document.activeElement).toBe(row("apr_002"));
});

test("after the last request of all the page says so", async () => {
  const console = await focused();
  console.accept("apr_001");

  press("a");

  expect(await screen.findByText("No further requests. Back to the queue")).toBeDefined();
});

test("the pill's text", () => {
  expect(newText([request("apr_001"), request("apr_002")], approvalsTexts.en)).toBe("2 new");
  expect(newText([request("apr_001", { risk: "critical" }), request("apr_002", { risk: "high" })], approvalsTexts.en)).toBe("2 new · 1 critical");
});

test("the banner about a lost connection is announced once, not each second", async () => {
  const console = new Console([request("apr_001")]);
  await console.open("/approvals");
  console.carriers.refuse = true;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  try {
    act(() => console.carriers.drop("lost"));
    await act(() => vi.advanceTimersByTimeAsync(20_000));
    const banner = screen.getByTestId("stale-banner");
    const spoken: string[] = [];
    const observer = new MutationObserver(() => spoken.push(...[...document.querySelectorAll("[aria-live], [role=status], [role=alert]")].map((region) => region.textContent)));
    const age = screen.getByTestId("data-age").textContent;
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });

    await act(() => vi.advanceTimersByTimeAsync(3_000));

    expect(screen.getByTestId("data-age").textContent).not.toBe(age);
    expect(banner.closest("[aria-live], [role=status], [role=alert]")).toBeNull();
    expect(spoken.filter((words) => words.includes("ago"))).toEqual([]);
    expect(screen.getByTestId("announcer").textContent).toBe("Connection lost. The data is not up to date.");
    observer.disconnect();
  } finally {
    vi.useRealTimers();
  }
});

test("an agent that does not exist is answered at once", async () => {
  const console = new Console([]);
  console.carriers.answer("/v1/agents/agt_nope/messages", { code: "not_found", status: 404, title: "There is no agent agt_nope" }, 404);

  await console.open("/agents/agt_nope");

  expect(await screen.findByText("Agent not found")).toBeDefined();
  expect(console.carriers.asked.filter((path) => path.startsWith("/v1/agents/agt_nope"))).toHaveLength(1);
});

test("what cannot change is not asked for again; what failed is, twice", () => {
  const retry = createQueries().getDefaultOptions().queries?.retry as (failures: number, error: Error) => boolean;
  const answer = (status: number) => new ApiProblem(status, {});

  expect([404, 403, 400].map((status) => retry(0, answer(status)))).toEqual([false, false, false]);
  expect([retry(0, answer(503)), retry(1, answer(429)), retry(1, new TypeError("no network")), retry(2, answer(503))]).toEqual([true, true, true, false]);
});
