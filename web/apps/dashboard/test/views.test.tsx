import type { SavedView } from "@heliograph/client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";
import { searchOf, viewOf } from "../src/approvals/view.js";
import { preloadTexts } from "../src/shared/language.js";
import { pathOf, type Screen } from "../src/views/view-path.js";
import { Views } from "../src/views/views.js";
import { Console, press, request, waitUntil } from "./console.js";
import { at, Desk } from "./desk.js";

const view = (id: string, name: string, more: Partial<SavedView> = {}): SavedView => ({
  id,
  name,
  screen: "approvals",
  query: "?risk=critical",
  shared: false,
  owner: { id: "mem_ada", name: "Ada" },
  createdAt: at,
  version: 1,
  ...more,
});
const bo = { id: "mem_bo", name: "Bo\u200Bb" };
const saved = [
  view("viw_1", "Critical"),
  view("viw_2", "Of the desk", { query: "tab=all&risk=low", shared: true, version: 4 }),
  view("viw_3", "Bo's\u202E view", { shared: true, owner: bo, query: "?tab=decided" }),
  view("viw_4", "Idle agents", { screen: "agents", query: "?state=idle" }),
];

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
  desk.answer("GET /v1/views", { data: saved, asOf: "k1:5:x" });
});

interface Opening {
  readonly role?: "owner" | "operator" | "viewer";
  readonly search?: string;
  readonly language?: "en" | "de";
  readonly screen?: Screen;
}

async function open({ role = "operator", search = "?risk=critical", language = "en", screen: of = "approvals" }: Opening = {}): Promise<HTMLElement> {
  desk.show(<Views screen={of} search={search} hrefOf={(query) => `/approvals${searchOf(viewOf(query))}`} />, { role, language });
  fireEvent.click(await screen.findByTestId("views"));
  return screen.getByRole("dialog");
}

const links = () => screen.getAllByRole("link").map((link) => [link.textContent, link.getAttribute("href"), link.getAttribute("aria-current")]);
const click = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const change = (method: string) => desk.sent.find((sent) => sent.method === method);

