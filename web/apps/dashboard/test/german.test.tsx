import { MantineProvider } from "@mantine/core";
import type { Preview } from "@heliograph/client";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { Suspense, type ReactNode } from "react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Gate } from "../src/session/gate.js";
import { SignInPage } from "../src/session/sign-in-page.js";
import { catalogue, preloadTexts, useLanguage, useTexts } from "../src/shared/language.js";
import { LanguageProvider } from "../src/shared/language-provider.js";
import { German, leftovers, words } from "./german.js";
import { agent } from "./stage.js";
import { approveButton, Console, press, request, waitUntil } from "./console.js";

import.meta.glob("../src/**/{texts,*-texts}.ts", { eager: true });

beforeAll(() => preloadTexts("de"));

const preview: Preview & { readonly text: string } = { kind: "text", text: "5 Euro" };

const refund = () =>
  request("apr_001", {
    title: "Bestellung erstatten?",
    risk: "critical",
    action: { name: "zahlung.erstatten", args: { betrag: 5, liste: [] }, digest: "abc", preview },
    reasoning: "Ware beschädigt",
    confidence: 0.8,
    rejectOptions: ["Zu teuer"],
  });

test("the queue", async () => {
  const console = new Console([refund()]);

  await console.open("/approvals", German);
  await screen.findByRole("heading", { name: "Freigaben" });
  await waitUntil(() => expect(screen.getByTestId("approval-row")).toBeDefined());

  for (const word of ["1 offen, 1 kritisch", "Entschieden", "Dringendste", "Risiko", "Zum Inhalt springen", "Live", "Kritisches Risiko", "Wählen Sie eine Anfrage"]) expect(words()).toContain(word);
  expect(screen.getByPlaceholderText("Suchen")).toBeDefined();
  expect(screen.getByText(/^noch (1 Std\.|\d+ Min\.)$/)).toBeDefined();
  expect(leftovers()).toEqual([]);
});

test("the open request, and the dialog of a critical one", async () => {
  const console = new Console([refund()]);

  await console.open("/approvals/apr_001", German);

  for (const word of ["Freigeben", "Ablehnen", "Bearbeiten", "Eine Notiz an den Agenten", "Vorgeschlagene Gründe", "Argumente", "Änderungen", "Begründung", "zu 80 % sicher", "Tabelle", "Kopieren", "(leere Liste)", "fragte"]) expect(words()).toContain(word);
  expect(leftovers()).toEqual([]);
  fireEvent.click(approveButton());

  await screen.findByText("Eine kritische Anfrage freigeben?");
  expect(screen.getByLabelText("Geben Sie Bestellung ein, um freizugeben")).toBeDefined();
  expect(leftovers()).toEqual([]);
});

test("a decision is said in German, and so is who was first", async () => {
  const console = new Console([{ ...refund(), risk: "low" }]);
  await console.open("/approvals/apr_001", German);

  console.resolved("apr_001");

  await screen.findAllByText("Freigegeben von Mara");
  await screen.findByText("Keine weiteren Anfragen. Zurück zur Warteschlange");
  expect(leftovers()).toEqual([]);
});

test("edited arguments that are no JSON", async () => {
  const console = new Console([refund()]);
  await console.open("/approvals/apr_001", German);
  press("e");

  fireEvent.change(await screen.findByLabelText("Argumente, die stattdessen freigegeben werden"), { target: { value: '{"a": 1,\n"a": 2}' } });

  expect(await screen.findByText('Zeile 2: der Schlüssel "a" kommt zweimal vor.')).toBeDefined();
});

test("the agents, one of them, and the inbox", async () => {
  const console = new Console([]);
  const agents = [agent({ name: "Kasse" }), agent({ id: "agt_2", name: "Lager", status: "offline" })];
  console.carriers.answer("/v1/agents", { data: agents, asOf: "k1:5:x", counts: { working: 1, offline: 1 } });
  console.carriers.answer("/v1/agents/agt_2/messages", {
    data: [{ id: "msg_1", agentId: "agt_2", seq: 1, role: "tool", kind: "tool_result", text: "fertig", state: "final", createdAt: "2026-01-01T00:00:00.000Z" }],
    asOf: "k1:5:x",
  });

  await console.open("/agents", German);
  await screen.findByText("1 arbeiten, 1 offline");
  expect(words()).toContain("Nichts gemeldet");
  expect(words()).toMatch(/gesehen\s+vor/);
  expect(leftovers()).toEqual([]);

  fireEvent.click(screen.getByText("Lager"));
  await screen.findByText(/Ergebnis des Werkzeugs/);
  expect(words()).toContain("Alle Agenten");
  expect(leftovers()).toEqual([]);

  fireEvent.click(screen.getByTestId("bell"));
  await screen.findByText("Keine Benachrichtigungen");
  expect(words()).toContain("Alle als gelesen markieren");
  expect(leftovers()).toEqual([]);
});

