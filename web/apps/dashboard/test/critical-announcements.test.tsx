import { act, waitFor } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { preloadTexts } from "../src/shared/language.js";
import { CriticalAnnouncements } from "../src/shell/critical-announcements.js";
import { request } from "./console.js";
import { Desk } from "./desk.js";

beforeAll(() => preloadTexts("de"));

let desk: Desk;
let offset: number;

beforeEach(() => {
  desk = new Desk();
  offset = 5;
});

const spoken = () => document.querySelector("[aria-live=assertive]")?.textContent;
const live = () => waitFor(() => expect(desk.client.getState().status).toBe("live"));

function arrive(...titles: readonly string[]): void {
  act(() => {
    for (const title of titles) {
      offset += 1;
      const id = `apr_${String(offset).padStart(3, "0")}`;
      desk.carriers.event(offset, "approval:created", id, { approval: request(id, { title, risk: title === "harmless" ? "high" : "critical" }), counts: { pending: 1, critical: 1 } });
    }
  });
}

test("a critical request that arrives is read out, with what would not be seen in its title; another one is not", async () => {
  desk.show(<CriticalAnnouncements />);
  await live();

  arrive("harmless", "Drop the \u202Eledger");

  await waitFor(() => expect(spoken()).toBe("New critical request: Drop the [U+202E]ledger"));
});

test("those that arrive together are one sentence", async () => {
  desk.show(<CriticalAnnouncements />, { language: "de" });
  await live();
  arrive("First");
  await waitFor(() => expect(spoken()).toBe("Neue kritische Anfrage: First"));

  arrive("Second", "Third", "Fourth");

  // The first of them comes at once, the others in one batch.
  await waitFor(() => expect(spoken()).toBe("2 neue kritische Anfragen"));
});
