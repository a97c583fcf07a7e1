import { act, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Approval } from "@heliograph/client";
import { ada, Console, decided, inMs, openId, press, ready, request, row, waitUntil } from "./console.js";

const mara = { id: "mem_mara", name: "Mara" };
const shown = () => screen.queryAllByTestId("approval-row").map((element) => element.dataset["approvalId"]);
const tab = (name: string) => {
  const link = screen.getByTestId("tabs").querySelector<HTMLElement>(`[data-tab=${name}]`);
  if (link === null) throw new Error(`there is no tab ${name}`);
  return link;
};
const chip = (kind: string) => document.querySelector<HTMLElement>(`[data-filter=${kind}]`) ?? document.body;
const address = () => location.pathname + location.search;
const asked = (console: Console) => console.carriers.asked.filter((path) => path.startsWith("/v1/approvals?")).map((path) => decodeURIComponent(path));

afterEach(() => {
  vi.useRealTimers();
  sessionStorage.clear();
});

/** Two pending requests, one of which Ada has claimed, and one of each other kind. */
function rows(): Approval[] {
  const claim = { by: { type: "member", id: ada.member.id }, until: inMs(60_000) };
  const at = (approval: Approval, resolvedAt: string): Approval => ({ ...approval, resolvedAt });
  return [
    request("apr_001", { risk: "critical", tags: ["vip"] }),
    request("apr_002", { claim, risk: "high" }),
    at(decided(request("apr_003", { agentId: "agt_2" }), mara), "2026-01-02T00:00:00.000Z"),
    at(decided(request("apr_004", { tags: ["vip"] }), ada.member, "rejected"), "2026-01-03T00:00:00.000Z"),
    { ...request("apr_005"), status: "cancelled", resolvedAt: "2026-01-01T00:00:00.000Z", version: 2 },
    { ...request("apr_006"), status: "expired", resolvedAt: "2026-01-04T00:00:00.000Z", version: 2 },
  ];
}

async function open(path: string): Promise<Console> {
  const console = new Console(rows());
  await console.open(path);
  await waitUntil(() => expect(screen.queryByLabelText("Loading the requests")).toBeNull());
  return console;
}

