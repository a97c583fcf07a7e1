import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DiffView } from "../src/approvals/diff-view.js";

let width = 0;

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal(
    "ResizeObserver",
    class {
      readonly #listener: () => void;
      constructor(listener: () => void) {
        this.#listener = listener;
      }
      observe(): void {
        this.#listener();
      }
      readonly disconnect = () => undefined;
    },
  );
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockImplementation(() => width);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const show = () =>
  render(
    <MantineProvider env="test">
      <article>
        <DiffView before={"a\nlimit = 10\n"} after={"a\nlimit = 20\nb\n"} />
      </article>
    </MantineProvider>,
  );
const rows = (container: HTMLElement) => [...container.querySelectorAll<HTMLElement>("[data-change]")].map((row) => `${row.dataset["change"] ?? ""} ${row.textContent.trimEnd()}`);

test("lines have numbers, signs and marked words", () => {
  width = 600;
  const { container } = show();

  expect(rows(container)).toEqual(["same 11 a", "removed 2-limit = 10", "added 2+limit = 20", "added 3+b"]);
  expect([...container.querySelectorAll("del mark, ins mark")].map((word) => word.textContent)).toEqual(["10", "20"]);
  expect(screen.queryByRole("group")).toBeNull();
});

test("in a wide pane they stand side by side when that was chosen, and the browser keeps it", () => {
  width = 1_000;
  const { container, unmount } = show();
  const layout = within(screen.getByRole("group", { name: "Layout of the changes" }));
  expect(layout.getByText("Inline").getAttribute("aria-pressed")).toBe("true");

  fireEvent.click(layout.getByText("Side by side"));
  expect(rows(container)).toEqual(["same 1 a", "same 1 a", "removed 2-limit = 10", "added 2+limit = 20", "added 3+b"]);
  unmount();

  show();
  expect(screen.getByText("Side by side").getAttribute("aria-pressed")).toBe("true");
});

test("a narrow pane has one column, whatever was chosen", () => {
  localStorage.setItem("heliograph:diff", JSON.stringify("split"));
  width = 899;

  const { container } = show();

  expect(rows(container)).toHaveLength(4);
  expect(screen.queryByText("Side by side")).toBeNull();
});
