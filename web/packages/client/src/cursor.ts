/**
 * A place in one workspace's log: everything up to `offset` is known. Offsets of different epochs are never compared.
 * Only this file parses cursors; elsewhere a cursor is an opaque string.
 */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
  /** The cursor as the server made it. */
  readonly cursor: string;
}

/** Parses `epoch:offset:check`; undefined when the text is not a cursor. */
export function parseCursor(cursor: string): Position | undefined {
  const [epoch, digits] = cursor.split(":");
  if (epoch === undefined || epoch === "" || digits === undefined || !/^\d{1,16}$/.test(digits)) return undefined;
  return { epoch, offset: Number(digits), cursor };
}

/** Whether `a` lies after `b` in the same epoch. */
export function isAfter(a: Position, b: Position): boolean {
  return a.epoch === b.epoch && a.offset > b.offset;
}

/** The later of two positions of one epoch; otherwise the first that is defined. */
export function later(a: Position | undefined, b: Position | undefined): Position | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return isAfter(b, a) ? b : a;
}
