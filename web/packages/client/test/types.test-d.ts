import { describe, expectTypeOf, test } from "vitest";
import {
  createClient,
  isType,
  type AnyEvent,
  type ApiProblem,
  type Approval,
  type ConnectionSnapshot,
  type EventData,
  type EventType,
  type HeliographClient,
  type HeliographEvent,
  type Status,
} from "../src/index.js";

declare const client: HeliographClient;

describe("events", () => {
  test("a handler knows its event's data", () => {
    client.on("approval:created", (event) => {
      expectTypeOf(event.type).toEqualTypeOf<"approval:created">();
      expectTypeOf(event.data.approval).toEqualTypeOf<Approval>();
      expectTypeOf(event.data.counts.pending).toEqualTypeOf<number>();
    });
    client.on("approval:resolved", ({ data }) => expectTypeOf(data.status).toEqualTypeOf<"approved" | "rejected" | "cancelled">());
  });

  test("an unknown type is not heard by name", () => {
    // @ts-expect-error there is no such event
    client.on("approval:vanished", () => undefined);
  });

  test("an event of another service is heard by name, and its data is unknown", () => {
    client.on("order:shipped", (event) => {
      expectTypeOf(event.type).toEqualTypeOf<string>();
      expectTypeOf(event.data).toEqualTypeOf<unknown>();
    });
  });

  test("the story's seven and one more", () => {
    expectTypeOf<EventType>().toEqualTypeOf<
      | "approval:created"
      | "approval:updated"
      | "approval:resolved"
      | "approval:expired"
      | "agent:status"
      | "agent:message"
      | "notification:new"
      | "notification:read"
    >();
    expectTypeOf<keyof EventData>().toEqualTypeOf<EventType>();
  });

  test("onAny narrows by type", () => {
    client.onAny((event) => {
      expectTypeOf(event).toEqualTypeOf<AnyEvent>();
      if (isType(event, "agent:status")) expectTypeOf(event).toEqualTypeOf<HeliographEvent<"agent:status">>();
    });
  });

  test("events are read-only", () => {
    client.on("agent:message", ({ data }) => {
      // @ts-expect-error what came from the log is not changed
      data.message.text = "";
    });
  });
});

describe("the client", () => {
  test("is a store, and every on has an undo", () => {
    expectTypeOf(client.getState()).toEqualTypeOf<ConnectionSnapshot>();
    expectTypeOf(client.subscribe(() => undefined)).toEqualTypeOf<() => void>();
    expectTypeOf(client.on("agent:status", () => undefined)).toEqualTypeOf<() => void>();
    expectTypeOf(client.connect()).toEqualTypeOf<() => void>();
  });

  test("needs to know how to get a token", () => {
    // @ts-expect-error getToken is missing
    createClient({ url: "https://example.com" });
    expectTypeOf(createClient({ getToken: () => Promise.resolve({ token: "t" }) })).toEqualTypeOf<HeliographClient>();
  });

  test("a status is one of nine", () => {
    expectTypeOf<Status>().toEqualTypeOf<
      "idle" | "connecting" | "live" | "catching_up" | "degraded" | "rest" | "reconnecting" | "offline" | "unauthorized"
    >();
  });

  test("a problem's code completes the catalogue and takes newer ones", () => {
    expectTypeOf<"already_decided">().toExtend<ApiProblem["code"]>();
    expectTypeOf<string>().toExtend<ApiProblem["code"]>();
  });

  test("a decision names its outcome", () => {
    // @ts-expect-error members do not expire approvals
    void client.rest.decide("apr_1", { outcome: "expired", digest: "d" });
  });
});