describe("tabs", () => {
  test.each([
    ["/approvals", "pending", ["apr_001", "apr_002"]],
    ["/approvals?tab=mine", "mine", ["apr_002"]],
    ["/approvals?tab=decided", "decided", ["apr_004", "apr_003", "apr_005"]],
    ["/approvals?tab=expired", "expired", ["apr_006"]],
    ["/approvals?tab=all", "all", ["apr_006", "apr_005", "apr_004", "apr_003", "apr_002", "apr_001"]],
  ])("%s shows its requests", async (path, name, ids) => {
    await open(path);

    await waitUntil(() => expect(shown()).toEqual(ids));
    expect(tab(name).getAttribute("aria-current")).toBe("page");
    expect(screen.getByTestId("tabs").querySelectorAll("[aria-current]")).toHaveLength(1);
  });

  test("have true counts that follow events; what is mine is not counted", async () => {
    const console = await open("/approvals?tab=decided");
    const texts = () => [...screen.getByTestId("tabs").children].map((link) => link.textContent);
    await waitUntil(() => expect(texts()).toEqual(["Pending 2", "Mine", "Decided 3", "Expired 1", "All 6"]));

    console.resolved("apr_001");

    await waitUntil(() => expect(texts()).toEqual(["Pending 1", "Mine", "Decided 4", "Expired 1", "All 6"]));
    expect(shown()).toEqual(["apr_001", "apr_004", "apr_003", "apr_005"]);
  });

  test("the open request stays open, and Back goes to the tab before", async () => {
    await open("/approvals/apr_001");

    fireEvent.click(tab("decided"));
    await waitUntil(() => expect(shown()).toEqual(["apr_004", "apr_003", "apr_005"]));
    expect(address()).toBe("/approvals/apr_001?tab=decided");
    expect(openId()).toBe("apr_001");
    act(() => history.back());

    await waitUntil(() => expect(shown()).toEqual(["apr_001", "apr_002"]));
    expect(address()).toBe("/approvals/apr_001");
    expect(openId()).toBe("apr_001");
  });

  test("j, k and the rows keep the tab; decided rows say who decided, and are not faded", async () => {
    await open("/approvals?tab=decided");
    await waitUntil(() => expect(shown()).toHaveLength(3));
    expect(row("apr_004").textContent).toContain("Rejected by you");
    expect(row("apr_003").textContent).toContain("Approved by Mara");
    expect(row("apr_003").querySelector("time")?.dateTime).toBe("2026-01-02T00:00:00.000Z");
    expect(row("apr_003").dataset["faded"]).toBe("false");

    press("j");
    await waitUntil(() => expect(openId()).toBe("apr_004"));
    press("j");
    await waitUntil(() => expect(openId()).toBe("apr_003"));

    expect(address()).toBe("/approvals/apr_003?tab=decided");
    expect(document.activeElement).toBe(row("apr_003"));
    expect(row("apr_005").getAttribute("href")).toBe("/approvals/apr_005?tab=decided");
  });

  test("rows that are held by the pointer in one list are not shown in another", async () => {
    await open("/approvals");
    fireEvent.pointerEnter(screen.getByTestId("approval-queue").parentElement?.parentElement ?? document.body);
    act(() => row("apr_001").focus());

    fireEvent.click(tab("expired"));

    await waitUntil(() => expect(shown()).toEqual(["apr_006"]));
    expect(screen.queryByTestId("new-pill")).toBeNull();
  });

  test("the focus that a row of another list had holds nothing back", async () => {
    const console = await open("/approvals");
    act(() => row("apr_001").focus());
    act(() => history.pushState(null, "", "/approvals?tab=all"));
    await waitUntil(() => expect(shown()).toHaveLength(6));
    const body = screen.getByTestId("approval-queue").parentElement?.parentElement ?? document.body;
    fireEvent.pointerEnter(body);
    fireEvent.pointerLeave(body);

    console.created(request("apr_007", { createdAt: "2026-01-05T00:00:00.000Z" }));

    await waitUntil(() => expect(shown()[0]).toBe("apr_007"));
    expect(screen.queryByTestId("new-pill")).toBeNull();
  });

  test("a list that the pointer is on keeps its rows in place when it has been loaded", async () => {
    const console = await open("/approvals");
    fireEvent.pointerEnter(screen.getByTestId("approval-queue").parentElement?.parentElement ?? document.body);
    act(() => history.pushState(null, "", "/approvals?tab=all"));
    await waitUntil(() => expect(shown()).toHaveLength(6));

    console.created(request("apr_007", { createdAt: "2026-01-05T00:00:00.000Z" }));

    await waitUntil(() => expect(screen.queryByTestId("new-pill")?.textContent).toBe(" 1 new"));
    expect(shown()).toHaveLength(6);
  });

  test("a decision on a request that is open beside a list without pending ones opens nothing", async () => {
    const console = await open("/approvals/apr_001?tab=expired");
    console.accept("apr_001");

    press("r");

    await screen.findByTestId("resolution-card");
    expect(openId()).toBe("apr_001");
    expect(screen.getByText("No further requests. Back to the queue")).toBeDefined();
  });

  test("a decision in the list of all goes on with the next pending one", async () => {
    const console = await open("/approvals?tab=all");
    console.accept("apr_002");
    fireEvent.click(row("apr_002"));
    await ready("apr_002");
    act(() => row("apr_002").focus());

    press("a");

    await ready("apr_001");
  });

  test("mine says what was looked through, and what is empty says why", async () => {
    const console = new Console(Array.from({ length: 201 }, (_, index) => request(`apr_${String(index).padStart(3, "0")}`)));
    await console.open("/approvals?tab=mine");

    expect(await screen.findByText("You have claimed no requests")).toBeDefined();
    expect(screen.getByTestId("more").textContent).toContain("Only the first 200 of 201 pending requests were looked through.");
  });
});

test("the order of pending requests is in the address, and has a menu", async () => {
  const console = await open("/approvals?sort=-createdAt");
  await waitUntil(() => expect(shown()).toEqual(["apr_002", "apr_001"]));
  expect(asked(console).some((path) => path.includes("sort=-createdAt"))).toBe(true);

  fireEvent.click(screen.getByTestId("order"));
  fireEvent.click(within(screen.getByRole("menu", { name: "Order" })).getByText("Highest risk"));

  await waitUntil(() => expect(shown()).toEqual(["apr_001", "apr_002"]));
  expect(address()).toBe("/approvals?sort=-risk");
  expect(screen.queryByRole("menu")).toBeNull();
});

