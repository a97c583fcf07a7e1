import type { DecisionStatistics } from "@heliograph/client";
import { fireEvent, screen, within } from "@testing-library/react";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { preloadTexts } from "../src/shared/language.js";
import { OverviewPage } from "../src/overview/overview-page.js";
import { agent } from "./stage.js";
import { Desk, at } from "./desk.js";
import { ada, Console, decided, inMs, request, waitUntil } from "./console.js";
import { German, leftovers, words } from "./german.js";

import.meta.glob("../src/**/{texts,*-texts}.ts", { eager: true });

beforeAll(() => preloadTexts("de"));

const counts = { created: 4, approved: 3, rejected: 1, responded: 0, expired: 1, cancelled: 0, edited: 1 };
const none = { created: 0, approved: 0, rejected: 0, responded: 0, expired: 0, cancelled: 0, edited: 0 };

function statistics(fields: Partial<DecisionStatistics> = {}): DecisionStatistics {
  return {
    from: "2026-01-01T08:00:00Z",
    to: "2026-01-01T10:30:00Z",
    bucket: "hour",
    truncated: false,
    buckets: [
      { at: "2026-01-01T08:00:00Z", ...none },
      { at: "2026-01-01T09:00:00Z", ...counts },
      { at: "2026-01-01T10:00:00Z", ...none, approved: 2 },
    ],
    totals: { ...counts, approved: 5 },
    medianSecondsToDecide: 240,
    p95SecondsToDecide: 900,
    expiredShare: 0.25,
    editedShare: 0.2,
    byPeople: 5,
    byRules: 1,
    asOf: "k1:5:x",
    ...fields,
  };
}

/** A workspace with agents, requests and decisions. */
function busy(): Console {
  const console = new Console([
    request("apr_001", { title: "Soon", expiresAt: inMs(120_000), createdAt: inMs(-3 * 3_600_000) }),
    request("apr_002", { title: "Grave", risk: "critical", createdAt: inMs(-60_000) }),
    request("apr_003", { title: "Taken", claim: { by: { type: "member", id: ada.member.id, name: "Ada" }, until: inMs(600_000) }, createdAt: inMs(-60_000) }),
    request("apr_004", { title: "Other's", claim: { by: { type: "member", id: "mem_mara", name: "Mara" }, until: inMs(600_000) }, createdAt: inMs(-60_000) }),
    decided(request("apr_005", { title: "Done" }), ada.member),
  ]);
  const agents = [agent({ name: "Desk" }), agent({ id: "agt_2", name: "Store", status: "offline" })];
  console.carriers.answer("/v1/agents", { data: agents, asOf: "k1:5:x", counts: { working: 1, offline: 1 } });
  console.carriers.answer("/v1/statistics/decisions", statistics());
  return console;
}

const part = (name: string) => screen.findByRole("region", { name });
const titlesIn = (list: string) => [...document.querySelectorAll(`[data-list=${list}] [data-testid=approval-row]`)].map((row) => row.getAttribute("data-approval-id"));
const decisions = () => [...screen.getByTestId("latest-decisions").querySelectorAll<HTMLElement>("[data-testid=approval-row]")].map((row) => row.dataset["approvalId"]);
const figure = (name: string) => document.querySelector(`[data-figure=${name}] dd`)?.textContent;

test("what expires soon, is critical or is mine stands in the overview, with how long the oldest waits", async () => {
  const console = busy();

  await console.open("/");
  await part("Needs you now");

  await waitUntil(() => expect(titlesIn("expiring")).toEqual(["apr_001"]));
  expect(titlesIn("critical")).toEqual(["apr_002"]);
  expect(titlesIn("mine")).toEqual(["apr_003"]);
  expect(screen.getByTestId("pending-count").textContent).toBe("41 critical");
  expect(within(await part("Pending requests")).getByText(/The oldest was made/).textContent).toBe("The oldest was made 3 h ago");
  expect(screen.getByRole("link", { name: "Overview" }).getAttribute("aria-current")).toBe("page");
});

test("agents are counted by state", async () => {
  const console = busy();

  await console.open("/");

  const list = within(await part("Agents"));
  await waitUntil(() => expect(list.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["Working1", "Waiting for approval0", "Idle0", "Error0", "Offline1"]));
  expect(list.getByRole("link").getAttribute("href")).toBe("/agents");
});

