import type { Approval, Preview } from "@heliograph/client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Route } from "wouter";
import { AgentPage } from "../src/agents/agent-page.js";
import { AgentsPage } from "../src/agents/agents-page.js";
import { ApprovalsPage } from "../src/approvals/approvals-page.js";
import { ApprovalDetail } from "../src/approvals/approval-detail.js";
import { Boundary } from "../src/shared/boundary.js";
import { Bell } from "../src/shell/bell.js";
import { agent, approval, resetWorld, show, world } from "./stage.js";

vi.mock("@heliograph/react", async (original) => {
  const { reactOfWorld: react } = await import("./stage.js");
  return react(original);
});

beforeEach(() => {
  resetWorld();
  history.replaceState(null, "", "/approvals/apr_1");
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const Page = () => <Route path="/approvals/:id" component={ApprovalsPage} />;
const moves = { onDecided: () => undefined, onNext: undefined };
const preview = (fields: object) => fields as Preview;
const detail = (fields: Partial<Approval> = {}) => {
  world.approvals = [approval(fields)];
  return show(<ApprovalDetail id="apr_1" {...moves} />);
};
const action = (args: unknown, more: object = {}) => ({ action: { name: "refund", args, digest: "d", ...more } });

/** Right-to-left override, isolate, zero-width space, tag, variation selector, escape. */
const hostile = (name: string) => `${name}\u202E\u2066\u200B\u{E0041}\u{E0100}\u001B!`;
const unseen = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E0FFF}]/u; // eslint-disable-line no-control-regex

/** Every field that somebody else writes, each with its own word. */
const everything = (kind: object, status: "pending" | "cancelled" = "pending"): Approval =>
  approval({
    title: hostile("title"),
    description: `${hostile("description")} **${hostile("bold")}** \`${hostile("code")}\` [${hostile("label")}](https://example.com) <i>${hostile("html")}</i>`,
    reasoning: hostile("reasoning"),
    tags: [hostile("tag")],
    rejectOptions: [hostile("option")],
    action: { name: hostile("action"), digest: "d", args: { [hostile("key")]: hostile("value"), list: [{ [hostile("deepkey")]: hostile("deepvalue") }] }, preview: preview(kind) },
    claim: { by: { type: "member", id: "mem_2", name: hostile("claimer") }, until: "2027-01-01T00:00:00.000Z" },
    ...(status === "pending"
      ? {}
      : {
          status,
          resolution: {
            outcome: "cancelled",
            by: { type: "agent", id: "agt_1", name: hostile("resolver"), credential: { type: "key", id: "key_1", name: hostile("credential") }, signedInBy: [{ id: "mem_3", name: hostile("maker") }] },
            at: "2026-01-01T00:00:30.000Z",
            reason: hostile("reason"),
            response: hostile("response"),
            args: { [hostile("editedkey")]: hostile("editedvalue") },
            argsEdited: true,
          },
        }),
  });

const screens: readonly (readonly [string, () => ReactNode, readonly string[]])[] = [
  ["queue and request", () => <Page />, ["title", "tag", "action", "key", "value", "deepkey", "deepvalue", "description", "bold", "code", "label", "html", "reasoning", "option", "claimer", "asker", "agent", "text"]],
  ["text preview", () => <ApprovalDetail id="apr_1" {...moves} />, ["text"]],
  ["diff preview", () => <ApprovalDetail id="apr_2" {...moves} />, ["before", "after"]],
  ["table preview", () => <ApprovalDetail id="apr_3" {...moves} />, ["column", "cell", "field"]],
  ["link preview", () => <ApprovalDetail id="apr_4" {...moves} />, ["anchor"]],
  ["unknown preview", () => <ApprovalDetail id="apr_5" {...moves} />, ["unknownkey", "unknownvalue"]],
  ["resolution", () => <ApprovalDetail id="apr_6" {...moves} />, ["resolver", "credential", "maker", "reason", "response", "editedkey", "editedvalue"]],
  ["agents", () => <AgentsPage />, ["agent", "error", "kind"]],
  ["agent", () => <AgentPage id="agt_1" />, ["agent", "error", "kind", "task", "status", "owner", "message", "log", "title", "action"]],
  ["failed decision", () => { world.failure = new Error(hostile("failure")); return <ApprovalDetail id="apr_1" {...moves} />; }, ["failure"]],
];