describe("the list", () => {
  test("has the views of the screen: one's own, and those that others share with who they are", async () => {
    await open();
    await screen.findByText("Critical");

    expect(links()).toEqual([
      ["Critical ", "/approvals?risk=critical", "true"],
      ["Of the desk shared", "/approvals?tab=all&risk=low", "false"],
      [expect.stringMatching(/^Bo'sU\+202E.* view.*by BoU\+200B/), "/approvals?tab=decided", "false"],
    ]);
    expect(screen.getAllByRole("region").map((region) => within(region).getByRole("heading").textContent)).toEqual(["Yours", "Shared by others"]);
  });

  test("opens a view and closes", async () => {
    await open();

    fireEvent.click(await screen.findByText("Of the desk"));

    expect(location.pathname + location.search).toBe("/approvals?tab=all&risk=low");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test.each([
    ["operator", ["Edit Critical", "Edit Of the desk"]],
    ["owner", ["Edit Critical", "Edit Of the desk", "Edit Bo's[U+202E] view"]],
  ] as const)("an %s changes %s", async (role, names) => {
    await open({ role });
    await screen.findByText("Critical");

    expect(screen.getAllByRole("button", { name: /^Edit/ }).map((button) => button.getAttribute("aria-label"))).toEqual(names);
  });

  test("says when there are none of the screen, and when they cannot be loaded", async () => {
    await open({ screen: "activity" });
    await screen.findByText("No views of this screen are saved yet.");
    press("Escape");
    expect(screen.queryByRole("dialog")).toBeNull();

    desk.refuse("GET /v1/views", 403, "forbidden", "Members only");
    fireEvent.click(screen.getByTestId("views"));
    expect((await screen.findByRole("alert")).textContent).toBe("The views could not be loaded: Members only");
    desk.answer("GET /v1/views", { data: [view("viw_9", "Log", { screen: "activity" })], asOf: "k1:5:x" });
    click("Reload");
    await screen.findByText("Log");
  });
});

describe("saving", () => {
  test("sends the name, the screen and its filters, and the list has the view", async () => {
    const made = view("viw_5", "New one", { shared: true });
    desk.answer("POST /v1/views", made, 201);
    await open();
    click("Save view…");
    const dialog = screen.getByRole("dialog", { name: "Save the filters as a view" });
    expect(document.activeElement).toBe(screen.getByLabelText(/^Name/));
    expect(within(dialog).getByRole<HTMLButtonElement>("button", { name: "Save" }).disabled).toBe(true);

    fireEvent.change(screen.getByLabelText(/^Name/), { target: { value: "  New one " } });
    fireEvent.click(screen.getByLabelText("Shared with all members of the workspace"));
    desk.answer("GET /v1/views", { data: [...saved, made], asOf: "k1:5:x" });
    click("Save");

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(change("POST")?.body).toEqual({ name: "New one", screen: "approvals", query: "?risk=critical", shared: true });
    expect(document.activeElement).toBe(screen.getByTestId("views"));
    await waitFor(() => expect(screen.getByTestId("announcer").textContent).toBe("The view New one was saved."));
    fireEvent.click(screen.getByTestId("views"));
    await screen.findByText("New one");
  });

  test.each([
    ["conflict", 'This member has a view with the name "Critical" already'],
    ["limit_reached", "The member has 50 views"],
  ])("%s is said in the dialog, and what was typed stays", async (code, detail) => {
    desk.refuse("POST /v1/views", 409, code, detail);
    await open();
    click("Save view…");

    fireEvent.change(screen.getByLabelText(/^Name/), { target: { value: "critical" } });
    click("Save");

    expect((await screen.findByRole("alert")).textContent).toBe(`Not done: ${detail}`);
    expect(screen.getByLabelText<HTMLInputElement>(/^Name/).value).toBe("critical");
  });

  test("a viewer shares none", async () => {
    await open({ role: "viewer" });
    click("Save view…");

    expect(screen.getByLabelText<HTMLInputElement>(/^Shared with all members/).disabled).toBe(true);
    expect(screen.getByText("Viewers cannot share views.")).toBeDefined();
  });
});

describe("changing", () => {
  test("a view is renamed and shared, with the filters that it has", async () => {
    desk.answer("PATCH /v1/views/viw_2", view("viw_2", "Ours"));
    await open();
    await screen.findByText("Critical");
    click("Edit Of the desk");
    const name = screen.getByLabelText<HTMLInputElement>(/^Name/);
    expect(name.value).toBe("Of the desk");

    fireEvent.change(name, { target: { value: "Ours" } });
    fireEvent.click(screen.getByLabelText("Shared with all members of the workspace"));
    click("Save");

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(change("PATCH")?.body).toEqual({ name: "Ours", shared: false });
  });

  test("a view takes the filters that are shown, when it has others", async () => {
    desk.answer("PATCH /v1/views/viw_2", view("viw_2", "Of the desk"));
    await open();
    await screen.findByText("Critical");
    click("Edit Critical");
    expect(screen.queryByLabelText("Use the filters that are shown now")).toBeNull();
    click("Cancel");
    fireEvent.click(screen.getByTestId("views"));
    await screen.findByText("Critical");
    click("Edit Of the desk");

    fireEvent.click(screen.getByLabelText("Use the filters that are shown now"));
    click("Save");

    await waitFor(() => expect(change("PATCH")?.body).toEqual({ name: "Of the desk", shared: true, query: "?risk=critical" }));
  });

  test("a view that has been changed since it was opened says so", async () => {
    desk.refuse("PATCH /v1/views/viw_1", 412, "version_mismatch", "If-Match names another version");
    await open();
    await screen.findByText("Critical");
    click("Edit Critical");

    click("Save");

    expect((await screen.findByRole("alert")).textContent).toMatch(/has been changed or deleted/);
  });
});

describe("deleting", () => {
  test("asks first, with the focus on Cancel, and says that a shared one is lost for all", async () => {
    desk.answer("DELETE /v1/views/viw_2", {}, 204);
    await open();
    await screen.findByText("Critical");
    click("Delete Of the desk");
    const dialog = screen.getByRole("dialog", { name: "Delete the view Of the desk?" });
    expect(document.activeElement?.textContent).toBe("Cancel");
    expect(dialog.textContent).toContain("All members of the workspace lose it.");
    expect(desk.changes).toEqual([]);

    fireEvent.click(within(dialog).getByRole("button", { name: "Delete" }));

    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(desk.changes).toEqual(["DELETE /v1/views/viw_2"]);
  });

  test("that is refused is said", async () => {
    desk.refuse("DELETE /v1/views/viw_1", 404, "not_found", "no such view");
    await open();
    await screen.findByText("Critical");
    click("Delete Critical");

    fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Delete" }));

    expect((await screen.findByRole("alert")).textContent).toMatch(/has been changed or deleted/);
  });
});

test("in German", async () => {
  await preloadTexts("de");
  await open({ language: "de" });

  await screen.findByText("Critical");
  expect(screen.getByRole("button", { name: "Critical bearbeiten" })).toBeDefined();
  expect(screen.getByText("Von anderen geteilt")).toBeDefined();
});

test("on the page of the requests a view changes the list, and the open request stays", async () => {
  const console = new Console([request("apr_001"), request("apr_002", { risk: "critical" })]);
  console.carriers.answer("/v1/views", { data: saved, asOf: "k1:5:x" });
  await console.open("/approvals/apr_001");

  await waitUntil(() => expect(screen.getByTestId("views")).toBeDefined());
  fireEvent.click(screen.getByTestId("views"));
  await waitUntil(() => expect(screen.getByText("Critical", { selector: "bdi" })).toBeDefined());
  fireEvent.click(screen.getByText("Critical", { selector: "bdi" }));

  expect(location.pathname + location.search).toBe("/approvals/apr_001?risk=critical");
  await waitUntil(() => expect(screen.getAllByTestId("approval-row").map((row) => row.dataset["approvalId"])).toEqual(["apr_002"]));
});

test("the palette has the views of the member's screens", async () => {
  const console = new Console([request("apr_001")]);
  console.carriers.answer("/v1/views", { data: [...saved, view("viw_6", "Sign-ins", { screen: "activity" }), view("viw_7", "Odd", { screen: "rules" })], asOf: "k1:5:x" });
  await console.open("/approvals");
  press("k", { ctrlKey: true, code: "KeyK" });
  const group = () => screen.getByRole("group", { name: "Saved views" });

  await waitUntil(() => expect(group()).toBeDefined());
  // Ada is an operator, who does not see the activity.
  expect(within(group()).getAllByRole("option").map((option) => option.textContent)).toEqual(["Critical", "Of the desk", expect.stringContaining("U+202E"), "Idle agents"]);
  fireEvent.click(within(group()).getByText("Of the desk"));

  expect(location.pathname + location.search).toBe("/approvals?tab=all&risk=low");
});

test.each([
  ["approvals", "", "/approvals"],
  ["approvals", "?risk=low", "/approvals?risk=low"],
  ["agents", "state=idle", "/agents?state=idle"],
  ["activity", ".evil.example", "/activity?.evil.example"],
  ["agents", "?", "/agents"],
  ["rules", "?a=b", undefined],
])("a view of %s with the query %s is at %s", (of, query, path) => {
  expect(pathOf(view("viw_1", "x", { screen: of, query }))).toBe(path);
});
