import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { preloadTexts } from "../src/shared/language.js";
import { approveButton, Console, press, ready, request, waitUntil } from "./console.js";
import { German, leftovers } from "./german.js";

const schema = {
  type: "object",
  required: ["amount"],
  properties: {
    amount: { type: "number", minimum: 0, maximum: 100, description: "In euros" },
    count: { type: "integer" },
    reason: { enum: ["late", "broken"] },
    note: { type: "string", title: "Message", maxLength: 5 },
    urgent: { type: "boolean" },
    tags: { type: "array", items: { type: "string" } },
    address: { type: "object", properties: { city: { type: "string" } } },
  },
};
const args = '{"amount":42.0,"count":1E2,"reason":"late","note":"x","urgent":true,"tags":["a","b"],"address":{"city":"Köln"},"id":9007199254740991,"list":[1.0,{}]}';

beforeAll(() => preloadTexts("de"));
afterEach(() => sessionStorage.clear());

/** The console with one request whose arguments the server writes as they are here. */
async function open({ text = args, more = {}, Frame }: { text?: string; more?: object; Frame?: typeof German } = {}): Promise<Console> {
  const row = request("apr_001", { action: { name: "pay", args: JSON.parse(text) as unknown, digest: "d" }, argsSchema: schema, ...more });
  const console = new Console([row, request("apr_002", { title: "Storno?", action: { name: "stop", args: {}, digest: "e" } })]);
  // JSON.stringify would write the arguments in another way.
  vi.spyOn(console.client.rest, "approvalText").mockImplementation((id) => Promise.resolve(id === "apr_001" ? `{"action":{"name":"pay","args":${text}}}` : '{"action":{"args":{}}}'));
  await console.open("/approvals/apr_001", Frame);
  await screen.findByText("42.0");
  return console;
}

const edit = async () => {
  press("e");
  return within(await screen.findByTestId("args-form"));
};
const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
const changes = () => [...screen.getByTestId("edit-changes").querySelectorAll("li")].map((item) => item.textContent.replace(/\s+/g, " ").trim());
const textField = () => screen.getByLabelText<HTMLTextAreaElement>("Arguments to approve instead");

