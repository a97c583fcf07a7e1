import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { approveButton, Console, decided, note, openId, press, ready, request, row, waitUntil } from "./console.js";

const critical = { risk: "critical" } as const;
const dialog = () => screen.queryByRole("dialog", { name: "Approve a critical request?" });

afterEach(() => {
  vi.useRealTimers();
  sessionStorage.clear();
});

/** A console with three requests, the first of them open. */
async function three(first: object = {}): Promise<Console> {
  const console = new Console([request("apr_001", first), request("apr_002"), request("apr_003")]);
  ["apr_001", "apr_002", "apr_003"].forEach((id) => console.accept(id));
  await console.open("/approvals/apr_001");
  return console;
}

/** Whatever was to be sent has been sent after this. */
const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 50)));

describe("keys", () => {
  test("a approves, opens the next request and takes the focus there; a approves that", async () => {
    const console = await three();

    press("a");
    await ready("apr_002");
    expect(document.activeElement).toBe(row("apr_002"));
    press("a");
    await ready("apr_003");

    expect(console.sent).toEqual(["apr_001", "apr_002"]);
    expect(document.activeElement).toBe(row("apr_003"));
  });

  test("the next request is the one below; after the last it is the one above", async () => {
    const console = await three();
    press("j");
    await ready("apr_002");

    press("a");
    await ready("apr_003");
    press("k");
    press("j");
    await ready("apr_003");
    press("a");
    await ready("apr_001");

    expect(console.sent).toEqual(["apr_002", "apr_003"]);
  });

  test("r rejects without a question, also what is critical", async () => {
    const console = await three(critical);

    press("r");
    await ready("apr_002");

    expect(console.decisions).toMatchObject([{ outcome: "rejected" }]);
  });

  test.each([
    ["a repeating key", { repeat: true }],
    ["Shift", { key: "A", shiftKey: true }],
    ["Control", { ctrlKey: true }],
    ["Alt", { altKey: true }],
    ["Meta", { metaKey: true }],
    ["an input method", { isComposing: true }],
    ["an input method, by its code", { keyCode: 229 }],
  ])("%s does nothing", async (_, event) => {
    const console = await three();

    fireEvent.keyDown(document.body, { key: "a", ...event });
    fireEvent.keyDown(document.body, { key: "r", ...event, ...("key" in event ? { key: "R" } : {}) });
    await settle();

    expect(console.sent).toEqual([]);
  });

  test("the move to the next request does not take a key along", async () => {
    const console = await three();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });

    press("a");
    await vi.waitFor(async () => {
      await act(() => Promise.resolve());
      expect(openId()).toBe("apr_002");
    }, { interval: 1 });
    press("a");
    press("r");
    await act(() => vi.advanceTimersByTimeAsync(100));
    expect(console.sent).toEqual(["apr_001"]);
    await act(() => vi.advanceTimersByTimeAsync(500));
    press("a");
    await act(() => vi.advanceTimersByTimeAsync(0));

    expect(console.sent).toEqual(["apr_001", "apr_002"]);
  });

  test("a decision that is stored after the member moved on moves nothing", async () => {
    const console = await three();

    press("a");
    press("j");
    press("j");
    await waitUntil(() => expect(console.sent).toEqual(["apr_001"]));
    await settle();

    expect(openId()).toBe("apr_003");
  });
});

