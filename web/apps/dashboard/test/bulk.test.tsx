import type { Approval } from "@heliograph/client";
import { act, fireEvent, renderHook, screen, within } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import { useSelection } from "../src/approvals/use-selection.js";
import { preloadTexts } from "../src/shared/language.js";
import { ada, Console, decided, press, request, row, waitUntil } from "./console.js";
import { German, leftovers, words } from "./german.js";

import.meta.glob("../src/**/{texts,*-texts}.ts", { eager: true });

beforeAll(() => preloadTexts("de"));

const BULK = "/v1/approvals/bulk-decision";
const ids = ["apr_001", "apr_002", "apr_003"];
const bar = () => screen.findByTestId("bulk-bar");
const chosen = () => screen.getAllByRole<HTMLInputElement>("checkbox").filter(({ checked }) => checked).map((box) => box.closest("li")?.querySelector("a")?.getAttribute("data-approval-id"));
const box = (id: string) => within(row(id).closest("li") ?? document.body).getByRole<HTMLInputElement>("checkbox");
const listed = () => [...screen.getByRole("list", { name: "The requests" }).querySelectorAll("[data-approval-id]")].map((item) => item.getAttribute("data-approval-id"));
const bulks = (console: Console) => (console.carriers.bodies as Record<string, unknown>[]).filter((body) => "decisions" in body).map(({ decisions }) => decisions);
const stored = (approval: Approval, outcome: "approved" | "rejected" = "approved") => ({ id: approval.id, status: 200, approval: decided(approval, ada.member, outcome) });

async function choose(console: Console, some: readonly string[]): Promise<void> {
  await console.open("/approvals");
  await waitUntil(() => expect(screen.getAllByTestId("approval-row").length).toBeGreaterThan(0));
  fireEvent.click(screen.getByRole("button", { name: "Select" }));
  await bar();
  some.forEach((id) => fireEvent.click(box(id)));
}

async function send(name: "Approve…" | "Reject…"): Promise<void> {
  fireEvent.click(await screen.findByRole("button", { name }));
  const button = await screen.findByTestId("bulk-send");
  await waitUntil(() => expect(button.getAttribute("aria-disabled")).toBeNull());
  fireEvent.click(button, { detail: 1 });
}

test("x chooses rows, and what is chosen is approved in one call", async () => {
  const console = new Console(ids.map((id) => request(id)));
  console.carriers.answer(BULK, { data: ["apr_001", "apr_003"].map((id) => stored(console.row(id))) });
  await console.open("/approvals");
  await waitUntil(() => expect(screen.getAllByTestId("approval-row")).toHaveLength(3));

  for (const id of ["apr_001", "apr_003"]) {
    act(() => row(id).focus());
    press("x");
  }
  await waitUntil(() => expect(chosen()).toEqual(["apr_001", "apr_003"]));
  expect(within(await bar()).getByRole("status").textContent).toBe("2 requests chosen");
  await send("Approve…");

  const digest = (id: string) => console.row(id).action.digest;
  await waitUntil(() => expect(bulks(console)).toEqual([[{ id: "apr_001", outcome: "approved", digest: digest("apr_001") }, { id: "apr_003", outcome: "approved", digest: digest("apr_003") }]]));
  await waitUntil(() => expect(screen.queryByTestId("bulk-bar")).toBeNull());
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(console.sent).toEqual([]);
});

test("critical requests cannot be chosen, and those of high risk are rejected together but not approved", async () => {
  const console = new Console([request("apr_001", { risk: "critical" }), request("apr_002", { risk: "high" }), request("apr_003")]);
  console.carriers.answer(BULK, { data: ["apr_002", "apr_003"].map((id) => stored(console.row(id), "rejected")) });
  await choose(console, ["apr_002", "apr_003"]);
  expect(box("apr_001").disabled).toBe(true);
  act(() => row("apr_001").focus());
  press("x");
  expect(chosen()).toEqual(["apr_002", "apr_003"]);

  fireEvent.click(screen.getByRole("button", { name: "Approve…" }));
  await screen.findByRole("dialog", { name: "Approve 1 request?" });
  expect(listed()).toEqual(["apr_003"]);
  expect(screen.getByText(/^1 request of high risk is not among them/)).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  fireEvent.click(screen.getByRole("button", { name: "Reject…" }));
  await screen.findByRole("dialog", { name: "Reject 2 requests?" });
  expect(listed()).toEqual(["apr_002", "apr_003"]);
  fireEvent.change(screen.getByLabelText("A note to the agents"), { target: { value: " Not today " } });
  const button = screen.getByTestId("bulk-send");
  await waitUntil(() => expect(button.getAttribute("aria-disabled")).toBeNull());
  fireEvent.click(button, { detail: 1 });

  await waitUntil(() => expect(bulks(console)[0]).toMatchObject([{ id: "apr_002", outcome: "rejected", reason: "Not today" }, { id: "apr_003", outcome: "rejected", reason: "Not today" }]));
});

