import { isAfter, parseCursor, type Position } from "./cursor.js";
import type { AnyEvent } from "./events.js";

/** How many events are kept for lists that are still being fetched. */
const MAX_KEPT = 2_000;

/**
 * The events of the log as this client has them: each once, in order. Remembers where it began and the newest of them, so that a list
 * that was fetched meanwhile can be brought up to date.
 */
export class Stream {
  #start: Position | undefined;
  #position: Position | undefined;
  #kept: AnyEvent[] = [];
  /** Everything after this is in `#kept`. */
  #floor: Position | undefined;

  /** Everything after this was delivered; undefined before the first cursor. */
  get start(): Position | undefined {
    return this.#start;
  }

  /** Everything up to this was delivered. */
  get position(): Position | undefined {
    return this.#position;
  }

  /** Starts at a list's cursor, if it has not started yet. */
  seed(asOf: string): void {
    if (this.#position === undefined) this.begin(asOf);
  }

  /** Starts, or restarts after a reset. */
  begin(cursor: string): void {
    const position = parseCursor(cursor) ?? { epoch: "", offset: 0, cursor };
    this.#start = position;
    this.#position = position;
    this.#floor = position;
    this.#kept = [];
  }

  /** False when the event was delivered before, or belongs to another epoch. */
  accept(event: AnyEvent): boolean {
    const last = this.#position;
    if (last === undefined) this.#start = this.#floor = { ...event.position, offset: event.offset - 1 };
    else if (!isAfter(event.position, last)) return false;
    this.#position = event.position;
    this.#kept.push(event);
    if (this.#kept.length > MAX_KEPT * 2) {
      this.#floor = this.#kept[MAX_KEPT - 1]?.position;
      this.#kept = this.#kept.slice(MAX_KEPT);
    }
    return true;
  }

  /** Moves the position to a cursor up to which everything was delivered; events of other members leave gaps. */
  advance(cursor: string): void {
    const position = parseCursor(cursor);
    if (position === undefined) return;
    if (this.#position === undefined) this.begin(cursor);
    else if (isAfter(position, this.#position)) this.#position = position;
  }

  /** The delivered events after a list's cursor; undefined when some of them are not kept or were not received: fetch the list again. */
  since(asOf: string): readonly AnyEvent[] | undefined {
    const from = parseCursor(asOf);
    const floor = this.#floor;
    if (floor === undefined) return [];
    if (from?.epoch !== floor.epoch || from.offset < floor.offset) return undefined;
    return this.#kept.filter((event) => event.offset > from.offset);
  }
}
