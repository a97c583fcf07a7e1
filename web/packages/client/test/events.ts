import { parseEvent, type AnyEvent } from "../src/events.js";

/** An event as it comes from the wire, at an offset; `at` is in epoch milliseconds. */
export function envelope(offset: number, at = 0): Record<string, unknown> {
  const subject = { type: "agent", id: `agt_${offset}` };
  return { id: `evt_${offset}`, type: "agent:noted", offset, at: new Date(at).toISOString(), actor: { type: "system" }, subject, data: {} };
}

export function event(offset: number, at = 0, epoch = "k1"): AnyEvent {
  const parsed = parseEvent(envelope(offset, at), `${epoch}:${offset}:x`);
  if (parsed === undefined) throw new Error("not an event");
  return parsed;
}

export function offsetsOf(events: readonly AnyEvent[]): readonly number[] {
  return events.map((one) => one.offset);
}
