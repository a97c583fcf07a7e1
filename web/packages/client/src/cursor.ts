/**
 * A place in one workspace's log: everything up to `offset` is known. Offsets of different epochs are never compared.
 * This file is the only one that looks into a cursor; everywhere else it is a text to keep and give back.
 */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
  /** The cursor as the server made it. */
  readonly cursor: string;
}

/** Reads `epoch:offset:check`; undefined when it is no cursor of ours. */
export function parseCursor(cursor: string): Position | undefined {
  const [epoch, digits] = cursor.split(":");
  if (epoch === undefined || epoch === "" || digits === undefined || !/^\d{1,16}$/.test(digits)) return undefined;
  return { epoch, offset: Number(digits), cursor };
}

/** Whether `a` lies after `b` in the same epoch. */
export function isAfter(a: Position, b: Position): boolean {
  return a.epoch === b.epoch && a.offset > b.offset;
}

/** The later of two positions; of different epochs, or when one is missing, the first that is there. */
export function later(a: Position | undefined, b: Position | undefined): Position | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return isAfter(b, a) ? b : a;
}
