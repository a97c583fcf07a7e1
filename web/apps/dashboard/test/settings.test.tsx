import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SettingsPage } from "../src/settings/settings-page.js";
import { snippets } from "../src/settings/snippets.js";
import { LanguageProvider } from "../src/shared/language-provider.js";
import { at, Desk, member } from "./desk.js";

const secret = "hk_01key_0123456789abcdefghjkmnpqrstvwxyz";
const later = "2036-01-01T09:00:00.000Z";
const key = { id: "01keyabcdefgh", name: "Desk", scopes: ["approvals:create", "read"], lineage: "01keyabcdefgh", createdAt: at, owner: "mem_ada" };
const session = (id: string, name: string, current = false, more: object = {}) => ({ id, member: { id: `mem_${name.toLowerCase()}`, name }, createdAt: at, expiresAt: later, current, ...more });

let desk: Desk;
let reload: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  desk = new Desk();
  desk.answer("GET /v1/api-keys", { data: [key], asOf: "k1:5:x" });
  desk.answer("GET /v1/sessions", { data: [session("ses_1", "Ada", true), session("ses_2", "Ada"), session("ses_3", "Bo")], asOf: "k1:5:x" });
  reload = vi.spyOn(location, "reload").mockImplementation(() => undefined);
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ expiresAt: "2026-01-01T09:15:00.000Z" })));
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

