import { beforeEach, describe, expect, test } from "vitest";
import { Session, type Credential } from "../src/session.js";
import type { Timing } from "../src/timing.js";

const noon = Date.parse("2026-11-29T12:00:00Z");

describe("a credential's renewal", () => {
  let now: number;
  let given: Credential[];
  let session: Session;

  beforeEach(() => {
    now = noon;
    given = [];
    const timing: Timing = { now: () => now, random: () => 0.5, after: () => () => undefined };
    session = new Session(() => {
      const credential = token(given.length, now, 50);
      given.push(credential);
      return Promise.resolve(credential);
    }, timing);
  });

  test("comes at once when the server warns behind half of its life", async () => {
    await session.current();
    now += 30_000;

    expect(session.renewAfterWarning(at(noon + 50_000), 0)).toBe(0);
  });

  test("waits for half of its life when the server warns earlier", async () => {
    await session.current();
    now += 200;

    expect(session.renewAfterWarning(at(noon + 50_000), 0)).toBe(24_800);
  });

  test("goes by the server's end when that is nearer than it seemed, by this machine's clock", async () => {
    await session.current();
    // Handed out before, so that it ends sooner than its span says; the server's clock is five minutes ahead.
    session = restarted({ token: "opaque", expiresAt: at(noon + 600_000) });
    await session.current();
    now += 20_000;

    expect(session.renewAfterWarning(at(noon + 300_000 + 60_000), 300_000)).toBe(10_000);
  });

  test("is not asked for by a warning of the credential before", async () => {
    await session.current();
    now += 40_000;
    await session.refresh();

    expect(session.renewAfterWarning(at(noon + 50_000), 0)).toBeUndefined();
    expect(session.left).toBe(50_000);
  });

  test("comes at once when nobody knows how long the credential lives", async () => {
    session = restarted({ token: "opaque" });
    await session.current();

    expect(session.renewAfterWarning(undefined, 0)).toBe(0);
  });

  function restarted(credential: Credential): Session {
    return new Session(() => Promise.resolve(credential), { now: () => now, random: () => 0.5, after: () => () => undefined });
  }
});

function at(millis: number): string {
  return new Date(millis).toISOString();
}

function token(number: number, now: number, seconds: number): Credential {
  const claims = { jti: `tok_${number}`, iat: now / 1000, exp: now / 1000 + seconds };
  return { token: `e30.${btoa(JSON.stringify(claims))}.x` };
}
