import { act, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { extensionsOf } from "../src/approvals/extensions.js";
import { preloadTexts } from "../src/shared/language.js";
import { ada, Console, inMs, note, press, request, waitUntil } from "./console.js";
import { German, leftovers, words } from "./german.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

beforeEach(() => localStorage.clear());
afterEach(() => sessionStorage.clear());

async function open(more: object = {}, Frame?: typeof German): Promise<Console> {
  const console = new Console([request("apr_001", { createdAt: inMs(-HOUR), expiresAt: inMs(HOUR), ...more })]);
  await console.open("/approvals/apr_001", Frame);
  return console;
}

describe("a later deadline", () => {
  const button = () => screen.findByRole("button", { name: "Extend" });
  const bodies = (console: Console) => (console.carriers.bodies as Record<string, unknown>[]).filter((body) => "expiresIn" in body);

  test.each([
    ["+15 min", 900],
    ["+1 h", 3_600],
    ["+1 d", 86_400],
  ])("%s is added to the one that stands, and shows by its event", async (name, seconds) => {
    const console = await open();
    const later = inMs(2 * HOUR);
    console.carriers.answer("/v1/approvals/apr_001/extend", { ...console.row("apr_001"), expiresAt: later, version: 2 });

    fireEvent.click(await button());
    fireEvent.click(screen.getByRole("menuitem", { name }));
    await waitUntil(() => expect(bodies(console)).toHaveLength(1));

    expect(Math.abs(Number(bodies(console)[0]?.["expiresIn"]) - 3_600 - seconds)).toBeLessThan(60);
    expect(document.activeElement?.textContent).toContain("Extend");
    await waitUntil(() => expect(screen.getByTestId("announcer").textContent).toMatch(/^The deadline is .* now\.$/));
    console.extended("apr_001", inMs(3 * DAY));
    expect(within(screen.getByTestId("approval-detail")).getByText("3 d left")).toBeDefined();
  });

  test("that the server refuses is said, with its words", async () => {
    const console = await open();
    console.carriers.answer("/v1/approvals/apr_001/extend", { code: "invalid_request", status: 400, title: "no", detail: "expiresIn must lead to a later deadline" }, 400);

    fireEvent.click(await button());
    fireEvent.click(screen.getByRole("menuitem", { name: "+1 h" }));

    expect((await screen.findByTestId("extend-failed")).textContent).toBe("The deadline was not extended: expiresIn must lead to a later deadline");
  });

  test("is offered up to 30 days after the request was made, to members that may decide, and before the deadline", () => {
    const of = (createdAt: string, expiresAt: string, role: "operator" | "viewer" = "operator", status: "pending" | "expired" = "pending") =>
      extensionsOf({ ...request("apr_001"), status, createdAt, expiresAt }, { ...ada, member: { ...ada.member, role } }, Date.parse(expiresAt) - Date.now()).map(({ value, unit }) => `${value} ${unit}`);

    expect(of(inMs(0), inMs(HOUR))).toEqual(["15 minute", "1 hour", "1 day"]);
    expect(of(inMs(-DAY), inMs(28.5 * DAY))).toEqual(["15 minute", "1 hour"]);
    expect(of(inMs(-DAY), inMs(29 * DAY - 20 * 60_000))).toEqual(["15 minute"]);
    expect(of(inMs(-DAY), inMs(29 * DAY))).toEqual([]);
    expect(of(inMs(-DAY), inMs(-1))).toEqual([]);
    expect(of(inMs(0), inMs(HOUR), "viewer")).toEqual([]);
    expect(of(inMs(0), inMs(HOUR), "operator", "expired")).toEqual([]);
  });

  test("is told with the announcement of the deadline", async () => {
    await open({ expiresAt: inMs(200_000) });
    await waitUntil(() => expect(screen.getByTestId("announcer").textContent).toBe("Less than 5 minutes left to decide. The deadline can be extended."));
  });
});

describe("reasons to reject", () => {
  const options = () => within(screen.getByRole("group", { name: "Suggested reasons" })).getAllByRole("button");

  test("that the request suggests are put into the note, and taken out again", async () => {
    const console = await open({ rejectOptions: ["Too much", "Twice"] });
    console.accept("apr_001", "rejected");
    expect(options().map((option) => option.textContent)).toEqual(["Too much", "Twice"]);
    const [first, second] = options();

    fireEvent.click(first ?? document.body);
    expect(note().value).toBe("Too much");
    fireEvent.click(first ?? document.body);
    expect(note().value).toBe("");
    second?.focus();
    expect(document.activeElement).toBe(second);
    fireEvent.click(second ?? document.body);
    expect(second?.getAttribute("aria-pressed")).toBe("true");
    press("r");
    await waitUntil(() => expect(console.decisions).toMatchObject([{ outcome: "rejected", reason: "Twice" }]));
  });

  test("are general ones when it suggests none", async () => {
    await open();
    expect(options().map((option) => option.textContent)).toEqual(["Not now", "Needs more information", "Wrong target"]);
  });

  test("are not there when it cannot be rejected", async () => {
    await open({ rejectOptions: ["Too much"], allow: { approve: true, edit: true, respond: true, reject: false } });
    expect(screen.queryByRole("group", { name: "Suggested reasons" })).toBeNull();
  });
});

const entry = (id: number, action: string, more: object = {}) => ({
  id: `aud_${id}`,
  at: "2026-01-01T00:00:00.000Z",
  actor: { type: "member", id: "mem_1", name: "Mara\u202E" },
  action,
  subject: { type: "approval", id: "apr_001" },
  detail: {},
  ...more,
});
const message = (seq: number) => ({ id: `msg_${seq}`, agentId: "agt_1", seq, role: "agent", kind: "text", text: `**line** ${seq}\u202E`, state: "final", createdAt: "2026-01-01T00:00:00.000Z" });
const section = (name: string) => {
  const found = screen.getByRole("heading", { name }).closest("details");
  if (found === null) throw new Error(`there is no section ${name}`);
  return found;
};
const toggle = (name: string) => fireEvent.click(screen.getByRole("heading", { name }));

describe("the history", () => {
  const path = "/v1/approvals/apr_001/timeline";
  const asked = (console: Console) => console.carriers.asked.filter((url) => url === `${path}?limit=200`).length;
  const entries = () => [...screen.getByTestId("history").querySelectorAll("li")].map((item) => item.lastElementChild?.textContent);

  test("is fetched when it is opened, follows the request, and stays open for the next one", async () => {
    const console = await open();
    expect(section("History").open).toBe(false);
    expect(asked(console)).toBe(0);
    const created = entry(1, "approval.created", { detail: { action: "pay" } });
    console.carriers.answer(path, { data: [created], asOf: "k1:5:x" });

    toggle("History");
    await waitUntil(() => expect(entries()).toEqual(["Asked for an approval · pay"]));
    expect(section("History").textContent).toContain("MaraU+202E");
    const to = "2026-01-01T12:00:00.000Z";
    console.carriers.answer(path, { data: [created, entry(2, "approval.extended", { detail: { from: "2026-01-01T11:00:00.000Z", to } })], asOf: "k1:6:x" });
    console.extended("apr_001", inMs(2 * HOUR));

    await waitUntil(() => expect(entries()[1]).toMatch(/^Extended the deadline to .*2026/));
    console.leave();
    await open();
    expect(section("History").open).toBe(true);
  });

  test("says when it cannot be loaded, and tries again", async () => {
    const console = await open();
    console.carriers.answer(path, { code: "internal", status: 500, title: "Internal" }, 500);
    toggle("History");
    const alert = await screen.findByText(/^The history could not be loaded:/);
    console.carriers.answer(path, { data: [entry(1, "approval.created")], asOf: "k1:5:x" });

    fireEvent.click(within(alert).getByText("Try again"));

    await waitUntil(() => expect(entries()).toEqual(["Asked for an approval"]));
    expect(screen.queryByText(/could not be loaded/)).toBeNull();
  });
});

describe("the agent's last messages", () => {
  const path = "/v1/agents/agt_1/messages";
  const shown = () => [...screen.getByTestId("last-messages").querySelectorAll("li")].map((item) => item.lastElementChild?.textContent.replace(/ \(has.*/, ""));

  test("are the last three, as plain text with marks, and follow the agent", async () => {
    const console = await open();
    console.carriers.answer(path, { data: [4, 3, 2, 1].map(message), asOf: "k1:5:x" });
    expect(console.carriers.asked.some((url) => url.startsWith(path))).toBe(false);

    toggle("The agent's last messages");
    await waitUntil(() => expect(shown()).toEqual([2, 3, 4].map((seq) => `**line** ${seq}U+202E`)));
    act(() => console.carriers.event(7, "agent:message", "msg_5", { message: message(5) }));

    await waitUntil(() => expect(shown()).toEqual([3, 4, 5].map((seq) => `**line** ${seq}U+202E`)));
    expect(screen.getByRole("link", { name: "All messages of the agent" }).getAttribute("href")).toBe("/agents/agt_1");
  });

  test("say when there are none", async () => {
    const console = await open();
    console.carriers.answer(path, { data: [], asOf: "k1:5:x" });
    toggle("The agent's last messages");
    expect(await screen.findByText("The agent has written nothing.")).toBeDefined();
  });
});

test("all of it in German", async () => {
  await preloadTexts("de");
  const console = new Console([request("apr_001", { title: "Zahlen?", action: { name: "zahlung", args: { betrag: { euro: 5 } }, digest: "d" }, createdAt: inMs(-HOUR), expiresAt: inMs(HOUR) })]);
  console.carriers.answer("/v1/approvals/apr_001/timeline", { data: [entry(1, "approval.extended", { actor: { type: "member", id: "m", name: "Mara" }, detail: { to: "2026-01-01T12:00:00.000Z" } })], asOf: "k1:5:x" });
  console.carriers.answer("/v1/agents/agt_1/messages", { data: [], asOf: "k1:5:x" });
  await console.open("/approvals/apr_001", German);

  toggle("Verlauf");
  toggle("Letzte Nachrichten des Agenten");
  fireEvent.click(await screen.findByRole("button", { name: "Verlängern" }));
  await screen.findByText(/^Frist verlängert bis/);
  await screen.findByText("Der Agent hat nichts geschrieben.");
  fireEvent.click(screen.getByRole("button", { name: "Baum" }));
  await screen.findByText("Alle schließen");

  for (const word of ["Jetzt nicht", "Alle Nachrichten des Agenten", "+ 15 Min.", "+ 1 Std.", "+ 1 Tg."]) expect(words()).toContain(word);
  expect(leftovers()).toEqual([]);
});