describe("the form", () => {
  test("changes what is typed, and leaves all else as it is written", async () => {
    const console = await open();
    const decide = vi.spyOn(console.client.rest, "decide");
    console.accept("apr_001");
    const form = await edit();

    type(form.getByLabelText("amount"), "40.50");
    type(form.getByLabelText("reason"), "1");
    type(form.getByLabelText("[1]"), "c");
    type(form.getByLabelText("city"), "Bonn");
    await screen.findByTestId("edit-changes");
    expect(changes()).toEqual(["amount 42.0 → 40.50", 'reason "late" → "broken"', 'tags[1] "b" → "c"', 'address.city "Köln" → "Bonn"']);
    expect(form.getByText(/id, list/)).toBeDefined();
    press("a");
    await ready("apr_002");

    const [, decision] = decide.mock.calls[0] ?? [];
    const sent = (decision?.args as { text: string }).text;
    expect(sent.replace(/\s/g, "")).toBe(
      '{"amount":40.50,"count":1E2,"reason":"broken","note":"x","urgent":true,"tags":["a","c"],"address":{"city":"Bonn"},"id":9007199254740991,"list":[1.0,{}]}',
    );
  });

  test("typed back, it changes nothing", async () => {
    const console = await open();
    console.accept("apr_001");
    const form = await edit();

    type(form.getByLabelText("amount"), "1");
    await screen.findByTestId("edit-changes");
    type(form.getByLabelText("amount"), "42.0");
    expect(screen.queryByTestId("edit-changes")).toBeNull();
    press("a");
    await ready("apr_002");

    expect(console.decisions).toEqual([{ outcome: "approved", digest: "d" }]);
  });

  test("says what the schema would refuse, and the server decides", async () => {
    await open();
    const form = await edit();

    type(form.getByLabelText("amount"), "100.5");
    expect(form.getByText("At most 100")).toBeDefined();
    type(form.getByLabelText("amount"), "-1");
    expect(form.getByText("At least 0")).toBeDefined();
    type(form.getByLabelText("count"), "1.5");
    expect(form.getByText("A whole number is expected")).toBeDefined();
    type(form.getByLabelText("Message note"), "too long");
    expect(form.getByText("At most 5 characters")).toBeDefined();
    expect(approveButton()).toHaveProperty("disabled", false);
    expect(form.getByText("In euros")).toBeDefined();
  });

  test("what is typed and is no number is kept as it is, and a number that would become another one is refused", async () => {
    await open();
    const form = await edit();
    const amount = form.getByLabelText<HTMLInputElement>("amount");

    type(amount, "12,5");
    expect(amount.value).toBe("12,5");
    expect(form.getByText(/^A number is expected/)).toBeDefined();
    await waitFor(() => expect(changes()).toEqual(['amount 42.0 → "12,5"']));
    type(amount, "9007199254740993");

    expect(form.getByText(/the number 9007199254740993 would become 9007199254740992/)).toBeDefined();
    expect(approveButton()).toHaveProperty("disabled", true);
  });

  test("a property is left out and added again, and so are items; the focus follows", async () => {
    await open();
    const form = await edit();

    fireEvent.click(form.getByRole("button", { name: "Leave out Message note" }));
    const add = form.getByRole("button", { name: "Add Message note" });
    expect(document.activeElement).toBe(add);
    fireEvent.click(add);
    expect(document.activeElement).toBe(form.getByLabelText("Message note"));
    expect(form.queryByRole("button", { name: /Leave out amount/ })).toBeNull();

    fireEvent.click(form.getByRole("button", { name: "Leave out address" }));
    fireEvent.click(form.getByRole("button", { name: "Add address" }));
    expect(document.activeElement).toBe(form.getByRole("button", { name: "Add city" }));
    fireEvent.click(form.getByRole("button", { name: "Add city" }));
    type(form.getByLabelText("city"), "Köln");
    fireEvent.click(form.getByRole("button", { name: "Remove [0]" }));
    expect(document.activeElement).toBe(form.getByRole("button", { name: "Add an item" }));
    fireEvent.click(form.getByRole("button", { name: "Add an item" }));
    expect(document.activeElement).toBe(form.getByLabelText("[1]"));
    type(form.getByLabelText("[1]"), "new");
    await waitFor(() => expect(changes()).toEqual(['note "x" → ""', 'tags[0] "a" removed', 'tags[1] added: "new"']));
  });

  test("and the text are two views of the same", async () => {
    await open();
    const form = await edit();
    type(form.getByLabelText("amount"), "7");

    fireEvent.click(screen.getByRole("button", { name: "Text" }));
    expect(textField().value).toContain('"amount": 7,');
    type(textField(), textField().value.replace('"x"', '"y"'));
    fireEvent.click(screen.getByRole("button", { name: "Form" }));
    expect((await screen.findByLabelText<HTMLTextAreaElement>("Message note")).value).toBe("y");

    fireEvent.click(screen.getByRole("button", { name: "Text" }));
    type(textField(), "{");
    expect(screen.getByRole("button", { name: "Form" })).toHaveProperty("disabled", true);
    expect(screen.getByText("The form needs valid JSON.")).toBeDefined();
    expect(screen.queryByTestId("edit-changes")).toBeNull();
  });

  test("a text with hidden characters is shown with marks, not in a field", async () => {
    await open({ text: '{"amount":42.0,"note":"a\\u202eb"}' });
    const form = await edit();

    expect(form.queryByLabelText("Message note")).toBeNull();
    expect(form.getByText("This text has hidden or misleading characters. Edit it as text.")).toBeDefined();
    expect(form.getByText("U+202E")).toBeDefined();
  });

  test.each<[string, object, RegExp]>([
    ["a schema that it cannot draw", { argsSchema: { type: "object", properties: { amount: { anyOf: [] } } } }, /^The form does not have anyOf, which the agent's schema uses at \/properties\/amount\. Edit the text\.$/],
    ["arguments that do not fit", { argsSchema: { type: "object", properties: { amount: { type: "string" } } } }, /^The arguments do not fit the agent's schema at \/amount\. Edit the text\.$/],
  ])("%s: says why, and there is the text", async (_, more, reason) => {
    await open({ more });
    press("e");

    expect((await screen.findByTestId("form-refused")).textContent).toMatch(reason);
    type(textField(), textField().value.replace("42.0", "43"));
    await waitFor(() => expect(changes()).toEqual(["amount 42.0 → 43"]));
  });

  test("without a schema there is the text only", async () => {
    await open({ more: { argsSchema: undefined } });
    press("e");

    expect(textField()).toBeDefined();
    expect(screen.queryByRole("button", { name: "Form" })).toBeNull();
  });

  test("in German", async () => {
    await open({ Frame: German, more: { title: "Zahlen?", tags: [] } });
    press("e");
    const form = within(await screen.findByTestId("args-form"));
    type(form.getByLabelText("amount"), "-1");
    await screen.findByTestId("edit-changes");

    expect(form.getByText("Mindestens 0")).toBeDefined();
    expect(screen.getByText("Ihre Bearbeitung ändert 1 Wert")).toBeDefined();
    fireEvent.click(form.getByRole("button", { name: "Weglassen urgent" }));
    expect(leftovers().filter((word) => word !== "note")).toEqual([]);
  });
});

test("an edit that changes how values are written only says so", async () => {
  await open({ more: { argsSchema: undefined } });
  press("e");

  type(textField(), textField().value.replace("\n", "\n\n"));

  await waitUntil(() => expect(screen.getByTestId("edit-changes").textContent).toBe("Your edit changes no value, only how they are written"));
});
