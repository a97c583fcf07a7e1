import { describe, expect, test } from "vitest";
import { type Entry, type Fault, faultsOf, type History, type Sight, visibleTo } from "./history.js";
import { random, seedOfThisRun } from "./seed.js";

const next = random(seedOfThisRun());

describe("the checker of fault runs", () => {
  test("finds nothing in a sound history", () => {
    expect(faultsOf(new Map([["a", sound("a")], ["b", sound("b")]]))).toEqual([]);
  });

  test("demands nothing of a reader behind what it was waited for", () => {
    const history = sound("a");
    expect(kinds({ ...history, readers: [reading(history.log, history.log.slice(0, 40), 40)] })).toEqual([]);
  });

  test.each<[string, Fault["kind"], (seen: Sight[], at: number) => Sight[]]>([
    ["lost", "lost", (seen, at) => seen.toSpliced(at, 1)],
    ["doubled at once", "doubled", (seen, at) => seen.toSpliced(at, 0, pick(seen, at))],
    ["doubled later", "doubled", (seen, at) => [...seen, pick(seen, at)]],
    ["inverted", "inverted", (seen, at) => seen.toSpliced(at, 2, pick(seen, at + 1), pick(seen, at))],
    ["foreign", "foreign", (seen, at) => seen.toSpliced(at, 0, pick(sound("b").log, at))],
    ["made up", "foreign", (seen, at) => seen.toSpliced(at, 0, { offset: at + 1, id: "evt_nobody" })],
  ])("finds an event that a reader saw %s, wherever it is planted", (_name, kind, plant) => {
    for (let round = 0; round < 50; round++) {
      const history = sound("a");
      const seen = plant([...history.log], 1 + Math.floor(next() * (history.log.length - 2)));
      expect(kinds({ ...history, readers: [reading(history.log, seen)] })).toEqual([kind]);
    }
  });

  test("finds an event that was for another member", () => {
    const history = sound("a");
    const visible = history.log.toSpliced(20, 1);
    expect(kinds({ ...history, readers: [reading(visible, history.log)] })).toEqual(["foreign"]);
  });

  test("finds what is missing at a reader's very end", () => {
    const history = sound("a");
    expect(kinds({ ...history, readers: [reading(history.log, history.log.slice(0, -1))] })).toEqual(["lost"]);
  });

  test("finds an answered command that is not in the log, or there twice, and a hole in the log", () => {
    const history = sound("a");
    const last = history.log.length;
    expect(kinds({ ...history, answered: [...history.answered, "answered, then lost"] })).toEqual(["lost"]);
    expect(kinds({ ...history, log: [...history.log, { offset: last + 1, id: "evt_twice", command: "command 3" }] })).toEqual(["doubled"]);
    expect(kinds({ ...history, log: [...history.log, { offset: last + 2, id: "evt_next", command: "next" }] })).toEqual(["hole in the log"]);
  });
});

describe("topics, audiences and keys", () => {
  const log: Entry[] = [
    { offset: 1, id: "plain" },
    { offset: 2, id: "order", topic: "orders/1" },
    { offset: 3, id: "items", topic: "orders/1/items" },
    { offset: 4, id: "bill", topic: "bills/1" },
    { offset: 5, id: "own", member: "ada" },
    { offset: 6, id: "own-bill", member: "ada", topic: "bills/1" },
    { offset: 7, id: "foreign", member: "bo", topic: "orders/1" },
  ];
  const ids = (entries: readonly Entry[]): string[] => entries.map(({ id }) => id);

  test("a socket that watches topics sees them, what has none, and its own", () => {
    expect(ids(visibleTo(log, { member: "ada", topics: ["orders/*"] }))).toEqual(["plain", "order", "own", "own-bill"]);
    expect(ids(visibleTo(log, { member: "cy" }))).toEqual(["plain", "order", "items", "bill"]);
  });

  test("a limited token sees its topics, and its own without a topic", () => {
    expect(ids(visibleTo(log, { member: "ada", topics: ["orders/*"], limited: true }))).toEqual(["order", "own"]);
  });

  test("an event may be missing when a later one with its key lay before the head at which the reader came back", () => {
    const keyed: Entry[] = [1, 2, 3, 4, 5, 6].map((offset) => ({ offset, id: `evt_${offset}`, key: offset % 2 === 0 ? "even" : undefined }));
    const reader = (missing: readonly number[], joins: History["readers"][number]["joins"]): Fault["kind"][] =>
      kinds({ log: keyed, answered: [], readers: [{ ...reading(keyed, keyed.filter(({ offset }) => !missing.includes(offset))), joins: joins ?? [] }] });

    expect(reader([2, 4], [{ after: 0, head: 6 }])).toEqual([]);
    expect(reader([2], [{ after: 1, head: 4 }])).toEqual([]);
    expect(reader([2, 4], [{ after: 0, head: 5 }])).toEqual(["lost"]); // 6 came after it was back
    expect(reader([2], [{ after: 2, head: 6 }])).toEqual(["lost"]); // before it left
    expect(reader([6], [{ after: 0, head: 6 }])).toEqual(["lost"]); // the newest
    expect(reader([3], [{ after: 0, head: 6 }])).toEqual(["lost"]); // it has no key
    expect(reader([2], undefined)).toEqual(["lost"]); // it never left
  });
});

function sound(workspace: string): History {
  const log = Array.from({ length: 60 }, (_, index): Entry => ({ offset: index + 1, id: `evt_${workspace}_${index}`, command: `command ${index}` }));
  return { log, answered: log.map((entry) => entry.command ?? ""), readers: [reading(log, log)] };
}

function reading(visible: readonly Sight[], seen: readonly Sight[], until = visible.at(-1)?.offset ?? 0): History["readers"][number] {
  return { name: "reader", visible, seen, until };
}

function kinds(history: History): Fault["kind"][] {
  return faultsOf(new Map([["a", history]])).map((fault) => fault.kind);
}

function pick<T>(items: readonly T[], at: number): T {
  const item = items[at];
  if (item === undefined) throw new Error(`nothing at ${at}`);
  return item;
}
