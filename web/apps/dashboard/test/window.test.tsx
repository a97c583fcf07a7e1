import { act, fireEvent, screen } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { PITCH } from "../src/approvals/approval-row.js";
import { mountedRows } from "../src/approvals/use-window.js";
import { Console, press, ready, request, row, waitUntil } from "./console.js";

const id = (index: number) => `apr_${String(index).padStart(6, "0")}`;
const many = (count: number) => Array.from({ length: count }, (_, index) => request(id(index), { expiresAt: new Date(Date.UTC(2030, 0, 1) + index * 1000).toISOString() }));
const shown = () => screen.queryAllByTestId("approval-row").map((element) => element.dataset["approvalId"]);

function scroller(): HTMLElement {
  const element = screen.getByTestId("approval-queue").parentElement;
  if (element === null) throw new Error("the list is not shown");
  return element;
}

/** Scrolls the list to a row. */
function scrollTo(index: number): void {
  act(() => {
    scroller().scrollTop = index * PITCH;
    fireEvent.scroll(scroller());
  });
}

test("of many rows only those that are near are in the page, each in its place", async () => {
  const console = new Console(many(200));
  await console.open("/approvals");
  await waitUntil(() => expect(shown().length).toBeGreaterThan(0));
  expect(shown()[0]).toBe(id(0));
  expect(shown().length).toBeLessThan(40);
  expect(screen.getByTestId("approval-queue").style.height).toBe(`${200 * PITCH}px`);

  scrollTo(100);

  await waitUntil(() => expect(shown()).toContain(id(100)));
  expect(shown()).not.toContain(id(50));
  const item = row(id(100)).parentElement;
  expect(item?.style.top).toBe(`${100 * PITCH}px`);
  expect([item?.getAttribute("aria-posinset"), item?.getAttribute("aria-setsize")]).toEqual(["101", "200"]);
});

test("the row that has the focus and the one where Tab stops stay in the page", async () => {
  const console = new Console(many(200));
  await console.open("/approvals");
  await waitUntil(() => expect(shown()).toContain(id(3)));
  act(() => row(id(3)).focus());

  scrollTo(150);
  await waitUntil(() => expect(shown()).toContain(id(150)));

  expect(shown().slice(0, 3)).toEqual([id(0), id(3), expect.stringMatching(/^apr_0001[34]/)]);
  expect(document.activeElement).toBe(row(id(3)));
  expect(row(id(0)).tabIndex).toBe(0);
});

test("j goes on from the open row to one that was not in the page", async () => {
  const console = new Console(many(60));
  await console.open(`/approvals/${id(0)}`);
  const scrolled = vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(() => undefined);
  press("k");
  expect(shown()).not.toContain(id(59));

  fireEvent.keyDown(document.body, { key: "j" });
  await ready(id(1));
  for (let index = 2; index < 45; index += 1) {
    press("j");
    await waitUntil(() => expect(document.activeElement).toBe(row(id(index))));
  }

  expect(scrolled).toHaveBeenCalled();
  expect(shown()).toContain(id(44));
  vi.restoreAllMocks();
});

describe("a list of several pages", () => {
  test("fetches the next one when it is scrolled to its end, and no row moves", async () => {
    const console = new Console(many(450));
    await console.open("/approvals");
    await waitUntil(() => expect(screen.getByTestId("more").textContent).toContain("200 of 450 requests are shown."));
    expect(row(id(0)).parentElement?.getAttribute("aria-setsize")).toBe("-1");
    fireEvent.pointerEnter(scroller().parentElement ?? document.body);

    scrollTo(195);
    await waitUntil(() => expect(screen.getByTestId("more").textContent).toContain("400 of 450"));
    expect(screen.queryByTestId("new-pill")).toBeNull();
    expect(row(id(195)).parentElement?.style.top).toBe(`${195 * PITCH}px`);
    scrollTo(395);

    await waitUntil(() => expect(screen.queryByTestId("more")).toBeNull());
    scrollTo(449);
    await waitUntil(() => expect(shown()).toContain(id(449)));
    expect(screen.queryByTestId("new-pill")).toBeNull();
  });

  test("after a failure it fetches only when asked to", async () => {
    const console = new Console(many(250));
    await console.open("/approvals");
    await waitUntil(() => expect(shown()).toContain(id(0)));
    console.carriers.answer("/v1/approvals", { code: "overloaded", status: 503, title: "too much to do" }, 503);

    scrollTo(195);
    await waitUntil(() => expect(screen.getByTestId("more").textContent).toContain("More requests could not be loaded."));
    const asked = console.carriers.asked.length;
    scrollTo(180);
    scrollTo(196);
    expect(console.carriers.asked).toHaveLength(asked);
    console.created(request(id(999)));
    fireEvent.click(screen.getByText("Show more"));

    await waitUntil(() => expect(screen.queryByTestId("more")).toBeNull());
  });
});

test("rows to mount, in order and once", () => {
  expect(mountedRows({ first: 3, end: 6 }, [])).toEqual([3, 4, 5]);
  expect(mountedRows({ first: 3, end: 6 }, [9, 0, 4, -1, 9])).toEqual([0, 3, 4, 5, 9]);
  expect(mountedRows({ first: 0, end: 0 }, [])).toEqual([]);
});
