import { eventShapes, type AgentMessageDelta, type Envelope, type EventData, type Subject } from "./contract.js";
import type { CustomEvents } from "./custom-events.js";
import { parseCursor, type Position } from "./cursor.js";
import { mismatch } from "./validation.js";

export type EventType = keyof EventData;

/** One durable event of a known type, with its position in the log. */
export type HeliographEvent<T extends EventType = EventType> = {
  [K in T]: Envelope & { readonly type: K; readonly subject: Subject; readonly data: EventData[K]; readonly position: Position };
}[T];

/** A type of `CustomEvents`. */
export type CustomEventType = Exclude<keyof CustomEvents, EventType>;

/** Beginnings of types that only Heliograph itself uses, before the colon. */
export type ReservedFamily =
  | "agent"
  | "approval"
  | "auth"
  | "clock"
  | "closing"
  | "comment"
  | "drain"
  | "grant"
  | "notification"
  | "presence"
  | "reset"
  | "rule"
  | "stop"
  | "topics";

/** `T`, where it can be the type of an event of your own, such as `order:shipped`. */
export type CustomName<T extends string> = T extends `${ReservedFamily}:${string}` ? never : T extends `${string}:${string}` ? T : never;

/** A durable event that this version does not know, or whose data is not what the contract says (`problem`). */
export interface UnknownEvent extends Envelope {
  readonly position: Position;
  readonly problem?: string;
}

/** One durable event of your own. Its data is `unknown` when `CustomEvents` does not have the type. */
export interface CustomEvent<T extends string> extends UnknownEvent {
  readonly type: T;
  readonly data: T extends keyof CustomEvents ? CustomEvents[T] : unknown;
}

/** What a handler of the type gets. */
export type EventOf<T extends string> = T extends EventType ? HeliographEvent<T> : CustomEvent<T>;

export type AnyEvent = HeliographEvent | UnknownEvent;

/** Events that arrived together, in the order of the log. */
export interface EventBatch {
  readonly events: readonly AnyEvent[];
  /** Whether they were missed while disconnected. A user interface shows one summary instead of one notification each. */
  readonly replayed: boolean;
  /**
   * The events are live and no page that shares the connection is visible. One of those pages hears it, so that one of them shows a notification
   * of the desktop.
   */
  readonly unattended?: true;
}

/** Parses a durable event; undefined when it is not an envelope with a cursor. */
export function parseEvent(envelope: unknown, cursor: string): AnyEvent | undefined {
  if (mismatch(envelope, "#Envelope") !== undefined) return undefined;
  const known = envelope as Envelope;
  const parsed = parseCursor(cursor);
  if (parsed === undefined) return undefined;
  const event = { ...known, position: { epoch: parsed.epoch, offset: known.offset, cursor } };
  if (!isEventType(known.type)) return event;
  const problem = mismatch(known.subject, "#Subject", "subject") ?? mismatch(known.data, eventShapes[known.type]);
  return problem === undefined ? event : { ...event, problem };
}

/** Whether the event is of a type of the contract and its data is what the contract says. */
export function isKnown(event: AnyEvent): event is HeliographEvent {
  return isEventType(event.type) && (event as UnknownEvent).problem === undefined;
}

/** Whether the event is of this type: of the contract, with the data that it says, or one of your own. */
export function isType<T extends EventType>(event: AnyEvent, type: T): event is HeliographEvent<T>;
export function isType<T extends string>(event: AnyEvent, type: CustomName<T>): event is CustomEvent<CustomName<T>>;
export function isType(event: AnyEvent, type: string): boolean {
  return event.type === type && (event as UnknownEvent).problem === undefined;
}

/** Parses a volatile delta; undefined when it is not one. */
export function parseDelta(value: unknown): AgentMessageDelta | undefined {
  return mismatch(value, "#AgentMessageDelta") === undefined ? (value as AgentMessageDelta) : undefined;
}

/** Whether the contract has events of this type. */
export function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventShapes, type);
}
