import { MantineProvider } from "@mantine/core";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { Boundary } from "../src/shared/boundary.js";
import { lazyPart } from "../src/shared/lazy-part.js";
import { MenuItem, PopupPanel, usePopup } from "../src/shared/popup.js";

afterEach(() => vi.restoreAllMocks());

function show(part: ReturnType<typeof lazyPart<object>>, fallback?: string): void {
  render(
    <MantineProvider env="test">
      <p>The rest</p>
      <Boundary name="The request" {...(fallback === undefined ? {} : { fallback })}>
        <Suspense fallback="Loading">
          <part.Part />
        </Suspense>
      </Boundary>
    </MantineProvider>,
  );
}

test("a part is loaded once, when it is shown or before", async () => {
  const load = vi.fn(() => Promise.resolve(() => <p>The part</p>));
  const part = lazyPart(load);
  part.preload();

  show(part);

  expect(await screen.findByText("The part")).toBeDefined();
  expect(load).toHaveBeenCalledTimes(1);
});

test("a part whose code cannot be loaded says so, and reloads the page", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const reload = vi.spyOn(location, "reload").mockImplementation(() => undefined);

  show(lazyPart(() => Promise.reject(new TypeError("Failed to fetch dynamically imported module"))));

  expect(await screen.findByText("The request could not be loaded")).toBeDefined();
  expect(screen.getByText("The rest")).toBeDefined();
  fireEvent.click(screen.getByText("Reload the page"));
  expect(reload).toHaveBeenCalledTimes(1);
});

test("what has another form is shown in that form", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);

  show(lazyPart(() => Promise.reject(new TypeError("no network"))), "As plain text");

  expect(await screen.findByText("As plain text")).toBeDefined();
});

test("a part that could not be loaded ahead is loaded when it is shown", async () => {
  const load = vi.fn(() => Promise.resolve(() => <p>The part</p>));
  load.mockImplementationOnce(() => Promise.reject(new TypeError("no network")));
  const part = lazyPart(load);
  part.preload();
  await act(() => Promise.resolve());

  show(part);

  expect(await screen.findByText("The part")).toBeDefined();
});

test("an error while rendering is no missing code", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);

  show(lazyPart(() => Promise.resolve(() => { throw new Error("broken"); })));

  expect(await screen.findByText("The request could not be shown")).toBeDefined();
});

function Menu({ role = "menu" }: { readonly role?: "menu" | "dialog" }) {
  const { opened, toggle, dismiss, root, button } = usePopup();
  return (
    <>
      <div ref={root}>
        <button ref={button} onClick={toggle}>
          Fruit
        </button>
        {opened && (
          <PopupPanel role={role} label="Fruit" className={undefined}>
            <MenuItem onClick={dismiss}>Apple</MenuItem>
            <MenuItem onClick={dismiss} checked={{ of: "one", value: true }}>
              Pear
            </MenuItem>
            <MenuItem onClick={dismiss}>Plum</MenuItem>
          </PopupPanel>
        )}
      </div>
      <button>Elsewhere</button>
    </>
  );
}

const focused = () => document.activeElement?.textContent;
const key = (name: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key: name });

test("a menu takes the focus at its checked item, and the arrow keys move it around", () => {
  render(<Menu />);
  fireEvent.click(screen.getByText("Fruit"));
  expect(focused()).toBe("Pear✓");

  const moved = ["ArrowDown", "ArrowDown", "ArrowUp", "Home", "End"].map((name) => (key(name), focused()));

  expect(moved).toEqual(["Plum", "Apple", "Plum", "Apple", "Plum"]);
});

test.each([
  ["Escape", () => key("Escape"), "Fruit"],
  ["choosing", () => fireEvent.click(screen.getByText("Apple")), "Fruit"],
  ["the button", () => fireEvent.click(screen.getByText("Fruit")), undefined],
  ["a press elsewhere", () => fireEvent.pointerDown(screen.getByText("Elsewhere")), undefined],
  ["the focus elsewhere", () => act(() => screen.getByText("Elsewhere").focus()), "Elsewhere"],
])("%s closes it", (_, close, focus) => {
  render(<Menu />);
  fireEvent.click(screen.getByText("Fruit"));
  expect(screen.getByRole("menu", { name: "Fruit" })).toBeDefined();
  fireEvent.pointerDown(screen.getByText("Plum"));
  expect(screen.getByRole("menu")).toBeDefined();

  close();

  expect(screen.queryByRole("menu")).toBeNull();
  if (focus !== undefined) expect(focused()).toBe(focus);
});

test("a dialog takes the focus itself", () => {
  render(<Menu role="dialog" />);

  fireEvent.click(screen.getByText("Fruit"));

  expect(document.activeElement).toBe(screen.getByRole("dialog"));
});