describe("filters", () => {
  test("of the address narrow the list; unknown ones do nothing", async () => {
    await open("/approvals?tab=all&tag=vip&risk=extreme&nonsense=1");

    await waitUntil(() => expect(shown()).toEqual(["apr_004", "apr_001"]));
    expect(chip("tag").textContent).toBe("Tag: vip");
    expect(chip("risk").textContent).toBe("Risk");
  });

  test("are chosen from menus with counts of the other filters", async () => {
    const console = await open("/approvals?tab=all&tag=vip");
    await waitUntil(() => expect(shown()).toHaveLength(2));

    fireEvent.click(chip("tag"));
    await waitUntil(() => expect(screen.getByRole("menuitemradio", { name: /vip/ }).textContent).toBe("vip2✓"));
    expect(screen.getByRole("menuitemradio", { name: /vip/ }).getAttribute("aria-checked")).toBe("true");
    expect(asked(console).at(-1)).toBe("/v1/approvals?sort=-createdAt&facets=true&limit=1");
    fireEvent.keyDown(document.activeElement ?? document.body, { key: "Escape" });
    expect(document.activeElement).toBe(chip("tag"));
    fireEvent.click(chip("risk"));
    await waitUntil(() => expect(screen.getAllByRole("menuitemcheckbox").map((item) => item.textContent)).toEqual(["Critical1", "High0", "Medium0", "Low1"]));
    fireEvent.click(screen.getByRole("menuitemcheckbox", { name: /Critical/ }));

    await waitUntil(() => expect(shown()).toEqual(["apr_001"]));
    expect(address()).toBe("/approvals?tab=all&risk=critical&tag=vip");
    fireEvent.click(screen.getByRole("menuitemcheckbox", { name: /Low/ }));
    await waitUntil(() => expect(address()).toBe("/approvals?tab=all&risk=critical%2Clow&tag=vip"));
    fireEvent.click(screen.getByRole("menuitemcheckbox", { name: /Critical/ }));
    await waitUntil(() => expect(shown()).toEqual(["apr_004"]));
  });

  test("the empty list says that they are on, and clears them", async () => {
    await open("/approvals?action=nothing.at_all");
    expect(await screen.findByText("No requests match the filters")).toBeDefined();
    expect(screen.getAllByText("Clear filters")).toHaveLength(2);

    fireEvent.click(screen.getAllByText("Clear filters")[1] ?? document.body);

    await waitUntil(() => expect(shown()).toEqual(["apr_001", "apr_002"]));
    expect(address()).toBe("/approvals");
    expect(screen.queryByText("Clear filters")).toBeNull();
  });

  test("who decided is a filter of the decided list only, with the members' names", async () => {
    const console = new Console(rows());
    const member = (handle: string, name: string) => ({ id: `mem_${handle}`, handle, name, role: "operator", createdAt: "2026-01-01T00:00:00.000Z" });
    console.carriers.answer("/v1/members", { data: [member("ada", "Ada"), member("mara", "Mara")] });
    await console.open("/approvals?tab=decided&by=mem_mara");

    await waitUntil(() => expect(shown()).toEqual(["apr_003"]));
    await waitUntil(() => expect(chip("by").textContent).toBe("Decided by: Mara"));
    fireEvent.click(chip("by"));
    fireEvent.click(await screen.findByRole("menuitemradio", { name: "You" }));
    await waitUntil(() => expect(shown()).toEqual(["apr_004"]));
    expect(address()).toBe("/approvals?tab=decided&by=mem_ada");
    expect(tab("expired").getAttribute("href")).toBe("/approvals?tab=expired");
    fireEvent.click(tab("expired"));

    await waitUntil(() => expect(shown()).toEqual(["apr_006"]));
    expect(document.querySelector("[data-filter=by]")).toBeNull();
  });

  test("a period asks from its beginning, and leaves out what falls out of it", async () => {
    const console = new Console([request("apr_001", { createdAt: inMs(-1_000) }), request("apr_002", { createdAt: inMs(-3_700_000) })]);
    await console.open("/approvals");
    await waitUntil(() => expect(shown()).toEqual(["apr_001", "apr_002"]));

    fireEvent.click(chip("time"));
    fireEvent.click(await screen.findByRole("button", { name: "Last hour" }));

    await waitUntil(() => expect(shown()).toEqual(["apr_001"]));
    expect(address()).toBe("/approvals?period=hour");
    expect(chip("time").textContent).toBe("Created: last hour");
    const from = /from=([^&]+)/.exec(asked(console).at(-1) ?? "")?.[1] ?? "";
    expect(Math.abs(Date.parse(from) - (Date.now() - 3_600_000))).toBeLessThan(60_000);
  });

  test("a row leaves the list when the period has left it behind", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const console = new Console([request("apr_001", { createdAt: inMs(-1_000) })]);
    await console.open("/approvals?period=hour");
    await waitUntil(() => expect(shown()).toEqual(["apr_001"]));

    vi.setSystemTime(Date.now() + 3_600_000);

    await waitUntil(() => expect(screen.getByText("No requests match the filters")).toBeDefined());
    expect(shown()).toEqual([]);
  });

  test("a range is taken when it has a beginning before its end", async () => {
    await open("/approvals");
    fireEvent.click(chip("time"));
    const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
    await screen.findByLabelText("From");

    fireEvent.change(field("From"), { target: { value: "2026-01-02T00:00" } });
    fireEvent.change(field("To"), { target: { value: "2026-01-01T00:00" } });
    expect(screen.getByText("From has to be before To.")).toBeDefined();
    expect(screen.getByText<HTMLButtonElement>("Apply").disabled).toBe(true);
    fireEvent.change(field("To"), { target: { value: "2026-01-03T00:00" } });
    fireEvent.click(screen.getByText("Apply"));

    const iso = (local: string) => encodeURIComponent(new Date(local).toISOString());
    await waitUntil(() => expect(address()).toBe(`/approvals?from=${iso("2026-01-02T00:00")}&to=${iso("2026-01-03T00:00")}`));
  });

  test("with a menu open the keys of the page do nothing", async () => {
    await open("/approvals/apr_001");
    fireEvent.click(chip("action"));
    await screen.findByRole("menuitemradio", { name: /payments.refund/ });

    press("a");
    press("j");
    fireEvent.keyDown(row("apr_001"), { key: "r" });

    expect(openId()).toBe("apr_001");
  });
});
