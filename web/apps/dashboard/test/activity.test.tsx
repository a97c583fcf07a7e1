import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { AuditEntry } from "@heliograph/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ActivityPage } from "../src/activity/activity-page.js";
import { entryText, subjectHref } from "../src/activity/entry-text.js";
import { german } from "../src/activity/texts.de.js";
import { activityTexts } from "../src/activity/texts.js";
import { newIn } from "../src/activity/use-activity.js";
import { filterOf, searchOf } from "../src/activity/view.js";
import { at, Desk } from "./desk.js";

function entry(number: number, fields: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: `aud_${String(number).padStart(4, "0")}`,
    at,
    actor: { type: "member", id: "mem_ada", name: "Ada" },
    action: "key.revoked",
    subject: { type: "key", id: "01key" },
    detail: {},
    ...fields,
  };
}

let desk: Desk;
/** The trail, newest first. */
let trail: AuditEntry[];

beforeEach(() => {
  history.replaceState(null, "", "/activity");
  desk = new Desk();
  trail = [entry(2), entry(1)];
  desk.answer("GET /v1/audit", ({ query }) => {
    const { limit = "50", cursor = "0" } = query;
    const end = Number(cursor) + Number(limit);
    return { data: trail.slice(Number(cursor), end), ...(end < trail.length ? { nextCursor: String(end) } : {}), asOf: "k1:5:x" };
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const shown = () => [...document.querySelectorAll<HTMLElement>("[data-row-id]")].map((row) => row.dataset["rowId"]);
const lists = () => desk.sent.filter(({ path }) => path === "/v1/audit").map(({ query }) => query);
const live = () => waitFor(() => expect(desk.client.getState().status).toBe("live"));
const open = async (options?: Parameters<Desk["show"]>[1]) => {
  desk.show(<ActivityPage />, options);
  await screen.findByRole("table");
};

describe("the trail", () => {
  test("says who did what to what and when", async () => {
    trail = [
      entry(3, {
        actor: { type: "agent", id: "agt_1", name: "Refund desk" },
        credential: { type: "key", id: "01key", name: "Desk key" },
        action: "approval.created",
        subject: { type: "approval", id: "apr_1" },
        detail: { action: "payments.refund" },
      }),
      entry(2, { actor: { type: "system" }, action: "approval.expired", subject: { type: "approval", id: "apr_2" } }),
      entry(1, { action: "planet.moved", subject: { type: "planet", id: "p1" } }),
    ];
    await open();

    const cells = screen.getAllByRole("row").map((row) => [...row.children].map((cell) => cell.textContent));
    expect(cells[0]).toEqual(["Who", "What", "Subject", "When"]);
    expect(cells[1]?.slice(0, 3)).toEqual(["Refund deskby key Desk key", "Asked for an approvalpayments.refund", "Request apr_1"]);
    expect(cells[2]?.slice(0, 3)).toEqual(["The server", "A request expired", "Request apr_2"]);
    expect(cells[3]?.slice(0, 3)).toEqual(["Ada", "planet.moved", "planet p1"]);
    expect(screen.getByRole("link", { name: "Request apr_1" }).getAttribute("href")).toBe("/approvals/apr_1");
    expect(document.querySelector("time")?.dateTime).toBe(at);
  });

  test("what an agent wrote is marked", async () => {
    trail = [entry(1, { action: "approval.created", detail: { action: "pay\u202Eknab" } })];
    await open();

    expect(screen.getByText("U+202E")).toBeDefined();
  });

  test("pages load when asked for, and a failure is said", async () => {
    trail = Array.from({ length: 120 }, (_, index) => entry(1000 - index));
    await open();
    expect(shown()).toHaveLength(50);
    expect(screen.getByText("50 entries are shown.")).toBeDefined();

    fireEvent.click(screen.getByRole("button", { name: "Show more" }));
    await waitFor(() => expect(shown()).toHaveLength(100));
    desk.refuse("GET /v1/audit", 500, "internal", "The database is away");
    fireEvent.click(screen.getByRole("button", { name: "Show more" }));

    await screen.findByText("More entries could not be loaded.");
    expect(shown()).toHaveLength(100);
    expect(shown()[0]).toBe("aud_1000");
  });

  test("a page without matches is not the end", async () => {
    desk.answer("GET /v1/audit", ({ query }) => (query["cursor"] === undefined ? { data: [], nextCursor: "next", asOf: "k1:5:x" } : { data: [entry(1)], asOf: "k1:5:x" }));
    desk.show(<ActivityPage />);

    fireEvent.click(await screen.findByRole("button", { name: "Show more" }));

    await waitFor(() => expect(shown()).toEqual(["aud_0001"]));
  });

  test("is for owners and admins: others read a sentence", async () => {
    desk.refuse("GET /v1/audit", 403, "forbidden", "This requires the role owner or admin");
    desk.show(<ActivityPage />, { role: "viewer" });

    await screen.findByText("Your role does not show the activity");
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Activity");
  });

  test("that cannot be loaded loads again", async () => {
    desk.refuse("GET /v1/audit", 500, "internal", "The database is away");
    desk.show(<ActivityPage />);
    await screen.findByText("The database is away");

    desk.answer("GET /v1/audit", { data: [entry(1)], asOf: "k1:5:x" });
    fireEvent.click(screen.getByRole("button", { name: "Reload" }));

    await waitFor(() => expect(shown()).toEqual(["aud_0001"]));
  });
});

describe("new entries", () => {
  test("are counted one second after an event, and join when asked for", async () => {
    await open();
    await live();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    trail = [entry(4), entry(3), ...trail];

    desk.event(6);
    desk.event(7);
    await act(() => vi.advanceTimersByTimeAsync(900));
    expect(lists()).toHaveLength(1);
    await act(() => vi.advanceTimersByTimeAsync(200));
    vi.useRealTimers();

    const button = await screen.findByRole("button", { name: "2 new entries" });
    expect(lists()).toHaveLength(2);
    expect(shown()).toEqual(["aud_0002", "aud_0001"]);
    fireEvent.click(button);
    await waitFor(() => expect(shown()).toEqual(["aud_0004", "aud_0003", "aud_0002", "aud_0001"]));
    expect(screen.queryByTestId("new-entries")).toBeNull();
  });

  test("more than are fetched at once load the list again, so that none is missing", async () => {
    await open();
    await live();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    trail = [...Array.from({ length: 250 }, (_, index) => entry(1000 - index)), ...trail];

    desk.event(6);
    await act(() => vi.advanceTimersByTimeAsync(1_100));
    vi.useRealTimers();
    fireEvent.click(await screen.findByRole("button", { name: "More than 200 new entries" }));

    await waitFor(() => expect(shown()).toHaveLength(50));
    expect(shown()[0]).toBe("aud_1000");
    expect(shown()[49]).toBe("aud_0951");
    await waitFor(() => expect(screen.queryByTestId("new-entries")).toBeNull());
  });

  test("are those with a later id; a page without an end in what is known has a gap", () => {
    const page = { data: [entry(9), entry(8)], asOf: "k1:5:x" };

    expect(newIn(undefined, "aud_0001")).toEqual({ entries: [], gap: false });
    expect(newIn(page, "aud_0008")).toEqual({ entries: [entry(9)], gap: false });
    expect(newIn(page, undefined)).toEqual({ entries: page.data, gap: false });
    expect(newIn({ ...page, nextCursor: "2" }, "aud_0001").gap).toBe(true);
    expect(newIn({ ...page, nextCursor: "2" }, "aud_0009").gap).toBe(false);
  });
});

describe("filters", () => {
  test("are in the address and go to the server; what is malformed is ignored", async () => {
    history.replaceState(null, "", "/activity?actor=mem_bo&action=key.revoked&from=yesterday&nonsense=1");
    await open();

    expect(lists()).toEqual([{ actor: "mem_bo", action: "key.revoked", limit: "50" }]);
    expect(screen.getByLabelText<HTMLSelectElement>("Action").value).toBe("key.revoked");
  });

  test("are sent by Apply, and cleared", async () => {
    await open();
    await waitFor(() => expect(within(screen.getByLabelText("Who")).getByText("Bo")).toBeDefined());

    fireEvent.change(screen.getByLabelText("Who"), { target: { value: "mem_bo" } });
    fireEvent.change(screen.getByLabelText("Id of the subject"), { target: { value: " apr_1 " } });
    expect(location.search).toBe("");
    fireEvent.click(screen.getByRole("button", { name: "Apply" }));
    await waitFor(() => expect(lists().at(-1)).toEqual({ actor: "mem_bo", subject: "apr_1", limit: "50" }));
    expect(location.search).toBe("?actor=mem_bo&subject=apr_1");
    fireEvent.click(await screen.findByRole("button", { name: "Clear filters" }));

    await waitFor(() => expect(lists().at(-1)).toEqual({ limit: "50" }));
    expect(location.search).toBe("");
  });

  test("with reversed times are not sent", async () => {
    await open();

    fireEvent.change(screen.getByLabelText("From"), { target: { value: "2026-02-01T00:00" } });
    fireEvent.change(screen.getByLabelText("To"), { target: { value: "2026-01-01T00:00" } });

    expect(screen.getByText("From has to be before To.")).toBeDefined();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Apply" }).disabled).toBe(true);
  });

  test("that match nothing say so", async () => {
    trail = [];
    history.replaceState(null, "", "/activity?subject=apr_9");
    desk.show(<ActivityPage />);

    await screen.findByText("No entries match the filters");
  });

  test.each(["", "?actor=mem_1&action=key.issued&subject=01&from=2026-01-01T00%3A00%3A00Z&to=2026-01-02T00%3A00%3A00Z"])("a query string %j is read and written", (search) => {
    expect(searchOf(filterOf(search))).toBe(search);
  });

  test.each(["?actor=", "?actor=%20", `?actor=${"a".repeat(301)}`, "?from=2026-13-01T00:00Z", "?from=2026-01-02T00:00Z&to=2026-01-01T00:00Z"])("%j has no filter", (search) => {
    expect(filterOf(search)).toEqual({});
  });
});

describe("the export", () => {
  test.each([
    ["Export as CSV", "csv"],
    ["Export as JSON Lines", "jsonl"],
  ])("%s saves the filtered entries as a file", async (name, format) => {
    history.replaceState(null, "", "/activity?actor=mem_bo");
    desk.answer("GET /v1/audit/export", () => new Blob(["id\r\naud_1\r\n"]));
    const saved: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    await open();

    fireEvent.click(screen.getByRole("button", { name }));

    await screen.findByText("The export was saved.");
    expect(saved).toEqual([`activity.${format}`]);
    expect(desk.sent.find(({ path }) => path === "/v1/audit/export")?.query).toEqual({ actor: "mem_bo", format });
  });

  test("that is refused says why", async () => {
    desk.refuse("GET /v1/audit/export", 429, "too_many_requests", "Two exports run already");
    await open();

    fireEvent.click(screen.getByRole("button", { name: "Export as CSV" }));

    expect((await screen.findByRole("alert")).textContent).toBe("Not exported: Two exports run already");
  });
});

describe("sentences", () => {
  const texts = activityTexts.en;
  test.each<[Partial<AuditEntry>, string, string | undefined]>([
    [{ action: "approval.resolved", detail: { resolution: { outcome: "approved", argsEdited: true } } }, "Approved a request with changed arguments", undefined],
    [{ action: "approval.resolved", detail: { resolution: { outcome: "rejected", reason: "too much" } } }, "Rejected a request", "too much"],
    [{ action: "approval.resolved", detail: { resolution: 7 } }, "Resolved a request", undefined],
    [{ action: "member.added", detail: { handle: "bo", role: "viewer" } }, "Added a member", "bo · Viewer"],
    [{ action: "member.role_changed", detail: { from: "viewer", to: "king" } }, "Changed a role", "Viewer → king"],
    [{ action: "member.removed", detail: { handle: "bo", keys: "keep" } }, "Removed a member", "bo · the API keys were kept"],
    [{ action: "key.issued", detail: { name: "Desk" } }, "Created an API key", "Desk"],
    [{ action: "session.ended", detail: { reason: "signed_out" } }, "Signed out", undefined],
    [{ action: "session.ended", detail: { reason: "ended" } }, "Ended a session", undefined],
    [{ action: "constructor", detail: {} }, "constructor", undefined],
  ])("of %j", (fields, sentence, about) => {
    expect(entryText(entry(1, fields), texts)).toEqual(about === undefined ? expect.objectContaining({ sentence }) : { sentence, about });
  });

  test("link to the screen that shows the subject", () => {
    const hrefOf = (type: string, detail: object = {}) => subjectHref(entry(1, { subject: { type, id: "a/b" }, detail: { ...detail } }));

    expect(["approval", "agent", "member", "key", "session", "token", "workspace"].map((type) => hrefOf(type))).toEqual([
      "/approvals/a%2Fb",
      "/agents/a%2Fb",
      "/settings/members",
      "/settings/api-keys",
      "/settings/sessions",
      undefined,
      undefined,
    ]);
    expect(hrefOf("message", { agentId: "agt_1" })).toBe("/agents/agt_1");
    expect(hrefOf("message")).toBeUndefined();
  });

  test("both languages know the same actions", () => {
    expect(Object.keys(german.actions)).toEqual(Object.keys(texts.actions));
    expect(Object.keys(german.subjects)).toEqual(Object.keys(texts.subjects));
  });
});

test("is German in German", async () => {
  await act(async () => {
    desk.show(<ActivityPage />, { language: "de" });
    await activityTexts.de();
  });

  await screen.findByRole("table");
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Aktivität");
  expect(document.body.textContent).toMatch(/Als CSV exportieren.*Alle Aktionen.*Von.*Bis.*Wer.*Was.*Gegenstand.*Wann.*Hat einen API-Schlüssel widerrufen.*2 Einträge werden angezeigt\./);
});
