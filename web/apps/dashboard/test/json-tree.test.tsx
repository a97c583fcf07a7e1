import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Suspense } from "react";
import { expect, test, vi } from "vitest";
import { JsonView } from "../src/approvals/json-view.js";

async function open(value: unknown, onFolded?: (folded: boolean) => void): Promise<HTMLElement> {
  const { container } = render(
    <MantineProvider env="test">
      <Suspense>
        <JsonView text={typeof value === "string" ? value : JSON.stringify(value)} {...(onFolded === undefined ? {} : { onFolded })} />
      </Suspense>
    </MantineProvider>,
  );
  fireEvent.click(screen.getByRole("button", { name: "Tree" }));
  await screen.findByRole("button", { name: "Close all" });
  return container;
}

const summaries = (container: HTMLElement) => [...container.querySelectorAll("summary")].map((summary) => summary.textContent.trim());
const many = { list: Array.from({ length: 120 }, (_, index) => ({ id: index, tags: ["a"] })), note: "x" };

test("a small value is all open, with numbers as they are written", async () => {
  const container = await open('{"a":{"b":[1.0,{}]},"c":"x"}');

  expect(summaries(container)).toEqual(["a 1 field", "b 2 items"]);
  expect([...container.querySelectorAll("li li li div")].map((leaf) => leaf.textContent)).toEqual(["[0] 1.0", "[1] {} (no fields)"]);
});

test("a part is closed and opened by its line", async () => {
  const container = await open({ a: { b: 1 } });
  const details = () => container.querySelector("details");

  fireEvent.click(screen.getByText("1 field"));
  expect(details()?.open).toBe(false);
  expect(container.querySelectorAll("li")).toHaveLength(1);
  fireEvent.click(screen.getByText("1 field"));

  expect(details()?.open).toBe(true);
  expect(screen.getByText("b")).toBeDefined();
});

test("a large value is closed from depth 2 on, and can be opened and closed at once", async () => {
  const folded = vi.fn<(folded: boolean) => void>();
  const container = await open(many, folded);
  expect(summaries(container)).toHaveLength(121);
  expect(container.querySelectorAll("details[open]")).toHaveLength(1);
  await waitFor(() => expect(folded).toHaveBeenLastCalledWith(true));

  fireEvent.click(screen.getByRole("button", { name: "Open all" }));
  expect(summaries(container)).toHaveLength(241);
  expect(folded).toHaveBeenLastCalledWith(false);
  fireEvent.click(screen.getByRole("button", { name: "Close all" }));

  expect(summaries(container)).toEqual(["list 120 items"]);
  expect(folded).toHaveBeenLastCalledWith(true);
  fireEvent.click(screen.getByRole("button", { name: "JSON" }));
  expect(folded).toHaveBeenLastCalledWith(false);
});

test("a huge value is not opened at once", async () => {
  await open({ a: { list: Array.from({ length: 5_001 }, () => 0) } });

  expect(screen.getByRole("button", { name: "Open all" })).toHaveProperty("disabled", true);
});