const row = (id: string) => {
  const found = document.querySelector<HTMLElement>(`[data-row-id="${id}"]`);
  if (found === null) throw new Error(`no row shows ${id}`);
  return found;
};
const click = (name: string | RegExp, inside: HTMLElement = document.body) => fireEvent.click(within(inside).getByRole("button", { name }));
const type = (label: string | RegExp, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const dialog = () => screen.findByRole("dialog");
const closed = () => waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

const stored = () => [localStorage, sessionStorage].flatMap((storage) => Array.from({ length: storage.length }, (_, index) => storage.getItem(storage.key(index) ?? ""))).join();

describe("members", () => {
  const open = async (role: "owner" | "admin" | "operator" | "viewer" = "owner") => {
    desk.show(<SettingsPage />, { role });
    await screen.findByText("bo@example.com");
  };

  test("an operator reads the list and changes nothing", async () => {
    await open("operator");

    expect(screen.getAllByRole("columnheader").map((head) => head.textContent)).toEqual(["Name", "Handle", "Role", "Added"]);
    expect(row("mem_bo").textContent).toContain("Operator");
    expect(row("mem_ada").textContent).toContain("You");
    expect(screen.queryAllByRole("button")).toEqual([]);
    expect(screen.getAllByRole("link").map((link) => link.textContent)).toEqual(["Members", "Sessions", "Notifications", "Usage", "Appearance", "Shortcuts"]);
  });

  test("an admin changes no owner and makes none", async () => {
    await open("admin");

    expect(within(row("mem_ada")).queryByRole("button")).toBeNull();
    expect(row("mem_ada").textContent).toContain("Only an owner can change an owner.");
    click("Role of Bo: Operator", row("mem_bo"));
    expect(screen.getAllByRole("menuitemradio").map((item) => item.firstChild?.firstChild?.textContent)).toEqual(["Admin", "Operator", "Viewer"]);
  });

  test("a role is changed by the menu, and the focus returns to it", async () => {
    await open();
    desk.answer("PATCH /v1/members/mem_bo", member("bo", "viewer"));
    desk.answer("GET /v1/members", { data: [member("ada", "owner"), member("bo", "viewer")], asOf: "k1:5:x" });
    const button = within(row("mem_bo")).getByRole("button", { name: "Role of Bo: Operator" });

    fireEvent.click(button);
    fireEvent.click(screen.getByRole("menuitemradio", { name: /^Viewer/ }));

    await waitFor(() => expect(button.textContent).toBe("Viewer"));
    expect(desk.sent.find(({ method }) => method === "PATCH")?.body).toEqual({ role: "viewer" });
    expect(document.activeElement).toBe(button);
    expect(reload).not.toHaveBeenCalled();
  });

  test("the last owner: asked first, and the server's answer is shown", async () => {
    desk.refuse("PATCH /v1/members/mem_ada", 409, "conflict", "The last owner of a workspace stays owner");
    await open();

    click("Role of Ada: Owner", row("mem_ada"));
    fireEvent.click(screen.getByRole("menuitemradio", { name: /^Viewer/ }));
    expect(desk.changes).toEqual([]);
    const asked = await dialog();
    expect(document.activeElement?.textContent).toBe("Cancel");
    click("Become Viewer", asked);

    expect((await within(asked).findByRole("alert")).textContent).toBe("Not done: The last owner of a workspace stays owner");
    expect(reload).not.toHaveBeenCalled();
  });

  test("taking one's own rights loads the page again", async () => {
    desk.answer("PATCH /v1/members/mem_ada", member("ada", "viewer"));
    await open();

    click("Role of Ada: Owner", row("mem_ada"));
    fireEvent.click(screen.getByRole("menuitemradio", { name: /^Viewer/ }));
    click("Become Viewer", await dialog());

    await waitFor(() => expect(reload).toHaveBeenCalledOnce());
  });

  test("a role that is refused is said at its row", async () => {
    desk.refuse("PATCH /v1/members/mem_bo", 403, "forbidden", "Only an owner can make an owner");
    await open();

    click("Role of Bo: Operator", row("mem_bo"));
    fireEvent.click(screen.getByRole("menuitemradio", { name: /^Owner/ }));

    expect((await within(row("mem_bo")).findByRole("alert")).textContent).toBe("Not done: Only an owner can make an owner");
  });

  test("an invited member's link is shown once, with its end, and is gone when closed", async () => {
    desk.answer("POST /v1/members", member("cy", "operator"), 201);
    desk.answer("POST /v1/members/mem_cy/sign-in-link", { url: "http://server/sign-in#code=abc12345" }, 201);
    await open();
    const button = screen.getByRole("button", { name: "Invite a member" });
    button.focus();

    fireEvent.click(button);
    await dialog();
    type(/^Handle or e-mail/, " cy@example.com ");
    click("Add and make a link");

    const link = await screen.findByLabelText<HTMLInputElement>("Sign-in link");
    expect(link.value).toBe("http://server/sign-in#code=abc12345");
    expect((await dialog()).textContent).toMatch(/Works until Jan 1, 2026/);
    expect(desk.sent.find(({ path, method }) => method === "POST" && path === "/v1/members")?.body).toEqual({ handle: "cy@example.com", role: "operator" });
    click("Close");
    await closed();
    expect(document.body.innerHTML).not.toContain("abc12345");
    expect(location.href).not.toContain("abc12345");
    expect(stored()).not.toContain("abc12345");
    expect(document.activeElement).toBe(button);
  });

  test("a link that fails after the member was added is made again without adding twice", async () => {
    desk.answer("POST /v1/members", member("cy", "operator"), 201);
    desk.refuse("POST /v1/members/mem_cy/sign-in-link", 403, "forbidden", "A chain of 8 links");
    await open();

    click("Invite a member");
    type(/^Handle or e-mail/, "cy@example.com");
    click("Add and make a link");
    expect((await screen.findByRole("alert")).textContent).toBe("The member was added, but the sign-in link could not be made: A chain of 8 links");
    desk.answer("POST /v1/members/mem_cy/sign-in-link", { url: "http://server/sign-in#code=abc12345" }, 201);
    click("Sign-in link", await dialog());

    await screen.findByLabelText("Sign-in link");
    expect(desk.changes).toEqual(["POST /v1/members", "POST /v1/members/mem_cy/sign-in-link", "POST /v1/members/mem_cy/sign-in-link"]);
  });

  test("a member that is there gets a new link", async () => {
    desk.answer("POST /v1/members/mem_bo/sign-in-link", { url: "http://server/sign-in#code=abc12345" }, 201);
    await open();

    click("New sign-in link for Bo");

    expect((await screen.findByLabelText<HTMLInputElement>("Sign-in link")).value).toContain("abc12345");
  });

  test("removing asks for the handle, and says what becomes of the keys", async () => {
    desk.answer("DELETE /v1/members/mem_bo", {}, 204);
    await open();

    click("Remove Bo");
    const asked = await dialog();
    expect(within(asked).getByRole<HTMLButtonElement>("button", { name: "Remove" }).disabled).toBe(true);
    fireEvent.click(within(asked).getByLabelText("Keep them"));
    type(/Type the handle/, "BO@example.com");
    desk.answer("GET /v1/members", { data: [member("ada", "owner")], asOf: "k1:5:x" });
    click("Remove", asked);

    await waitFor(() => expect(screen.queryByText("bo@example.com")).toBeNull());
    expect(desk.sent.find(({ method }) => method === "DELETE")?.query).toEqual({ keys: "keep" });
    await waitFor(() => expect(document.activeElement?.textContent).toBe("Members"));
  });

  test("a list that cannot be loaded says why and loads again", async () => {
    desk.refuse("GET /v1/members", 500, "internal", "The database is away");
    desk.show(<SettingsPage />);
    await screen.findByText("The database is away");

    desk.answer("GET /v1/members", { data: [member("bo", "operator")], asOf: "k1:5:x" });
    click("Reload");

    await screen.findByText("bo@example.com");
  });
});

describe("API keys", () => {
  const open = async () => {
    desk.show(<SettingsPage section="api-keys" />);
    await screen.findByText("Desk");
  };

  test("begin as their text does", async () => {
    await open();

    expect(row(key.id).textContent).toContain("hk_…cdefgh_…");
  });

  test("are listed with scopes, agents and who made them; ended ones when wanted", async () => {
    const agent = { id: "agt_1", name: "One", status: "idle", lease: { seconds: 60 }, lastSeenAt: at, pendingApprovals: 0, version: 1, owner: { keyId: key.id } };
    desk.answer("GET /v1/agents", { data: [agent], asOf: "k1:5:x", counts: { idle: 1 } });
    desk.answer("GET /v1/api-keys", { data: [key, { ...key, id: "02", name: "Old", lineage: "02", revokedAt: at }, { ...key, id: "03", name: "Past", lineage: "03", expiresAt: at, actAs: ["*"] }], asOf: "k1:5:x" });
    await open();

    await waitFor(() => expect(row(key.id).textContent).toContain("1 agent"));
    await waitFor(() => expect(row(key.id).textContent).toContain("by Ada"));
    expect(within(row(key.id)).getAllByRole("listitem").map((item) => item.textContent)).toEqual(["approvals:create", "read"]);
    expect(screen.queryByText("Old")).toBeNull();
    fireEvent.click(screen.getByLabelText("Show revoked and expired keys (2)"));
    expect(row("02").textContent).toContain("Revoked");
    expect(row("03").textContent).toContain("Expired");
    expect(row("03").textContent).toContain("acts for all agents");
    expect(within(row("02")).queryByRole("button")).toBeNull();
  });

  test("a new key is shown once, with examples, and is nowhere when closed", async () => {
    desk.answer("POST /v1/api-keys", { key, secret }, 201);
    await open();

    click("Create an API key");
    await dialog();
    type(/^Name/, "Desk");
    for (const named of ["events:publish", "agents:act-as"]) expect(screen.getByLabelText<HTMLInputElement>(named).checked, named).toBe(false);
    fireEvent.click(screen.getByLabelText("messages:write"));
    type("Expires", "2592000");
    click("Create");

    expect((await screen.findByLabelText<HTMLInputElement>("API key")).value).toBe(secret);
    expect(desk.sent.find(({ method }) => method === "POST")?.body).toEqual({ name: "Desk", scopes: ["approvals:create", "agents:write", "read"], expiresIn: 2_592_000 });
    expect(screen.getAllByRole("tab").map((tab) => tab.textContent)).toEqual(["curl", "TypeScript", "Python", "Java"]);
    expect(screen.getByLabelText("Example for curl").textContent).toContain(`KEY=${secret}`);
    click("Close");
    await closed();
    expect(document.documentElement.outerHTML).not.toContain(secret);
    expect(location.href).not.toContain(secret);
    expect(stored()).not.toContain(secret);
  });

  test("copying works without the clipboard, as over plain HTTP", async () => {
    let copied: string | undefined;
    Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true });
    Object.defineProperty(document, "execCommand", { value: () => (copied = document.querySelector("textarea")?.value) !== undefined, configurable: true });
    desk.answer("POST /v1/api-keys", { key: { ...key, scopes: ["read"] }, secret }, 201);
    await open();

    click("Create an API key");
    type(/^Name/, "Desk");
    click("Create");
    await screen.findByLabelText("API key");
    expect(screen.getByText(/does not have the scope approvals:create/)).toBeDefined();
    click("Copy");

    await screen.findByText("Copied");
    expect(copied).toBe(secret);
  });

  test("a key that acts for others needs their ids; what is refused stays in the form", async () => {
    desk.refuse("POST /v1/api-keys", 400, "invalid_request", "actAs[1] must be an agent's id");
    await open();

    click("Create an API key");
    type(/^Name/, "Bridge");
    fireEvent.click(screen.getByLabelText("agents:act-as"));
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Create" }).disabled).toBe(true);
    type(/^Agents it may act for/, "agt_1, a/b");
    click("Create");

    expect((await screen.findByRole("alert")).textContent).toBe("Not done: actAs[1] must be an agent's id");
    expect(desk.sent.find(({ method }) => method === "POST")?.body).toMatchObject({ actAs: ["agt_1", "a/b"], expiresIn: 7_776_000 });
    expect(screen.getByLabelText<HTMLInputElement>(/^Name/).value).toBe("Bridge");
  });

  test("rotating shows the new key once", async () => {
    desk.answer(`POST /v1/api-keys/${key.id}/rotate`, { key: { ...key, id: "02" }, secret }, 201);
    await open();

    click("Rotate Desk");
    await dialog();
    type("The old key ends", "3600");
    click("Rotate");

    expect((await screen.findByLabelText<HTMLInputElement>("API key")).value).toBe(secret);
    expect(desk.sent.find(({ method }) => method === "POST")?.body).toEqual({ overlapSeconds: 3600 });
  });

  test("revoking asks first; Escape does nothing", async () => {
    desk.answer(`DELETE /v1/api-keys/${key.id}`, {}, 204);
    await open();

    click("Revoke Desk");
    fireEvent.keyDown(await dialog(), { key: "Escape" });
    await closed();
    expect(desk.changes).toEqual([]);
    click("Revoke Desk");
    desk.answer("GET /v1/api-keys", { data: [], asOf: "k1:5:x" });
    click("Revoke", await dialog());

    await screen.findByText("No API keys");
    expect(desk.changes).toEqual([`DELETE /v1/api-keys/${key.id}`]);
  });

  test("are not for operators: the server says so", async () => {
    desk.refuse("GET /v1/api-keys", 403, "forbidden", "This requires the role owner or admin");
    desk.show(<SettingsPage section="api-keys" />, { role: "operator" });

    await screen.findByText("Your role does not allow this");
    expect(screen.queryByRole("button")).toBeNull();
  });

  test("examples name the server and the key, and need no library", () => {
    const examples = snippets("https://example.com", secret);

    expect(examples.every(({ code }) => code.includes("https://example.com") && code.includes(secret) && code.includes("wait=50"))).toBe(true);
    expect(examples.map(({ code }) => /^(?:import|from|const .*require).*/m.exec(code)?.[0])).toEqual([undefined, undefined, "import json, time, urllib.request", "import java.net.URI;"]);
  });
});

