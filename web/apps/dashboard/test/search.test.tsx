import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import { Console, decided, openId, request, waitUntil } from "./console.js";

const mara = { id: "mem_mara", name: "Mara" };
const shown = () => screen.queryAllByTestId("approval-row").map((element) => element.dataset["approvalId"]);
const field = () => screen.getByLabelText<HTMLInputElement>("Search the requests");
const type = (text: string) => fireEvent.change(field(), { target: { value: text } });
const address = () => location.pathname + location.search;
const asked = (console: Console) => console.carriers.asked.filter((path) => path.startsWith("/v1/approvals?"));
const searches = (console: Console) => asked(console).filter((path) => path.includes("q="));

afterEach(() => sessionStorage.clear());

async function open(path: string): Promise<Console> {
  const console = new Console([
    request("apr_001", { title: "Refund order 1?" }),
    request("apr_002", { title: "Delete the customer" }),
    request("apr_003", { title: "Refund order 3?", tags: ["vip"] }),
    { ...decided(request("apr_004", { title: "Refund order 4?" }), mara), resolvedAt: "2026-01-03T00:00:00.000Z" },
  ]);
  await console.open(path);
  await waitUntil(() => expect(screen.queryByLabelText("Loading the requests")).toBeNull());
  return console;
}

describe("search", () => {
  test("asks the server for the words in the order of the list, and keeps them in the address", async () => {
    const console = await open("/approvals?sort=-risk");

    type("  refund   VIP ");

    await waitUntil(() => expect(shown()).toEqual(["apr_003"]));
    expect(address()).toBe("/approvals?sort=-risk&q=refund+VIP");
    expect(searches(console).at(-1)).toContain("sort=-risk");
    expect(field().value).toBe("  refund   VIP ");
  });

  test("asks once after several keys", async () => {
    const console = await open("/approvals");

    for (const text of ["o", "or", "ord"]) type(text);

    await waitUntil(() => expect(shown()).toEqual(["apr_001", "apr_003"]));
    expect(searches(console).map((path) => new URLSearchParams(path.split("?")[1]).get("q"))).toEqual(["ord"]);
  });

  test("of what is decided lists the newest first", async () => {
    const console = await open("/approvals?tab=decided&q=order");

    await waitUntil(() => expect(shown()).toEqual(["apr_004"]));
    expect(field().value).toBe("order");
    expect(searches(console).at(-1)).toContain("sort=-createdAt");
  });

  test("finds nothing, says so, and Escape clears it", async () => {
    await open("/approvals");
    type("nothing like this");
    await waitUntil(() => expect(screen.getByText("No matching requests")).toBeTruthy());

    act(() => field().focus());
    fireEvent.keyDown(field(), { key: "Escape" });

    await waitUntil(() => expect(shown()).toEqual(["apr_001", "apr_002", "apr_003"]));
    expect(field().value).toBe("");
    expect(address()).toBe("/approvals");
    expect(document.activeElement).not.toBe(field());
  });

  test("finds nothing, and the button clears it", async () => {
    await open("/approvals?q=nothing");
    await waitUntil(() => expect(screen.getByText("No matching requests")).toBeTruthy());

    fireEvent.click(screen.getByText("Clear search"));

    await waitUntil(() => expect(shown()).toEqual(["apr_001", "apr_002", "apr_003"]));
    expect(field().value).toBe("");
    expect(address()).toBe("/approvals");
  });

  test("signs alone search for nothing", async () => {
    const console = await open("/approvals");

    type("?!");
    type("?! order");

    await waitUntil(() => expect(shown()).toEqual(["apr_001", "apr_003"]));
    expect(searches(console)).toHaveLength(1);
  });

  test("keeps the open request, and Back leaves the list that was searched", async () => {
    await open("/approvals/apr_002");
    fireEvent.click(screen.getByTestId("tabs").querySelector("[data-tab=all]") ?? document.body);
    type("vip");
    await waitUntil(() => expect(shown()).toEqual(["apr_003"]));
    expect(openId()).toBe("apr_002");

    act(() => history.back());

    await waitUntil(() => expect(shown()).toEqual(["apr_001", "apr_002", "apr_003"]));
    expect(field().value).toBe("");
    expect(address()).toBe("/approvals/apr_002");
  });
});
