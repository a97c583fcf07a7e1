import { describe, expect, test } from "vitest";
import { indicate, indicationTexts, nextChangeAt, type IndicationTexts } from "../src/indication.js";
import type { ConnectionSnapshot } from "../src/snapshot.js";

const NOW = 1_000_000;
const open: ConnectionSnapshot = {
  status: "live",
  transport: "websocket",
  role: "solo",
  tabs: 1,
  attempt: 0,
  nextRetryAt: null,
  trying: false,
  downSince: null,
  lastEventAt: null,
  lastSyncAt: NOW,
  roundTripMs: 3,
  clockSkewMs: 0,
  reason: null,
  shortLived: 0,
  behind: 0,
};
const down = (since: number, more: Partial<ConnectionSnapshot> = {}): ConnectionSnapshot => ({ ...open, status: "reconnecting", transport: "none", downSince: NOW - since, ...more });

describe("a connection that is down", () => {
  test("for less than two seconds is shown as live", () => {
    expect(indicate(down(1_999), NOW).label).toBe("Live");
    expect(indicate(down(2_000), NOW)).toMatchObject({ label: "Reconnecting…", tone: "busy", banner: null, canWrite: true });
    expect(nextChangeAt(down(500), NOW)).toBe(NOW + 1_500);
  });

  test("for fifteen seconds gets a banner", () => {
    expect(indicate(down(14_999), NOW).banner).toBeNull();
    expect(indicate(down(15_000), NOW).banner).toBe("stale");
  });

  test("because the server does not answer is shown at once: five seconds have passed already", () => {
    expect(indicate(down(5_000, { transport: "websocket", reason: "the server does not answer" }), NOW)).toMatchObject({ label: "Reconnecting…", hint: "the server does not answer" });
  });

  test("is shown at once after drops that followed one another", () => {
    expect(indicate(down(0, { shortLived: 1 }), NOW).label).toBe("Live");
    expect(indicate(down(0, { shortLived: 2 }), NOW).label).toBe("Reconnecting…");
  });
});

test("a WebSocket that may close again is not called live, and the reason is given", () => {
  const snapshot: ConnectionSnapshot = { ...open, status: "degraded", shortLived: 2, reason: "WebSocket closed soon after it opened: transport close" };

  expect(indicate(snapshot, NOW)).toMatchObject({
    label: "Live (slow)",
    tone: "slow",
    hint: "WebSocket is open again, and may not stay open (WebSocket closed soon after it opened: transport close).",
  });
  expect(indicate({ ...snapshot, status: "catching_up", behind: 2 }, NOW).label).toBe("Live (slow)");
  expect(indicate({ ...snapshot, status: "catching_up", behind: 2, shortLived: 0 }, NOW).label).toBe("Live");
});

test("long-polling and REST say why there is no WebSocket", () => {
  expect(indicate({ ...open, status: "degraded", transport: "polling", reason: "blocked" }, NOW).hint).toBe("Changes arrive over HTTP long-polling: WebSocket is not available here (blocked).");
  expect(indicate({ ...open, status: "rest", transport: "rest" }, NOW).hint).toBe("Changes are fetched over plain HTTP: WebSocket is not available here.");
});

test.each<[Partial<ConnectionSnapshot>, string]>([
  [{}, "live"],
  [{ status: "degraded" }, "unstable"],
  [{ status: "degraded", transport: "polling" }, "polling"],
  [{ status: "rest", transport: "rest" }, "rest"],
  [{ status: "catching_up", behind: 10 }, "catching_up"],
  [{ status: "catching_up", behind: 9, transport: "polling" }, "polling"],
  [{ status: "idle" }, "connecting"],
  [{ status: "reconnecting", downSince: NOW - 2_000 }, "reconnecting"],
  [{ status: "offline" }, "offline"],
  [{ status: "unauthorized" }, "unauthorized"],
])("%j is shown as %s", (more, kind) => {
  expect(indicate({ ...open, ...more }, NOW).kind).toBe(kind);
});

test("texts of another language take the place of the English ones, and the reason stays", () => {
  const german: IndicationTexts = {
    labels: { ...indicationTexts.labels, polling: "Live (langsam)", catching_up: (events) => `Holt auf (${events})` },
    hints: { ...indicationTexts.hints, polling: (reason) => `Kein WebSocket: ${reason ?? "unbekannt"}` },
  };

  expect(indicate({ ...open, status: "degraded", transport: "polling", reason: "blocked" }, NOW, german)).toMatchObject({ label: "Live (langsam)", hint: "Kein WebSocket: blocked" });
  expect(indicate({ ...open, status: "catching_up", behind: 12 }, NOW, german).label).toBe("Holt auf (12)");
});
