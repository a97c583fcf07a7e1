import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SignedIn, SignInPreview } from "../src/session/session.js";

const acme = { id: "ws_1", slug: "acme", name: "Acme" };
const signedIn = (name: string, more: object = {}): SignedIn => ({
  token: "t",
  expiresAt: "2026-01-01T01:00:00.000Z",
  member: { id: `mem_${name}`, name, role: "operator" },
  workspace: acme,
  session: { id: "ses_1" },
  ...more,
});
const preview: SignInPreview = {
  workspace: { id: "ws_2", slug: "north", name: "North Wind" },
  member: { id: "mem_Bo", name: "Bo", handle: "bo@example.com", role: "admin" },
  expiresAt: "2026-01-01T01:00:00.000Z",
};

/** What the server answers, by path; a path that is not there is a lost connection. */
let answers: Record<string, { readonly status: number; readonly body: unknown }>;
let calls: string[];

beforeEach(() => {
  calls = [];
  answers = {
    "/v1/session/token": { status: 401, body: { code: "token_missing", status: 401 } },
    "/v1/sign-in/preview": { status: 200, body: preview },
    "/v1/sign-in": { status: 200, body: signedIn("Bo") },
  };
  vi.stubGlobal("fetch", (path: string, request: RequestInit) => {
    calls.push(`${request.method} ${path}${typeof request.body === "string" ? ` ${request.body}` : ""}`);
    const answer = answers[path];
    if (answer === undefined) return Promise.reject(new TypeError("no network"));
    return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status, headers: { "Content-Type": "application/json" } }));
  });
  vi.doMock("../src/shell/shell.js", () => ({ Shell: () => <p>The screens</p> }));
  vi.doMock("@heliograph/react", async (original) => ({ ...(await original<object>()), WebSocketProvider: ({ children }: { children: unknown }) => children }));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** Opens the page afresh: what it was opened with is read once. */
async function open(url: string): Promise<void> {
  history.replaceState(null, "", url);
  const { App } = await import("../src/app.js");
  render(
    <MantineProvider env="test">
      <App />
    </MantineProvider>,
  );
}

function signedInAlready(body: SignedIn): void {
  answers["/v1/session/token"] = { status: 200, body };
  answers["/v1/sign-in/preview"] = { status: 200, body: { ...preview, signedInAs: { member: body.member, workspace: body.workspace } } };
}

const used = () => calls.filter((call) => call.startsWith("POST /v1/sign-in {"));
const button = (name: string) => screen.findByRole("button", { name });

test("a link names workspace and member, and signs in by a click only", async () => {
  await open("/sign-in#code=abcdefgh");

  const shown = within(await screen.findByTestId("sign-in-preview"));
  expect(shown.getByText("North Wind")).toBeDefined();
  expect(shown.getByText("Bo")).toBeDefined();
  expect(shown.getByText("bo@example.com")).toBeDefined();
  expect(location.pathname + location.hash).toBe("/approvals");
  expect(used()).toEqual([]);

  fireEvent.click(await button("Sign in"));

  expect(await screen.findByText("The screens")).toBeDefined();
  expect(used()).toEqual(['POST /v1/sign-in {"code":"abcdefgh"}']);
});

test("with a session open it says so, and staying leaves the code unused", async () => {
  signedInAlready(signedIn("Ada"));
  await open("/sign-in#code=abcdefgh");

  expect(await screen.findByRole("heading", { name: "Sign in as Bo instead?" })).toBeDefined();
  expect(screen.getByText(/You are signed in as/).textContent).toContain("You are signed in as Ada in Acme.");
  fireEvent.click(await button("Stay as Ada"));

  expect(await screen.findByText("The screens")).toBeDefined();
  expect(used()).toEqual([]);
  expect(location.pathname).toBe("/approvals");
});

test("with a session open a click signs in as the other", async () => {
  signedInAlready(signedIn("Ada"));
  await open("/sign-in#code=abcdefgh");

  fireEvent.click(await button("Sign in"));

  expect(await screen.findByText("The screens")).toBeDefined();
  expect(used()).toHaveLength(1);
});

test("a link for who is signed in already says that", async () => {
  signedInAlready({ ...signedIn("Bo"), workspace: preview.workspace });
  await open("/sign-in#code=abcdefgh");

  expect(await screen.findByRole("heading", { name: "Already signed in" })).toBeDefined();
});

test("who made the link for the member is named", async () => {
  answers["/v1/sign-in/preview"] = { status: 200, body: { ...preview, madeBy: [{ id: "mem_1", name: "Mara" }, { id: "mem_2", name: "Olga" }] } };
  await open("/sign-in#code=abcdefgh");

  expect((await screen.findByText(/made this link for you/)).textContent).toContain("Mara and then Olga made this link");
});

test("a link that does not work says why, and leaves the session of the browser", async () => {
  answers["/v1/session/token"] = { status: 200, body: signedIn("Ada") };
  answers["/v1/sign-in/preview"] = { status: 401, body: { code: "sign_in_code_invalid", status: 401, title: "The sign-in link is not valid any more", detail: "A sign-in link works once" } };
  await open("/sign-in#code=abcdefgh");

  expect((await screen.findByRole("alert")).textContent).toContain("A sign-in link works once");
  fireEvent.click(await button("Stay as Ada"));

  expect(await screen.findByText("The screens")).toBeDefined();
});

test("a link that is used up while the page asks says so", async () => {
  answers["/v1/sign-in"] = { status: 401, body: { code: "sign_in_code_invalid", status: 401, detail: "A sign-in link works once" } };
  await open("/sign-in#code=abcdefgh");

  fireEvent.click(await button("Sign in"));

  expect((await screen.findByRole("alert")).textContent).toContain("A sign-in link works once");
  expect(screen.getByRole("heading", { name: "Sign in to Heliograph" })).toBeDefined();
});

test("a link that cannot be looked at now is kept, and tried again", async () => {
  delete answers["/v1/sign-in/preview"];
  await open("/sign-in#code=abcdefgh");
  const retry = await button("Try again");
  answers["/v1/sign-in/preview"] = { status: 200, body: preview };

  fireEvent.click(retry);

  expect(await screen.findByTestId("sign-in-preview")).toBeDefined();
});

test("a pasted link is asked about like one that was opened", async () => {
  await open("/");

  fireEvent.change(await screen.findByLabelText("Or paste the link here"), { target: { value: "http://localhost:8080/sign-in#code=pasted-code" } });
  fireEvent.click(await button("Continue"));
  await screen.findByTestId("sign-in-preview");

  expect(used()).toEqual([]);
  fireEvent.click(await button("Sign in"));
  await screen.findByText("The screens");
  expect(used()).toEqual(['POST /v1/sign-in {"code":"pasted-code"}']);
});