test("decisions are shown as figures, bars and a table", async () => {
  const console = busy();

  await console.open("/");
  await waitUntil(() => expect(figure("decided")).toBe("6"));

  expect(["median", "expiredShare", "editedShare", "byPeople", "byRules"].map(figure)).toEqual(["4 min", "25%", "20%", "5", "1"]);
  expect(screen.getByRole("img", { name: /^6 decided and 1 expired; most at .*, 5 in all$/ })).toBeDefined();
  const heights = [...document.querySelectorAll("svg rect[data-series=decided]")].map((bar) => bar.getAttribute("height"));
  expect(heights).toEqual(["0", "80", "40"]);
  const rows = [...document.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent).join(" "));
  expect(rows).toEqual(["0 0 0 0 0 0", "4 3 1 0 1 0", "0 2 0 0 0 0"]);
});

test("without decisions the part says so, and what is not known is not zero", async () => {
  const console = busy();
  const quiet = { truncated: true, totals: { ...none, expired: 1 } };
  const { medianSecondsToDecide: _median, editedShare: _edited, ...expiredOnly } = statistics(quiet);
  console.carriers.answer("/v1/statistics/decisions", expiredOnly);

  await console.open("/");

  await waitUntil(() => expect(figure("median")).toBe("not known yet"));
  expect(figure("editedShare")).toBe("not known yet");
  expect(screen.getByText(/^Counted from /)).toBeDefined();
  console.leave();

  const second = busy();
  second.carriers.answer("/v1/statistics/decisions", statistics({ totals: none, buckets: [] }));
  await second.open("/");
  await screen.findByText("No request was decided or expired in this time.");
});

test("a server without statistics breaks only that part, and it can be asked again", async () => {
  const console = busy();
  console.carriers.answer("/v1/statistics/decisions", { code: "not_found", status: 404, title: "Not found" }, 404);

  await console.open("/");
  const decisions = within(await part("Decisions in the last 24 hours"));
  await decisions.findByText("The decisions could not be loaded");

  await waitUntil(() => expect(titlesIn("critical")).toEqual(["apr_002"]));
  expect(screen.getByTestId("pending-count")).toBeDefined();
  console.carriers.answer("/v1/statistics/decisions", statistics());
  fireEvent.click(decisions.getByRole("button", { name: "Reload" }));
  await waitUntil(() => expect(figure("decided")).toBe("6"));
});

test("requests that cannot be loaded break only their parts", async () => {
  const console = busy();
  console.carriers.answer("/v1/approvals", { code: "forbidden", status: 403, title: "No" }, 403);

  await console.open("/");

  await screen.findByText("The list of urgent requests could not be loaded");
  expect(screen.getByText("The number of requests could not be loaded")).toBeDefined();
  await waitUntil(() => expect(figure("decided")).toBe("6"));
  expect(screen.queryByTestId("first-run")).toBeNull();
});

test("five rows of a list at most, then a link to all", async () => {
  const console = new Console(["001", "002", "003", "004", "005", "006"].map((id) => request(`apr_${id}`, { risk: "critical" })));
  console.carriers.answer("/v1/statistics/decisions", statistics());

  await console.open("/");

  const all = await screen.findByRole("link", { name: "All critical requests" });
  expect(titlesIn("critical")).toEqual(["apr_001", "apr_002", "apr_003", "apr_004", "apr_005"]);
  expect(all.getAttribute("href")).toBe("/approvals?risk=critical");
  console.resolved("apr_001");
  await waitUntil(() => expect(titlesIn("critical")).toEqual(["apr_002", "apr_003", "apr_004", "apr_005", "apr_006"]));
});

test("the latest decisions are live", async () => {
  const console = busy();

  await console.open("/");
  await part("Latest decisions");
  await waitUntil(() => expect(decisions()).toEqual(["apr_005"]));

  console.resolved("apr_002");
  await waitUntil(() => expect(decisions()).toEqual(["apr_002", "apr_005"]));
  expect(screen.getByRole("link", { name: "Open the decided requests" }).getAttribute("href")).toBe("/approvals?tab=decided");
});