describe("hostile text in every field is shown with marks", () => {
  beforeEach(() => {
    const kinds = [
      { kind: "text", text: hostile("text") },
      { kind: "diff", before: hostile("before"), after: hostile("after") },
      { kind: "table", columns: [hostile("column")], rows: [[hostile("cell")], { a: hostile("field") }] },
      { kind: "link", href: `https://example.com/${hostile("path")}`, label: hostile("anchor") },
      { kind: "x", [hostile("unknownkey")]: hostile("unknownvalue") },
    ];
    world.approvals = [...kinds.map((kind, index) => ({ ...everything(kind), id: `apr_${index + 1}` })), { ...everything({ kind: "text", text: "" }, "cancelled"), id: "apr_6" }];
    world.agents = [agent({ name: hostile("agent"), error: hostile("error"), kind: hostile("kind"), currentTask: hostile("task"), statusText: hostile("status"), owner: { keyId: "key_1", name: hostile("owner") } })];
    const message = { agentId: "agt_1", seq: 1, role: "agent", state: "final", createdAt: "2026-01-01T00:00:00.000Z" } as const;
    world.messages = [{ ...message, id: "msg_1", kind: "text", text: hostile("message") }, { ...message, id: "msg_2", seq: 2, kind: "log", text: hostile("log") }];
    world.askedBy = { name: hostile("asker") };
  });

  test.each(screens)("%s", async (_, element, names) => {
    history.replaceState(null, "", "/approvals/apr_1");
    const { container } = show(element());
    if (names.includes("label")) await waitFor(() => expect(container.querySelector("section strong bdi")).not.toBeNull(), { timeout: 20_000 });
    if (names.includes("message")) await waitFor(() => expect(container.querySelector("[data-message-id=msg_1] p bdi")).not.toBeNull(), { timeout: 20_000 });
    for (const name of names) await waitFor(() => expect(container.textContent, name).toContain(`${name}${name === "resolver" ? "[" : ""}U+202E U+2066 U+200B U+E0041 U+E0100 U+001B`));

    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() !== null) expect(unseen.test(walker.currentNode.textContent ?? ""), JSON.stringify(walker.currentNode.textContent)).toBe(false);
    for (const each of document.body.querySelectorAll("*")) {
      for (const { name, value } of each.attributes) expect(unseen.test(value), `${name}=${JSON.stringify(value)}`).toBe(false);
    }
  });

  test("the inbox", async () => {
    world.notifications = [
      { id: "ntf_1", kind: "approval.requested", severity: "info", title: hostile("title"), body: hostile("body"), subject: { type: "approval", id: "apr_1" }, url: "/", count: 1, createdAt: "2026-01-01T00:00:00.000Z" },
    ];
    show(<Bell />);
    fireEvent.click(screen.getByTestId("bell"));

    const entry = await screen.findByTestId("notification-item");
    expect(entry.textContent).toContain("titleU+202E");
    expect(entry.textContent).toContain("bodyU+202E");
    expect(unseen.test(entry.textContent)).toBe(false);
  });

  test("the request warns, and one without such characters does not", () => {
    show(<ApprovalDetail id="apr_1" {...moves} />);
    expect(screen.getByTestId("hidden-text-warning").textContent).toContain("invisible");
  });
});

test("the spaces before a line of a diff are ordinary, and hidden characters in it are not", async () => {
  const { container, unmount } = detail(action({}, { preview: preview({ kind: "diff", before: "if (due) {\n  pay();\n}", after: "if (due) {\n  refund();\n}" }) }));
  await waitFor(() => expect(container.textContent).toContain("refund();"));
  expect(screen.queryByTestId("hidden-text-warning")).toBeNull();
  expect(container.querySelector("[data-mark]")).toBeNull();
  unmount();

  detail(action({}, { preview: preview({ kind: "diff", before: "  pay();", after: "  pay\u202E();" }) }));
  expect(screen.queryByTestId("hidden-text-warning")).not.toBeNull();
});

test("ordinary requests have no warning and no marks", () => {
  const { container } = detail({ title: "Gutschrift für 👩‍⚕️ von مرحبا?", ...action({ name: "שלום", amount: 42 }) });
  expect(screen.queryByTestId("hidden-text-warning")).toBeNull();
  expect(container.querySelector("[data-mark]")).toBeNull();
});