describe("sessions", () => {
  test("are listed with this browser marked; one is ended", async () => {
    desk.answer("GET /v1/sessions", { data: [session("ses_1", "Ada", true), session("ses_2", "Bo", false, { signedInBy: [{ id: "mem_ada", name: "Ada" }] })], asOf: "k1:5:x" });
    desk.answer("DELETE /v1/sessions/ses_2", {}, 204);
    desk.show(<SettingsPage section="sessions" />);
    await screen.findByText("This browser");

    expect(screen.queryByRole("alert")).toBeNull();
    expect(within(row("ses_1")).queryByRole("button")).toBeNull();
    expect(row("ses_2").textContent).toContain("Link of Ada");
    desk.answer("GET /v1/sessions", { data: [session("ses_1", "Ada", true)], asOf: "k1:5:x" });
    click(/^End the session of Bo/, row("ses_2"));

    await waitFor(() => expect(document.querySelector("[data-row-id=ses_2]")).toBeNull());
    expect(desk.changes).toEqual(["DELETE /v1/sessions/ses_2"]);
  });

  test("one that may not be ended says why at its row", async () => {
    desk.refuse("DELETE /v1/sessions/ses_3", 403, "forbidden", "Only an owner can end an owner's session");
    desk.show(<SettingsPage section="sessions" />, { role: "admin" });
    await screen.findByText("This browser");

    click(/^End the session of Bo/, row("ses_3"));

    expect((await within(row("ses_3")).findByRole("alert")).textContent).toContain("Only an owner can end an owner's session");
  });

  test("all others of one's own are ended, page by page, and no other member's", async () => {
    desk.answer("GET /v1/sessions", ({ query }) =>
      query["memberId"] === undefined
        ? { data: [session("ses_1", "Ada", true), session("ses_9", "Bo")], asOf: "k1:5:x" }
        : query["cursor"] === undefined
          ? { data: [session("ses_1", "Ada", true), session("ses_2", "Ada")], nextCursor: "next", asOf: "k1:5:x" }
          : { data: [session("ses_3", "Ada")], asOf: "k1:5:x" },
    );
    desk.answer("DELETE /v1/sessions/ses_2", {}, 204);
    desk.answer("DELETE /v1/sessions/ses_3", {}, 204);
    desk.show(<SettingsPage section="sessions" />);
    await screen.findByText("This browser");

    click("End all my other sessions");
    click("End all my other sessions", await dialog());

    await closed();
    expect(desk.changes).toEqual(["DELETE /v1/sessions/ses_2", "DELETE /v1/sessions/ses_3"]);
    await waitFor(() => expect(screen.getByTestId("announcer").textContent).toBe("2 sessions were ended."));
  });

  test("more are fetched when asked for", async () => {
    desk.answer("GET /v1/sessions", ({ query }) => (query["cursor"] === undefined ? { data: [session("ses_1", "Ada", true)], nextCursor: "next", asOf: "k1:5:x" } : { data: [session("ses_2", "Bo")], asOf: "k1:5:x" }));
    desk.show(<SettingsPage section="sessions" />);
    await screen.findByText("This browser");

    click("Show more");

    await waitFor(() => expect(row("ses_2").textContent).toContain("Bo"));
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });
});