describe("focus", () => {
  test("j and k move the selection with the focus, and scroll it into view", async () => {
    await three();
    const scrolled: unknown[] = [];
    vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(function (this: Element) {
      scrolled.push(this.getAttribute("data-approval-id"));
    });

    press("j");
    await ready("apr_002");
    expect(document.activeElement).toBe(row("apr_002"));
    press("k");
    await ready("apr_001");

    expect(document.activeElement).toBe(row("apr_001"));
    expect(scrolled).toEqual(["apr_002", "apr_001"]);
    vi.restoreAllMocks();
  });

  test("the arrow keys do the same in the list", async () => {
    await three();
    row("apr_001").focus();

    press("ArrowDown");
    await ready("apr_002");
    press("ArrowDown", { repeat: true });

    expect(document.activeElement).toBe(row("apr_002"));
    expect(openId()).toBe("apr_002");
  });

  test("keys do nothing while another row than the open one has the focus", async () => {
    const console = await three();

    row("apr_002").focus();
    press("a");
    press("r");
    press("e");
    await settle();

    expect(console.sent).toEqual([]);
    expect(screen.queryByText("Discard changes")).toBeNull();
  });

  test("Tab stops at one row of the list: the open one", async () => {
    await three();
    expect(["apr_001", "apr_002", "apr_003"].map((id) => row(id).tabIndex)).toEqual([0, -1, -1]);

    press("j");
    await ready("apr_002");

    expect(["apr_001", "apr_002", "apr_003"].map((id) => row(id).tabIndex)).toEqual([-1, 0, -1]);
  });

  test("keys do nothing while the focus is outside the request", async () => {
    const console = await three();

    screen.getByTestId("bell").focus();
    press("a");
    press("r");
    await settle();

    expect(console.sent).toEqual([]);
  });
});

describe("overlays", () => {
  test.each([
    ["the inbox", () => fireEvent.click(screen.getByTestId("bell")), () => screen.findByRole("dialog")],
    ["a menu", () => fireEvent.click(screen.getByLabelText("Your account and settings")), () => screen.findByRole("menu")],
    ["a popover", () => fireEvent.click(screen.getByTestId("connection-status")), () => screen.findByRole("dialog")],
    ["a dialog", () => void press("?"), () => screen.findByRole("dialog")],
  ])("with %s open no key of the page acts", async (_, open, opened) => {
    const console = await three();
    open();
    const overlay = await opened();

    for (const target of [overlay, document.activeElement ?? overlay]) {
      for (const key of ["a", "r", "e", "j"]) fireEvent.keyDown(target, { key });
    }
    // The last one, because Mantine's popovers close by a key press outside them.
    fireEvent.keyDown(row("apr_001"), { key: "a" });
    await settle();

    expect(console.sent).toEqual([]);
    expect(openId()).toBe("apr_001");
    expect(screen.queryByText("Discard changes")).toBeNull();
  });
});

describe("clicks", () => {
  test("the second click of a double click does nothing", async () => {
    const console = await three();

    fireEvent.click(approveButton(), { detail: 2 });
    fireEvent.click(screen.getByTestId("reject-button"), { detail: 2 });
    await settle();
    expect(console.sent).toEqual([]);
    fireEvent.click(approveButton(), { detail: 1 });
    await ready("apr_002");

    expect(console.sent).toEqual(["apr_001"]);
  });

  test("a press that began before the request could be decided does nothing", async () => {
    const console = await three();
    press("j");
    await waitUntil(() => expect(openId()).toBe("apr_002"));
    expect(approveButton().getAttribute("aria-disabled")).toBe("true");

    fireEvent.pointerDown(approveButton());
    await ready("apr_002");
    fireEvent.click(approveButton(), { detail: 1 });
    await settle();

    expect(console.sent).toEqual([]);
  });

  test("Enter and Space that repeat click nothing", async () => {
    await three();

    expect(fireEvent.keyDown(approveButton(), { key: "Enter" })).toBe(true);
    expect(fireEvent.keyDown(approveButton(), { key: "Enter", repeat: true })).toBe(false);
    expect(fireEvent.keyDown(approveButton(), { key: " ", repeat: true })).toBe(false);
    expect(fireEvent.keyDown(row("apr_002"), { key: "Enter", repeat: true })).toBe(false);
    expect(fireEvent.keyDown(note(), { key: "Enter", repeat: true })).toBe(true);
  });
});

