import { beforeEach, describe, expect, test } from "vitest";
import { SignInNeeded } from "../src/problem.js";
import { claimsOf, Session, type Credential } from "../src/session.js";
import type { Timing } from "../src/timing.js";
import { ManualTiming } from "./manual-timing.js";

const noon = Date.parse("2026-11-29T12:00:00Z");

describe("a credential's renewal", () => {
  let now: number;
  let given: Credential[];
  let session: Session;

  beforeEach(() => {
    now = noon;
    given = [];
    const timing: Timing = { now: () => now, elapsed: () => now, random: () => 0.5, after: () => () => undefined };
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
    return new Session(() => Promise.resolve(credential), { now: () => now, elapsed: () => now, random: () => 0.5, after: () => () => undefined });
  }
});

describe("a credential", () => {
  let timing: ManualTiming;
  let answers: (() => Promise<Credential>)[];
  let asked: number;
  let session: Session;

  beforeEach(() => {
    timing = new ManualTiming(noon);
    answers = [];
    asked = 0;
    session = new Session(() => {
      asked += 1;
      return answers.shift()?.() ?? Promise.resolve({ token: `opaque ${asked}` });
    }, timing);
  });

  test("is asked for once, however many want it at the same time", async () => {
    const tokens = await Promise.all([session.current(), session.refresh(), session.replace("another")]);

    expect(tokens.map(({ token }) => token)).toEqual(["opaque 1", "opaque 1", "opaque 1"]);
    expect(asked).toBe(1);
  });

  test("is kept until a second before its end", async () => {
    answers = [() => Promise.resolve(token(1, timing.now(), 50))];
    await session.current();
    await timing.advance(48_999);
    await session.current();
    expect(asked).toBe(1);

    await timing.advance(1);
    await session.current();

    expect(asked).toBe(2);
  });

  test("that was refused is replaced once; who was refused with an older one gets the new one", async () => {
    const { token: first } = await session.current();
    await session.replace(first);

    expect((await session.replace(first)).token).toBe("opaque 2");
    expect(asked).toBe(2);
  });

  test("lives from when it came for the span between iat and exp, whatever this machine's clock says", async () => {
    answers = [() => Promise.resolve({ ...token(1, noon - 3_600_000, 50), expiresAt: at(noon - 3_550_000) })];
    await session.current();

    expect(session.left).toBe(50_000);
  });

  test("without iat lives until expiresAt, or until its exp", async () => {
    const exp = (seconds: number) => `e30.${btoa(JSON.stringify({ exp: noon / 1000 + seconds }))}.x`;
    answers = [() => Promise.resolve({ token: exp(90), expiresAt: at(noon + 60_000) }), () => Promise.resolve({ token: exp(90) })];
    await session.refresh();
    expect(session.left).toBe(60_000);

    await session.refresh();

    expect(session.left).toBe(90_000);
  });

  test("is forgotten when the member has to sign in again, and kept when there is only no network", async () => {
    await session.current();
    answers = [() => Promise.reject(new Error("no network")), () => Promise.reject(new SignInNeeded("sign in"))];
    await expect(session.refresh()).rejects.toThrow("no network");
    expect((await session.current()).token).toBe("opaque 1");

    await expect(session.refresh()).rejects.toThrow(SignInNeeded);

    expect((await session.current()).token).toBe("opaque 4");
  });

  test("is renewed after four fifths of its life, not within a second, and never when it has no end", async () => {
    answers = [() => Promise.resolve(token(1, noon, 50)), () => Promise.resolve(token(2, noon, 1)), () => Promise.resolve({ token: "opaque" })];
    await session.refresh();
    expect(session.renewIn()).toBe(40_000);
    await session.refresh();
    expect(session.renewIn()).toBe(1_000);
    await session.refresh();

    expect(session.renewIn()).toBeUndefined();
  });
});

describe("the claims of a token", () => {
  test("are read from any JWT, also with letters beyond ASCII", () => {
    const payload = btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify({ sub: "Jürgen ✓" }))));

    expect(claimsOf(`e30.${payload.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}.x`)).toEqual({ sub: "Jürgen ✓" });
  });

  test.each(["opaque", "a.b.c", `e30.${btoa("7")}.x`])("are empty for %s", (text) => {
    expect(claimsOf(text)).toEqual({});
  });
});

function at(millis: number): string {
  return new Date(millis).toISOString();
}

function token(number: number, now: number, seconds: number): Credential {
  const claims = { jti: `tok_${number}`, iat: now / 1000, exp: now / 1000 + seconds };
  return { token: `e30.${btoa(JSON.stringify(claims))}.x` };
}