describe("this browser", () => {
  test("language and colours are radio groups, and the language changes at once", async () => {
    desk.show(
      <LanguageProvider>
        <SettingsPage section="appearance" />
      </LanguageProvider>,
    );
    fireEvent.click(await screen.findByLabelText("Dark"));
    expect(document.documentElement.dataset["mantineColorScheme"]).toBe("dark");

    await act(async () => {
      fireEvent.click(screen.getByLabelText("Deutsch"));
      await Promise.resolve();
    });

    await screen.findByRole("heading", { name: "Darstellung" });
    expect(screen.getByRole("radiogroup", { name: "Sprache" })).toBeDefined();
    expect(document.documentElement.lang).toMatch(/^de/);
  });

  test("shortcuts are those of the help", async () => {
    desk.show(<SettingsPage section="shortcuts" />);

    await screen.findByText("Edit the arguments");
    expect(screen.getByRole("switch", { name: /^Shortcuts are on/ })).toBeDefined();
  });

  test("a section that does not exist is not found", () => {
    desk.show(<SettingsPage section="nope" />);

    expect(screen.getByText("Page not found")).toBeDefined();
  });
});

test("all sections are German in German", async () => {
  const texts: string[] = [];
  for (const section of ["members", "api-keys", "sessions", "appearance"]) {
    const { unmount } = desk.show(<SettingsPage section={section} />, { language: "de" });
    await screen.findByRole("heading", { name: "Einstellungen" });
    if (section !== "appearance") await screen.findByRole("table");
    texts.push(document.body.textContent);
    unmount();
  }

  expect(texts[0]).toMatch(/Mitglied einladen.*Kennung.*Rolle.*Anmeldelink.*Entfernen/);
  expect(texts[1]).toMatch(/API-Schlüssel erstellen.*Berechtigungen.*von Ada.*Nie.*Ersetzen.*Widerrufen/);
  expect(texts[2]).toMatch(/Angemeldet.*Dieser Browser.*Eigene Anmeldung.*Beenden/);
  expect(texts[3]).toMatch(/Darstellung.*Hell.*Dunkel.*Wie im Browser/);
  expect(texts.join(" ")).not.toMatch(/\b(?:Settings|Members|Sessions|Remove|Revoke|Never|Language)\b/);
});