describe("arguments", () => {
  const values = () => Object.fromEntries([...document.querySelectorAll("dl > div")].map((row) => [row.querySelector("dt")?.textContent ?? "", row.querySelector("dd")?.textContent ?? ""]));

  test("types are told apart, padding is seen", () => {
    detail(action({ a: null, b: "null", c: 1, d: "1", e: true, f: "true", g: "", h: [], i: {}, " j": " x ", "": 0 }));
    expect(values()).toMatchObject({ a: "null", b: '"null"', c: "1", d: '"1"', e: "true", f: '"true"', g: '""', h: "[] (empty list)", i: "{} (no fields)", '""': "0" });
    const padded = Object.entries(values()).find(([key]) => key.startsWith("U+0020j"));
    expect(padded?.[1]).toMatch(/^"U\+0020xU\+0020/);
  });

  test("numbers are shown as the server writes them", async () => {
    world.approvalText = () => Promise.resolve('{"action":{"name":"refund","args":{"b":1.0,"10":1E5,"2":9007199254740993}}}');
    detail(action({ b: 1, 10: 1e5, 2: 9007199254740992 }));
    await waitFor(() => expect(values()).toEqual({ b: "1.0", "10": "1E5", "2": "9007199254740993" }));
    expect([...document.querySelectorAll("dt")].map((key) => key.textContent)).toEqual(["b", "10", "2"]);
  });

  test("a long value is folded with its length, and its hidden part is flagged", () => {
    const { container } = detail(action({ text: `${"a".repeat(6_000)}\u202E${"b".repeat(6_303)}` }));
    const fold = screen.getByRole("button", { name: "… 12,304 characters, show all" });
    expect(container.textContent).not.toContain("U+202Eb");
    expect(fold.parentElement?.textContent).toContain("has hidden or misleading characters");
    fireEvent.click(fold);
    expect(container.textContent).toContain("aU+202Eb");
  });

  test("what is deep or has many values is shown as text", () => {
    let deep: unknown = "bottom";
    for (let level = 0; level < 90; level++) deep = [deep];
    const { container } = detail(action({ deep }));
    expect(container.querySelector("dl")).toBeNull();
    expect(container.querySelector("pre")?.textContent).toContain('"bottom"');
  });

  test("raw JSON can be copied, and where the page must not copy it is shown selected", async () => {
    detail(action({ "a\u202E": 1 }));
    fireEvent.click(screen.getByRole("button", { name: "JSON" }));
    expect(document.querySelector("pre")?.textContent).toBe('{\n  "a\\u202e": 1\n}');

    Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true });
    Object.defineProperty(document, "execCommand", { value: () => false, configurable: true });
    fireEvent.click(screen.getByRole("button", { name: "Copy" }));

    const field = await screen.findByLabelText(/Copy the selected text/);
    expect(field).toHaveProperty("value", '{\n  "a\\u202e": 1\n}');
  });
});

describe("the editor", () => {
  const edit = async (change: (text: string) => string) => {
    const field = await screen.findByLabelText<HTMLTextAreaElement>(/Arguments to approve instead/);
    fireEvent.change(field, { target: { value: change(field.value) } });
  };
  const approve = () => screen.getByTestId<HTMLButtonElement>("approve-button");

  beforeEach(() => {
    world.approvalText = () => Promise.resolve('{"action":{"name":"refund","args":{"id":9007199254740991,"amount":1.0,"n":1,"note":"x"}}}');
    world.decide = vi.fn(() => Promise.resolve(undefined));
  });

  test("sends what was typed, and the rest as it was", async () => {
    detail(action({ id: 9007199254740991, amount: 1, n: 1, note: "x" }));
    await screen.findByText("1.0");
    fireEvent.click(screen.getByRole("button", { name: "Edit" }));
    await edit((text) => text.replace('"n": 1', '"n": 2'));
    await waitFor(() => expect(approve().getAttribute("aria-disabled")).toBeNull(), { timeout: 20_000 });
    fireEvent.click(approve());

    expect(world.decide).toHaveBeenCalledWith(expect.anything(), { outcome: "approved", args: expect.objectContaining({ text: '{\n  "id": 9007199254740991,\n  "amount": 1.0,\n  "n": 2,\n  "note": "x"\n}' }) as unknown });
  });

  test("untouched, it sends no arguments", async () => {
    detail(action({ n: 1 }));
    await screen.findByText("1.0");
    fireEvent.click(screen.getByRole("button", { name: "Edit" }));
    await waitFor(() => expect(approve().getAttribute("aria-disabled")).toBeNull(), { timeout: 20_000 });
    fireEvent.click(approve());

    expect(world.decide).toHaveBeenCalledWith(expect.anything(), { outcome: "approved" });
  });

  test.each([
    ['"n": 1', '"n": 9007199254740993', /Line 4: "n": the number 9007199254740993 would become 9007199254740992/],
    ['"n": 1', '"n": 1e400', /Line 4: "n": the number 1e400 is too large/],
    ['"n": 1', '"n": 1,\n"n": 2', /Line 5: the key "n" is there twice/],
    ['"n": 1,', '"n": 1', /Line 5: a comma or } is expected/],
  ])("refuses %s → %s", async (from, to, problem) => {
    detail(action({ n: 1 }));
    await screen.findByText("1.0");
    fireEvent.click(screen.getByRole("button", { name: "Edit" }));
    await edit((text) => text.replace(from, to));

    expect(screen.getByText(problem)).toBeDefined();
    expect(approve().disabled).toBe(true);
  });
});