const acme = { id: "ws_1", slug: "acme", name: "Acme" };
const bo = { id: "mem_bo", name: "Bo", handle: "bo@example.org", role: "admin" } as const;

test.each<[string, Gate, string]>([
  ["opens", { state: "checking" }, "Ihr Arbeitsbereich wird geöffnet"],
  ["has no server", { state: "waiting", answered: false, code: "" }, "Der Server ist nicht erreichbar."],
  ["asks for a link", { state: "signed_out" }, "Bei Heliograph anmelden"],
  ["asks about a link", { state: "asking", code: "x", busy: false, preview: { workspace: acme, member: bo, expiresAt: "2026-01-01T00:00:00.000Z" } }, "Bei Acme anmelden"],
])("the sign-in page that %s", async (_, gate, text) => {
  const nothing = () => undefined;
  render(
    <MantineProvider env="test">
      <German>
        <SignInPage gate={gate} onRetry={nothing} onCode={nothing} onSignIn={nothing} onStay={nothing} />
      </German>
    </MantineProvider>,
  );

  await waitUntil(() => expect(document.body.textContent).toContain(text));
  expect(leftovers()).toEqual([]);
});

beforeEach(() => localStorage.clear());
afterEach(() => vi.restoreAllMocks());

test("the language is chosen in the account's menu by keys, without a reload, and kept", async () => {
  const reload = vi.spyOn(location, "reload").mockImplementation(() => undefined);
  const console = new Console([request("apr_001")]);
  await console.open("/approvals", LanguageProvider);
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Approvals");
  expect(document.documentElement.lang).toMatch(/^en/);
  const openMenu = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
  const chosen = () => [...document.querySelectorAll("[role=menuitemradio][aria-checked=true]")].map((item) => item.textContent.replace("✓", ""));

  openMenu("Your account and settings");
  // The menu's items are loaded when it is first opened.
  await screen.findByRole("menuitemradio", { name: "Deutsch" });
  expect(chosen()).toEqual(["Light", "Browser's"]);
  while (document.activeElement?.textContent !== "Deutsch") press("ArrowDown");
  act(() => (document.activeElement as HTMLElement).click());

  await waitUntil(() => expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Freigaben"));
  expect(document.documentElement.lang).toBe("de");
  expect(localStorage.getItem("heliograph.language")).toBe("de");
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Ihr Konto und Einstellungen" }));

  openMenu("Ihr Konto und Einstellungen");
  await screen.findByText("Wie im Browser");
  expect(chosen()).toEqual(["Hell", "Deutsch"]);
  fireEvent.click(screen.getByText("Wie im Browser"));

  await waitUntil(() => expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Approvals"));
  expect(localStorage.getItem("heliograph.language")).toBeNull();
  expect(reload).not.toHaveBeenCalled();
});

test("the appearance is chosen in the account's menu, and kept", async () => {
  const console = new Console([]);
  await console.open("/approvals");
  fireEvent.click(screen.getByRole("button", { name: "Your account and settings" }));

  fireEvent.click(await screen.findByRole("menuitemradio", { name: "Dark" }));

  await waitUntil(() => expect(document.documentElement.getAttribute("data-mantine-color-scheme")).toBe("dark"));
  expect(localStorage.getItem("mantine-color-scheme-value")).toBe("dark");
});

function Sample({ texts }: { readonly texts: ReturnType<typeof catalogue<{ hello: string }>> }): ReactNode {
  const { choose } = useLanguage();
  return <button onClick={() => choose("de")}>{useTexts(texts).hello}</button>;
}

test("while the texts of a language are loaded the page stays as it is", async () => {
  let arrive: (texts: { hello: string }) => void = () => undefined;
  const german = new Promise<{ hello: string }>((resolve) => (arrive = resolve));
  const texts = catalogue({ hello: "Hello" }, () => german);
  render(
    <LanguageProvider>
      <Suspense fallback="nothing">
        <Sample texts={texts} />
      </Suspense>
    </LanguageProvider>,
  );

  await act(async () => {
    screen.getByText("Hello").click();
    await Promise.resolve();
  });
  expect(document.body.textContent).toBe("Hello");
  await act(async () => {
    arrive({ hello: "Hallo" });
    await german;
  });

  await waitUntil(() => expect(document.body.textContent).toBe("Hallo"));
});
