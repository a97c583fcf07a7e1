import { beforeEach, expect, test, vi } from "vitest";
import { copyText } from "../src/index.js";

/** What the old way copied: the selected text of the focused field. */
let copied: string | undefined;

beforeEach(() => {
  copied = undefined;
  commandIs(() => {
    const field = document.querySelector("textarea");
    copied = field?.value.slice(field.selectionStart, field.selectionEnd);
    return true;
  });
});

const clipboardIs = (value: unknown) => Object.defineProperty(navigator, "clipboard", { value, configurable: true });
const commandIs = (value: () => boolean) => Object.defineProperty(document, "execCommand", { value, configurable: true });

test("uses the clipboard where there is one", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  clipboardIs({ writeText });

  expect(await copyText("a")).toBe(true);
  expect(writeText).toHaveBeenCalledWith("a");
  expect(copied).toBeUndefined();
});

test.each([
  ["there is none", undefined],
  ["it is not allowed", { writeText: () => Promise.reject(new DOMException("denied", "NotAllowedError")) }],
])("selects the text where %s, and leaves nothing behind", async (_, clipboard) => {
  clipboardIs(clipboard);
  const button = document.body.appendChild(document.createElement("button"));
  button.focus();

  expect(await copyText("a\nb")).toBe(true);
  expect(copied).toBe("a\nb");
  expect(document.querySelector("textarea")).toBeNull();
  expect(document.activeElement).toBe(button);
  button.remove();
});

test("selects the text inside of an open dialog: the rest of the page cannot be selected then", async () => {
  clipboardIs(undefined);
  const dialog = document.body.appendChild(document.createElement("dialog"));
  dialog.showModal();
  commandIs(() => {
    copied = dialog.querySelector("textarea")?.value;
    return true;
  });

  expect(await copyText("a")).toBe(true);

  expect(copied).toBe("a");
  dialog.remove();
});

test.each([
  ["says no", () => false],
  ["throws", () => { throw new Error("not here"); }],
])("says that nothing was copied when the old way %s", async (_, command) => {
  clipboardIs(undefined);
  commandIs(command);

  expect(await copyText("a")).toBe(false);
  expect(document.querySelector("textarea")).toBeNull();
});