describe("previews of odd shapes", () => {
  test.each<[string, object, string]>([
    ["columns that are no names", { kind: "table", columns: [null, {}, 5, ["x"], { key: "k", label: "K" }], rows: [{ k: 1 }] }, "K"],
    ["rows of all kinds", { kind: "table", columns: ["a"], rows: [null, 1, "x", [1, null, {}], { a: 1, b: 2 }] }, "b: 2"],
    ["two columns of one name", { kind: "table", columns: ["a", "a"], rows: [[1, 2]] }, "1"],
    ["rows that are no list", { kind: "table", rows: "none" }, '"none"'],
    ["no rows", { kind: "table" }, "{}"],
    ["a text that is none", { kind: "text", text: { a: 1 } }, "a"],
    ["a diff of numbers", { kind: "diff", before: 1, after: [] }, "(empty list)"],
    ["a diff without one", { kind: "diff", text: "+ a" }, "+ a"],
    ["a diff of equal texts", { kind: "diff", before: "a", after: "a" }, "Nothing differs."],
    ["a link that is none", { kind: "link", href: 5 }, "5"],
    ["a broken address", { kind: "link", href: "https://[" }, "https://["],
    ["a script", { kind: "link", href: "javascript:alert(1)" }, "javascript:alert(1)"],
    ["a kind that is none", { kind: "constructor", __proto__: null, a: null }, "null"],
  ])("%s", async (_, fields, shown) => {
    detail(action({}, { preview: preview(fields) }));
    await waitFor(() => expect(screen.getByLabelText("Preview").textContent).toContain(shown));
    expect(screen.getByLabelText("Preview").querySelector('a[href^="javascript"]')).toBeNull();
  });

  test("a link shows its host, in ASCII and with a warning when it is not", async () => {
    detail(action({}, { preview: preview({ kind: "link", href: "https://b\u0430nk.com/pay", label: "bank.com" }) }));
    expect((await screen.findByTestId("link-host")).textContent).toMatch(/^xn--\S+\.com a host with letters outside of ASCII$/);
  });
});

describe("a part that fails", () => {
  const Failing = ({ fails }: { readonly fails: () => boolean }) => {
    if (fails()) throw new Error("broken");
    return <p>works</p>;
  };

  test("says so and can be loaded again, and the rest goes on", () => {
    let fails = true;
    show(
      <>
        <Boundary name="The queue">
          <Failing fails={() => fails} />
        </Boundary>
        <p>the rest</p>
      </>,
    );
    expect(screen.getByText("The queue could not be shown")).toBeDefined();
    expect(screen.getByText("the rest")).toBeDefined();
    fails = false;
    fireEvent.click(screen.getByRole("button", { name: "Reload" }));
    expect(screen.getByText("works")).toBeDefined();
  });

  test("a row that breaks leaves the open request", () => {
    const broken = { ...approval({ id: "apr_2" }), get title(): string { throw new Error("broken"); } };
    world.approvals = [approval(), broken];
    show(<Page />);
    expect(screen.getByText("The queue could not be shown")).toBeDefined();
    expect(screen.getByTestId("approval-detail")).toBeDefined();
  });

  test("arguments, preview, message and inbox have their own", async () => {
    const bomb = { get text(): string { throw new Error("broken"); } };
    world.agents = [agent()];
    world.messages = [{ id: "msg_1", agentId: "agt_1", seq: 1, role: "agent", kind: "text", state: "final", createdAt: "2026-01-01T00:00:00.000Z", ...{}, get text(): string { return bomb.text; } }];
    show(<AgentPage id="agt_1" />);
    expect(screen.getByText("The transcript could not be shown")).toBeDefined();
    expect(screen.getByRole("heading", { name: "Refund desk" })).toBeDefined();

    world.notifications = [{ get title(): string { throw new Error("broken"); } } as never];
    show(<Bell />);
    fireEvent.click(screen.getByTestId("bell"));
    expect(await screen.findByText("The inbox could not be shown")).toBeDefined();
  });
});