describe("what is critical", () => {
  const field = () => screen.getByLabelText<HTMLInputElement>(/^Type/);
  const ask = async () => {
    press("a");
    await waitUntil(() => expect(dialog()).not.toBeNull());
  };

  test("is approved after a word of the request is typed", async () => {
    const console = await three({ ...critical, title: "Drop the ledger's unused index?" });

    await ask();
    expect((await screen.findByText(/^Type/)).textContent).toBe("Type ledger to approve");
    fireEvent.change(field(), { target: { value: "ledge" } });
    fireEvent.submit(field());
    fireEvent.click(screen.getByTestId("confirm-button"));
    await settle();
    expect(console.sent).toEqual([]);
    fireEvent.change(field(), { target: { value: " Ledger" } });
    fireEvent.submit(field());
    await ready("apr_002");

    expect(console.decisions).toMatchObject([{ outcome: "approved", digest: "digest of apr_001" }]);
    expect(dialog()).toBeNull();
  });

  test("is not approved by a key pressed twice, a held key or a double click", async () => {
    const console = await three(critical);

    await ask();
    fireEvent.keyDown(document.body, { key: "a" });
    fireEvent.keyDown(approveButton(), { key: "a", repeat: true });
    fireEvent.click(approveButton(), { detail: 1 });
    fireEvent.click(approveButton(), { detail: 2 });
    expect(fireEvent.keyDown(field(), { key: "Enter", repeat: true })).toBe(false);
    expect(fireEvent.keyDown(field(), { key: "a", repeat: true })).toBe(false);
    await settle();

    expect(console.sent).toEqual([]);
  });

  test.each([
    ["Cancel", () => fireEvent.click(screen.getByRole("button", { name: "Cancel" }))],
    ["Escape", () => fireEvent.keyDown(field(), { key: "Escape" })],
  ])("%s cancels, and what was typed is not kept", async (_, cancel) => {
    const console = await three(critical);
    await ask();
    fireEvent.change(field(), { target: { value: "refund" } });

    cancel();
    await waitUntil(() => expect(dialog()).toBeNull());
    press("a");

    expect(field().value).toBe("");
    expect(console.sent).toEqual([]);
  });

  test("a decision by somebody else closes the dialog", async () => {
    const console = await three(critical);
    await ask();

    console.resolved("apr_001");

    await waitUntil(() => expect(dialog()).toBeNull());
    expect(screen.getByTestId("resolution-card").textContent).toContain("Approved by Mara");
  });
});

describe("the deadline by the page's clock", () => {
  const passed = { expiresAt: "2026-01-01T00:00:00.000Z" };

  test("does not block: the server decides", async () => {
    const console = await three(passed);
    expect(approveButton()).toHaveProperty("disabled", false);
    expect(screen.getByText("The deadline has passed by this computer's clock. The server decides.")).toBeDefined();
    expect(screen.getAllByText("Expired?").length).toBeGreaterThan(0);

    press("a");
    await ready("apr_002");

    expect(console.sent).toEqual(["apr_001"]);
  });

  test("and what the server answers is said", async () => {
    const console = await three(passed);
    console.refuse("apr_001", "approval_expired", console.row("apr_001"));
    press("a");
    expect((await screen.findByTestId("decision-failed")).textContent).toContain("The deadline passed first. Your decision wasn't recorded.");

    console.refuse("apr_001", "approval_expired", { ...console.row("apr_001"), status: "expired", version: 2 });
    press("a");

    expect((await screen.findByTestId("overtaken")).textContent).toBe("The deadline passed first. Your decision wasn't recorded.");
  });
});

test("who decided first is named, and what was typed stays", async () => {
  const console = await three();
  console.refuse("apr_001", "already_decided", decided(console.row("apr_001"), { id: "mem_mara", name: "Mara" }, "rejected"));
  fireEvent.change(note(), { target: { value: "My careful reasons" } });

  press("a");

  expect((await screen.findByTestId("overtaken")).textContent).toBe("Mara decided first. Your decision wasn't recorded.");
  expect(screen.getByLabelText<HTMLTextAreaElement>("Your note (not sent)").value).toBe("My careful reasons");
  fireEvent.click(screen.getByText("Next request"));
  await ready("apr_002");
});
