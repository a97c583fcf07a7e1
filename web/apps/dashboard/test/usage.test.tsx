import type { LimitUse } from "@heliograph/client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { bytesText } from "../src/settings/bytes.js";
import { SettingsPage } from "../src/settings/settings-page.js";
import { preloadTexts } from "../src/shared/language.js";
import { Desk } from "./desk.js";

const limitOf = (name: string, used: number, limit: number, more: Partial<LimitUse> = {}): LimitUse => ({ name, used, limit, unit: name, scope: "workspace", perNode: false, setting: `heliograph.limits.max-${name}`, ...more });
const uses = [
  limitOf("agents", 3, 1_000),
  limitOf("members", 80, 100),
  limitOf("pendingApprovals", 12_000, 10_000),
  limitOf("storage", 1_240_000_000, 10_000_000_000, { unit: "bytes" }),
  limitOf("writes", 40, 100, { scope: "caller", perNode: true, perSecond: 50 }),
  limitOf("messages", 7, 100, { scope: "agent" }),
  limitOf("rules", 1, 10),
];

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
  desk.answer("GET /v1/usage", { data: uses, asOf: "k1:5:x" });
});

async function open(role: "owner" | "viewer" = "owner"): Promise<void> {
  desk.show(<SettingsPage section="usage" />, { role });
  await screen.findByRole("table", { name: "The workspace" });
}

function row(id: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[data-row-id="${id}"]`);
  if (found === null) throw new Error(`no row shows ${id}`);
  return found;
}

test("every limit is there with its use in numbers and as a meter, by whose it is", async () => {
  await open("viewer");

  expect(screen.getAllByRole("table").map((table) => table.getAttribute("aria-label"))).toEqual(["The workspace", "You", "The agent that uses most"]);
  expect(document.querySelectorAll("[data-row-id]")).toHaveLength(uses.length);
  const agents = row("workspace agents");
  expect(agents.textContent).toContain("3 of 1,000");
  expect(agents.textContent).toContain("heliograph.limits.max-agents");
  const meter = within(agents).getByRole("meter", { name: "Agents" });
  expect([meter.getAttribute("aria-valuenow"), meter.getAttribute("aria-valuemax"), meter.getAttribute("aria-valuetext")]).toEqual(["3", "1000", "3 of 1,000"]);
  expect(row("workspace storage").textContent).toContain("1.2 GB of 10 GB");
  expect(row("caller writes").textContent).toContain("50 come back per second");
  expect(row("caller writes").textContent).toContain("On the node that answered");
  // A limit of a newer server.
  expect(within(row("workspace rules")).getByRole("rowheader").textContent).toBe("rules");
});

test("from 80% on a limit is marked in words, and the head counts them", async () => {
  await open();

  expect(row("workspace members").textContent).toContain("80% used");
  expect(row("workspace pendingApprovals").textContent).toContain("Used up");
  expect(within(row("workspace pendingApprovals")).getByRole("meter").getAttribute("aria-valuenow")).toBe("10000");
  expect(row("workspace agents").textContent).not.toContain("used");
  expect(screen.getByText(/^2 limits are at least 80% used\./)).toBeDefined();
});

test("a refresh reads it again; one that fails leaves the numbers and says why", async () => {
  await open();
  desk.answer("GET /v1/usage", { data: [limitOf("agents", 4, 1_000)], asOf: "k1:6:x" });

  fireEvent.click(screen.getByRole("button", { name: "Refresh" }));
  await waitFor(() => expect(row("workspace agents").textContent).toContain("4 of 1,000"));
  expect(screen.getByText(/^No limit is near\./)).toBeDefined();

  desk.refuse("GET /v1/usage", 503, "overloaded", "The server is busy");
  fireEvent.click(screen.getByRole("button", { name: "Refresh" }));
  expect((await screen.findByRole("alert")).textContent).toBe("Not refreshed: The server is busy");
  expect(row("workspace agents").textContent).toContain("4 of 1,000");
});

test("usage that cannot be loaded says so", async () => {
  desk.refuse("GET /v1/usage", 503, "overloaded", "The server is busy");

  desk.show(<SettingsPage section="usage" />);

  await screen.findByText("The server is busy");
});

test("in German", async () => {
  await preloadTexts("de");
  desk.show(<SettingsPage section="usage" />, { language: "de" });

  await screen.findByRole("table", { name: "Der Arbeitsbereich" });
  expect(row("workspace storage").textContent).toMatch(/1,2\sGB von 10\sGB/);
  expect(screen.getByText(/^2 Grenzen/)).toBeDefined();
});

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1_000, "1 kB"],
  [1_550_000, "1.6 MB"],
  [2_000_000_000_000_000, "2,000 TB"],
])("%s bytes", (bytes, text) => {
  expect(bytesText(bytes, "en-US")).toBe(text);
});
