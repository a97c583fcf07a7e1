import { beforeEach, describe, expect, test } from "vitest";
import { AttemptCredentials } from "../src/attempt-credentials.js";
import type { Carrier } from "../src/carrier.js";
import { SignInNeeded } from "../src/problem.js";
import { Session } from "../src/session.js";
import { TokenRenewal } from "../src/token-renewal.js";
import { ManualTiming } from "./manual-timing.js";

let timing: ManualTiming;
let given: number;
let asked: number;
let failure: Error | undefined;
let session: Session;

beforeEach(() => {
  timing = new ManualTiming();
  given = 0;
  asked = 0;
  failure = undefined;
  session = new Session(() => {
    asked += 1;
    if (failure !== undefined) return Promise.reject(failure);
    given += 1;
    return Promise.resolve({ token: `token ${given}`, expiresAt: new Date(timing.now() + 100_000).toISOString() });
  }, timing);
});

describe("the renewal of a token", () => {
  let renewed: string[];
  let answers: boolean;
  let carrier: Carrier | undefined;
  let events: string[];
  let renewal: TokenRenewal;

  beforeEach(async () => {
    renewed = [];
    answers = true;
    events = [];
    carrier = {
      close: () => undefined,
      watch: () => undefined,
      look: () => undefined,
      check: () => Promise.resolve(1),
      renew: (token) => {
        renewed.push(token);
        return Promise.resolve(answers);
      },
    };
    renewal = new TokenRenewal({
      session,
      timing,
      carrier: () => carrier,
      onRefused: () => events.push("refused"),
      onEnded: (reason) => events.push(`ended: ${reason}`),
    });
    await session.current();
    renewal.schedule();
  });

  test("comes after four fifths of its life, over the open carrier, and again for the next one", async () => {
    await timing.advance(79_000);
    expect(renewed).toEqual([]);
    await timing.advance(1_000);
    expect(renewed).toEqual(["token 2"]);

    await timing.advance(80_000);

    expect(renewed).toEqual(["token 2", "token 3"]);
    expect(events).toEqual([]);
  });

  test("is reported when the carrier does not accept the new token", async () => {
    answers = false;

    await timing.advance(80_000);

    expect(events).toEqual(["refused"]);
  });

  test("is not reported when the carrier that did not accept it was replaced meanwhile", async () => {
    const first = carrier;
    let refuse: () => void = () => undefined;
    if (first !== undefined) carrier = { ...first, renew: () => new Promise((resolve) => (refuse = () => resolve(false))) };
    await timing.advance(80_000);

    carrier = first;
    refuse();
    await timing.advance(0);

    expect(events).toEqual([]);
  });

  test("is tried again after a quarter of the remaining life when no token could be had", async () => {
    failure = new Error("no network");
    await timing.advance(80_000);
    expect(renewed).toEqual([]);
    failure = undefined;

    await timing.advance(4_999);
    expect(renewed).toEqual([]);
    await timing.advance(1);

    expect(renewed).toEqual(["token 2"]);
    expect(events).toEqual([]);
  });

  test("is never tried more often than once a second, also when the token has ended", async () => {
    failure = new Error("no network");
    await timing.advance(120_000);
    const before = asked;

    await timing.advance(10_000);

    expect(asked - before).toBe(10);
  });

  test("ends when the member has to sign in again", async () => {
    failure = new SignInNeeded("sign in");

    await timing.advance(80_000);

    expect(events).toEqual(["ended: sign in"]);
    expect(timing.armed).toBe(0);
  });

  test("goes to the carrier that is open when the token is there", async () => {
    const first = carrier;
    const got: string[] = [];
    const renewedByFirst = renewed;
    let release: () => void = () => undefined;
    const slow = new Session(() => {
      given += 1;
      const credential = { token: `token ${given}`, expiresAt: new Date(timing.now() + 100_000).toISOString() };
      return given < 3 ? Promise.resolve(credential) : new Promise((resolve) => (release = () => resolve(credential)));
    }, timing);
    await slow.current();
    const other = new TokenRenewal({ session: slow, timing, carrier: () => carrier, onRefused: () => events.push("refused"), onEnded: () => undefined });
    renewal.stop();
    other.schedule();
    await timing.advance(80_000);

    if (first !== undefined) carrier = { ...first, renew: (token) => Promise.resolve(got.push(token) > 0) };
    release();
    await timing.advance(0);

    expect(renewedByFirst).toEqual([]);
    expect(got).toEqual(["token 3"]);
  });

  test("does not happen without a carrier, nor after the stop", async () => {
    renewal.stop();
    await timing.advance(90_000);
    renewal.schedule();
    carrier = undefined;
    await timing.advance(90_000);

    expect(given).toBe(1);
  });

  test("comes earlier when the server warns", async () => {
    renewal.onWarning(new Date(timing.now() + 40_000).toISOString(), 0);

    await timing.advance(20_000);

    expect(renewed).toEqual(["token 2"]);
  });
});

describe("the token of an attempt", () => {
  test("may be replaced once when the server refused it", async () => {
    const credentials = new AttemptCredentials(session);
    expect(await credentials.token(1)).toBe("token 1");

    expect(await credentials.replace(1)).toBe(true);
    expect(await credentials.token(1)).toBe("token 2");
    expect(await credentials.replace(1)).toBe(false);

    expect(given).toBe(2);
  });

  test("is not asked for anew when another attempt has replaced it already", async () => {
    const credentials = new AttemptCredentials(session);
    await credentials.token(1);
    await credentials.token(2);
    await credentials.replace(1);

    expect(await credentials.replace(2)).toBe(true);

    expect(given).toBe(2);
  });

  test("may be replaced again by the next attempt", async () => {
    const credentials = new AttemptCredentials(session);
    await credentials.token(1);
    await credentials.replace(1);
    credentials.forget(1);

    expect(await credentials.replace(1)).toBe(true);
  });
});
