import { eventShapes, type AgentMessageDelta, type Envelope, type EventData, type Subject } from "./contract.js";
import { parseCursor, type Position } from "./cursor.js";
import { mismatch } from "./validation.js";

export type EventType = keyof EventData;

/** One durable event of a known type, with its position in the log. */
export type HeliographEvent<T extends EventType = EventType> = {
  [K in T]: Envelope & { readonly type: K; readonly subject: Subject; readonly data: EventData[K]; readonly position: Position };
}[T];

/** A durable event that this version does not know, or whose data is not what the contract says (`problem`). */
export interface UnknownEvent extends Envelope {
  readonly position: Position;
  readonly problem?: string;
}

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
  const problem = known.subject === undefined ? "subject is missing" : mismatch(known.data, eventShapes[known.type]);
  return problem === undefined ? event : { ...event, problem };
}

/** Whether the event is of a type of the contract and its data is what the contract says. */
export function isKnown(event: AnyEvent): event is HeliographEvent {
  return isEventType(event.type) && (event as UnknownEvent).problem === undefined;
}

export function isType<T extends EventType>(event: AnyEvent, type: T): event is HeliographEvent<T> {
  return event.type === type && isKnown(event);
}

/** Parses a volatile delta; undefined when it is not one. */
export function parseDelta(value: unknown): AgentMessageDelta | undefined {
  return mismatch(value, "#AgentMessageDelta") === undefined ? (value as AgentMessageDelta) : undefined;
}

/** Whether the contract has events of this type. */
export function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventShapes, type);
}