test("marking all as read says when it fails", async () => {
  world.notifications = [{ id: "ntf_1", kind: "system", severity: "info", title: "Hello", subject: { type: "agent", id: "agt_1" }, url: "/", count: 1, createdAt: "2026-01-01T00:00:00.000Z" }];
  world.mark = () => Promise.reject(new Error("the server cannot be reached"));
  show(<Bell />);
  fireEvent.click(screen.getByTestId("bell"));
  fireEvent.click(await screen.findByRole("button", { name: "Mark all read" }));

  expect((await screen.findByRole("alert")).textContent).toBe("Not marked as read: the server cannot be reached");
});

describe("reading to the end", () => {
  /** Where the end of the arguments, of the preview and the decision panel are, in a pane as high as the window. */
  const place = (ends: { args: number; preview: number; panel: number }) => {
    vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
      const section = this.parentElement?.getAttribute("aria-label");
      const at = this.tagName === "FOOTER" ? ends.panel : section === "Action" ? ends.args : section === "Preview" ? ends.preview : 0;
      return new DOMRect(0, at, 100, this.querySelector("article") === null ? 0 : window.innerHeight);
    });
  };
  const scroll = () => fireEvent.scroll(screen.getByTestId("approval-detail"));
  const approve = () => screen.getByTestId<HTMLButtonElement>("approve-button");
  const reject = () => screen.getByTestId<HTMLButtonElement>("reject-button");

  test.each(["high", "critical"] as const)("Approve of %s waits until preview and arguments were on the screen, and says so", async (risk) => {
    place({ preview: 1260, args: 1500, panel: 500 });
    detail({ risk, ...action({ a: 1 }, { preview: preview({ kind: "text", text: "x" }) }) });
    expect((await screen.findByTestId("unread-bar")).textContent).toContain("Changes continue: 38 more lines below");
    expect(screen.getByText("Approve waits until you have seen all of it.")).toBeDefined();
    expect(approve().disabled).toBe(true);
    expect(reject().disabled).toBe(false);
    fireEvent.keyDown(document.body, { key: "a", code: "KeyA" });
    expect(screen.queryByText(/Confirm/)).toBeNull();

    place({ preview: 400, args: 640, panel: 500 });
    scroll();
    expect(screen.getByTestId("unread-bar").textContent).toContain("Arguments continue: 7 more lines below");
    expect(approve().disabled).toBe(true);

    place({ preview: 200, args: 440, panel: 500 });
    scroll();
    expect(screen.queryByTestId("unread-bar")).toBeNull();
    expect(approve().disabled).toBe(false);

    place({ preview: 1260, args: 1500, panel: 500 });
    scroll();
    expect(approve().disabled).toBe(false);
  });

  test("what is closed in the tree is not seen", async () => {
    place({ preview: 0, args: 900, panel: 500 });
    detail({ risk: "high", ...action({ deep: { a: 1 } }) });
    fireEvent.click(screen.getByRole("button", { name: "Tree" }));
    fireEvent.click(await screen.findByText("1 field"));
    expect(screen.getByTestId("unread-bar").textContent).toBe("Parts of the arguments are closed in the tree.");

    place({ preview: 0, args: 100, panel: 500 });
    scroll();
    expect(approve().disabled).toBe(true);
    fireEvent.click(screen.getByText("1 field"));

    expect(screen.queryByTestId("unread-bar")).toBeNull();
    expect(approve().disabled).toBe(false);
  });

  test("Approve of low risk does not wait, and the bar is there all the same", () => {
    place({ args: 1260, preview: 0, panel: 500 });
    detail(action({ a: 1 }));
    expect(screen.getByTestId("unread-bar")).toBeDefined();
    expect(approve().disabled).toBe(false);
  });

  test("arguments that were left out are not seen", () => {
    place({ args: 100, preview: 0, panel: 500 });
    detail({ risk: "critical", action: { name: "refund", truncated: true, digest: "d" } });
    expect(approve().disabled).toBe(true);
    expect(within(screen.getByLabelText("Decision")).getByText("Approve waits until you have seen all of it.")).toBeDefined();
  });

  test("a page in the background shows nothing to anyone", () => {
    vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    place({ args: 100, preview: 0, panel: 500 });
    detail({ risk: "high", ...action({ a: 1 }) });
    expect(approve().disabled).toBe(true);

    vi.spyOn(document, "visibilityState", "get").mockReturnValue("visible");
    fireEvent(document, new Event("visibilitychange"));
    expect(approve().disabled).toBe(false);
  });
});