test("requests of high risk alone cannot be approved together", async () => {
  const console = new Console([request("apr_001", { risk: "high" })]);

  await choose(console, ["apr_001"]);

  expect(within(await bar()).getByRole("status").textContent).toMatch(/^1 request chosen 1 request of high risk is not among them/);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Approve…" }).disabled).toBe(true);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Reject…" }).disabled).toBe(false);
});

test("what the server does not take is listed with the reason; a decision of an earlier attempt counts as stored", async () => {
  const console = new Console(ids.map((id) => request(id)));
  const conflict = (id: string, by: { readonly id: string; readonly name: string }) => ({
    id,
    status: 409,
    problem: { code: "already_resolved", title: "Already resolved", detail: `${by.name} decided first`, resolution: decided(console.row(id), by).resolution },
  });
  console.carriers.answer(BULK, { data: [conflict("apr_001", ada.member), conflict("apr_002", { id: "mem_mara", name: "Mara" }), stored(console.row("apr_003"))] });
  await choose(console, ids);
  await send("Approve…");

  await screen.findByRole("dialog", { name: "Not decided: 1 request" });
  expect(listed()).toEqual(["apr_002"]);
  expect(screen.getByText("Mara decided first")).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByTestId("bulk-bar")).toBeNull();
});

test("a failure keeps the choice and the note, and can be sent again", async () => {
  const console = new Console(ids.map((id) => request(id)));
  console.carriers.answer(BULK, { code: "internal", status: 500, title: "no" }, 500);
  await choose(console, ids);
  await send("Approve…");

  await within(await screen.findByRole("dialog")).findByText("The decisions could not be sent. Nothing is lost: send them again.");
  console.carriers.answer(BULK, { data: ids.map((id) => stored(console.row(id))) });
  fireEvent.click(screen.getByTestId("bulk-send"), { detail: 1 });

  await waitUntil(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(bulks(console)).toHaveLength(2);
});

test("a double click and a click before the dialog has settled decide nothing", async () => {
  const console = new Console(ids.map((id) => request(id)));
  await choose(console, ids);
  fireEvent.click(screen.getByRole("button", { name: "Approve…" }));
  const button = await screen.findByTestId("bulk-send");

  fireEvent.pointerDown(button);
  fireEvent.click(button, { detail: 1 });
  await waitUntil(() => expect(button.getAttribute("aria-disabled")).toBeNull());
  fireEvent.click(button, { detail: 2 });

  expect(bulks(console)).toEqual([]);
});

test("fifty are the most, and another list begins anew", () => {
  const many = Array.from({ length: 60 }, (_, index) => request(`apr_${String(index).padStart(3, "0")}`));
  const { result, rerender } = renderHook(({ list }) => useSelection(list, many), { initialProps: { list: "a" } });

  act(() => many.forEach(result.current.toggle));
  expect(result.current.requests.map(({ id }) => id)).toEqual(many.slice(0, 50).map(({ id }) => id));
  rerender({ list: "b" });

  expect(result.current.on).toBe(false);
  expect(result.current.requests).toEqual([]);
});

test("what somebody else decides is no longer chosen", async () => {
  const console = new Console(ids.map((id) => request(id)));
  await choose(console, ids);
  expect(within(await bar()).getByRole("status").textContent).toBe("3 requests chosen");

  console.resolved("apr_001");
  await waitUntil(() => expect(screen.getByTestId("bulk-bar").textContent).toContain("2 requests chosen"));
  fireEvent.click(screen.getByRole("button", { name: "Done" }));
  expect(screen.queryAllByRole("checkbox")).toEqual([]);
});

test("deciding several in German", async () => {
  const console = new Console(ids.map((id, index) => request(id, { title: "Frage", action: { ...request(id).action, name: "x" }, ...(index === 0 ? { risk: "high" } : {}) })));
  await console.open("/approvals", German);
  await waitUntil(() => expect(screen.getAllByTestId("approval-row")).toHaveLength(3));

  for (const id of ids) {
    act(() => row(id).focus());
    press("x");
  }
  fireEvent.click(await screen.findByRole("button", { name: "Freigeben…" }));
  await screen.findByRole("dialog", { name: "2 Anfragen freigeben?" });

  expect(words()).toContain("1 Anfrage mit hohem Risiko ist nicht dabei");
  expect(leftovers()).toEqual([]);
});
