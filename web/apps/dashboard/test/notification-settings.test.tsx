import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SettingsPage } from "../src/settings/settings-page.js";
import { preloadTexts } from "../src/shared/language.js";
import { FakeNotification, preferences, stubNotifications } from "./desktop.js";
import { Desk } from "./desk.js";

const PUT = "PUT /v1/notifications/preferences";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
  desk.answer("GET /v1/notifications/preferences", preferences);
  desk.answer(PUT, ({ body }) => body as object);
  stubNotifications("default");
});

afterEach(() => vi.unstubAllGlobals());

async function open(role: "operator" | "viewer" = "operator"): Promise<void> {
  desk.show(<SettingsPage section="notifications" />, { role });
  await screen.findByRole("table", { name: "Notifications" });
}

const toggle = (name: string) => screen.getByRole<HTMLInputElement>("switch", { name });
const permission = () => document.querySelector<HTMLElement>("[data-permission]")?.dataset["permission"];
const sent = () => desk.sent.filter(({ method }) => method === "PUT").map(({ body }) => body);

test("each kind has a switch for the inbox and one for the desktop", async () => {
  await open();

  expect(screen.getAllByRole("switch").map((element) => [element.getAttribute("aria-label"), (element as HTMLInputElement).checked])).toEqual([
    ["A request waits for a decision: Inbox", true],
    ["A request waits for a decision: Desktop", true],
    ["A request expired without a decision: Inbox", true],
    ["A request expired without a decision: Desktop", false],
    ["An agent went silent while it worked: Inbox", true],
    ["An agent went silent while it worked: Desktop", false],
    ["An agent reports an error: Inbox", true],
    ["An agent reports an error: Desktop", false],
  ]);
  expect(screen.getByLabelText<HTMLSelectElement>("Requests on the desktop").value).toBe("high");
});

test("requests cannot be turned off in the inbox, and the row says why", async () => {
  await open();

  expect(toggle("A request waits for a decision: Inbox").disabled).toBe(true);
  expect(screen.getByText("Always on: a request may be critical.")).toBeDefined();
});

test("changes are sent one after the other, each with those before it", async () => {
  await open();

  fireEvent.click(toggle("An agent reports an error: Inbox"));
  fireEvent.click(toggle("A request expired without a decision: Desktop"));
  fireEvent.change(screen.getByLabelText("Requests on the desktop"), { target: { value: "critical" } });

  await waitFor(() => expect(sent()).toHaveLength(3));
  const inApp = { ...preferences.inApp, "agent.error": false };
  expect(sent()).toEqual([
    { ...preferences, inApp },
    { inApp, desktop: { ...preferences.desktop, "approval.expired": true } },
    { inApp, desktop: { ...preferences.desktop, "approval.expired": true, minRisk: "critical" } },
  ]);
  await waitFor(() => expect(toggle("An agent reports an error: Inbox").checked).toBe(false));
  expect(toggle("An agent reports an error: Desktop").disabled).toBe(true);
});

test("a change that is refused is undone, and the server's words are shown", async () => {
  desk.refuse(PUT, 503, "overloaded", "The server is busy");
  await open();

  fireEvent.click(toggle("An agent reports an error: Inbox"));

  expect((await screen.findByRole("alert")).textContent).toBe("Not saved: The server is busy");
  await waitFor(() => expect(toggle("An agent reports an error: Inbox").checked).toBe(true));
});

test("preferences that cannot be loaded are asked for again by a button; the browser's state shows", async () => {
  desk.refuse("GET /v1/notifications/preferences", 500, "internal", "Something broke");
  desk.show(<SettingsPage section="notifications" />);
  await screen.findByText("Something broke");
  expect(permission()).toBe("default");

  desk.answer("GET /v1/notifications/preferences", preferences);
  fireEvent.click(screen.getByRole("button", { name: "Reload" }));

  await screen.findByRole("table", { name: "Notifications" });
});

test("the browser is asked for its permission by a button, and shows an example", async () => {
  await open();

  fireEvent.click(screen.getByRole("button", { name: "Allow notifications" }));
  await waitFor(() => expect(permission()).toBe("granted"));
  fireEvent.click(screen.getByRole("button", { name: "Show an example" }));

  expect(FakeNotification.all.map(({ title }) => title)).toEqual(["Example of Heliograph"]);
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a browser that shows none says so", async () => {
  stubNotifications("granted");
  FakeNotification.refuses = true;
  await open();

  fireEvent.click(screen.getByRole("button", { name: "Show an example" }));

  expect((await screen.findByRole("alert")).textContent).toContain("did not show it");
});

test.each([
  ["denied", () => stubNotifications("denied"), /^Blocked/],
  ["insecure", () => vi.stubGlobal("isSecureContext", false), /plain HTTP/],
  ["unsupported", () => Reflect.deleteProperty(window, "Notification"), /has none/],
] as const)("%s is said, with nothing to ask", async (state, make, text) => {
  make();
  await open();

  expect(permission()).toBe(state);
  expect(screen.getByText(text)).toBeDefined();
  expect(within(screen.getByRole("region", { name: "Desktop notifications in this browser" })).queryByRole("button")).toBeNull();
});

test("a permission that was changed in the browser's settings shows when the page is in front again", async () => {
  await open();

  FakeNotification.permission = "denied";
  act(() => void window.dispatchEvent(new Event("focus")));

  await waitFor(() => expect(permission()).toBe("denied"));
});

test("a viewer is told that viewers are not notified", async () => {
  await open("viewer");

  expect(screen.getByText(/Your role is Viewer/)).toBeDefined();
});

test("in German", async () => {
  await preloadTexts("de");
  desk.show(<SettingsPage section="notifications" />, { language: "de" });

  await screen.findByRole("table", { name: "Benachrichtigungen" });
  expect(screen.getByRole("switch", { name: "Ein Agent meldet einen Fehler – Posteingang" })).toBeDefined();
  expect(screen.getByText("Noch nicht erlaubt. Der Browser fragt Sie einmal.")).toBeDefined();
});