describe("for owners and admins the latest activity", () => {
  const entry = (number: number, action = "approval.created") => ({
    id: `aud_${String(number).padStart(2, "0")}`,
    at,
    actor: { type: "agent", id: "agt_1", name: "Refund\u202Edesk" },
    action,
    subject: { type: "approval", id: `apr_${number}` },
    detail: {},
  });
  const shown = () => [...screen.getByTestId("latest-activity").querySelectorAll("li")].map((item) => item.querySelector("a")?.getAttribute("href"));

  test("is eight entries of the audit trail, which newer ones push out", async () => {
    const desk = new Desk();
    let trail = [9, 8, 7, 6, 5, 4, 3, 2, 1].map((number) => entry(number));
    desk.answer("GET /v1/audit", ({ query }) => ({ data: trail.slice(0, Number(query["limit"])), asOf: "k1:5:x" }));
    desk.answer("GET /v1/approvals", { data: [], asOf: "k1:5:x", counts: { pending: 0, critical: 0 }, statusCounts: { pending: 0, approved: 1, rejected: 0, expired: 0, cancelled: 0 } });
    desk.show(<OverviewPage />);
    await waitUntil(() => expect(shown()).toEqual([9, 8, 7, 6, 5, 4, 3, 2].map((number) => `/approvals/apr_${number}`)));
    expect(screen.getByTestId("latest-activity").textContent).toContain("U+202E");
    await waitUntil(() => expect(desk.client.getState().status).toBe("live"));

    trail = [entry(10, "approval.expired"), ...trail];
    desk.event(6);

    await waitUntil(() => expect(shown()[0]).toBe("/approvals/apr_10"));
    expect(shown()).toHaveLength(8);
    expect(screen.getByText("A request expired")).toBeDefined();
  });

  test("that cannot be loaded breaks only its part", async () => {
    const desk = new Desk();
    desk.refuse("GET /v1/audit", 500, "internal", "The database is away");
    desk.answer("GET /v1/approvals", { data: [], asOf: "k1:5:x", counts: { pending: 0, critical: 0 }, statusCounts: { pending: 0, approved: 1, rejected: 0, expired: 0, cancelled: 0 } });
    desk.show(<OverviewPage />);

    await screen.findByText("The database is away");

    expect(screen.getByText("No pending requests")).toBeDefined();
  });
});

test("an empty workspace gets the first steps, with a command that has no key in it", async () => {
  const console = new Console([]);
  const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();

  await console.open("/");
  await screen.findByTestId("first-run");
  fireEvent.click(screen.getByRole("button", { name: "Copy: curl" }));

  await screen.findByRole("button", { name: "Copied" });
  const [command = ""] = write.mock.calls[0] ?? [];
  expect(command).toContain(`curl -s ${location.origin}/v1/approvals`);
  expect(command).toContain("Bearer $KEY");
  expect(command).not.toContain("hk_");
  expect(screen.getByText("./heliograph up --demo")).toBeDefined();
  expect(screen.getByRole("link", { name: "Settings → API keys" }).getAttribute("href")).toBe("/settings/api-keys");

  console.created(request("apr_001"));
  await waitUntil(() => expect(screen.queryByTestId("first-run")).toBeNull());
  expect(screen.getByTestId("pending-count").textContent).toBe("1");
});

test("a command that cannot be copied asks for it by hand", async () => {
  const console = new Console([]);
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("not allowed"));

  await console.open("/");
  fireEvent.click(await screen.findByRole("button", { name: "Copy: curl" }));

  await screen.findByText("The browser does not let this page copy. Select the text and copy it.");
});

test("the overview in German", async () => {
  const console = busy();

  await console.open("/", German);
  await waitUntil(() => expect(figure("median")).toBe("4 Min."));

  await waitUntil(() => expect(titlesIn("mine")).toEqual(["apr_003"]));
  for (const word of ["Übersicht", "Jetzt zu entscheiden", "Von Ihnen übernommen", "1 kritisch", "vor 3 Std.", "Durch Regeln", "Als Tabelle anzeigen", "Wartet auf Freigabe"]) expect(words()).toContain(word);
  expect(leftovers()).toEqual([]);
});

test("the first steps in German", async () => {
  const console = new Console([]);

  await console.open("/", German);
  await screen.findByTestId("first-run");

  expect(words()).toContain("Selbst Agent sein");
  screen.getAllByText(/curl -s|read -rs|heliograph up/).forEach((command) => command.remove());
  expect(leftovers()).toEqual([]);
});
