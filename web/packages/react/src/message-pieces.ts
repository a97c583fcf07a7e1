import type { AgentMessage, AgentMessageDelta } from "@heliograph/client";

/** Deltas of one message that are kept at most; text behind them shows with the next durable one. */
const MAX_PIECES = 10_000;

/** Pieces of a message that arrived beside its durable text, in any order. */
export interface Pieces {
  /** The durable text has the pieces up to this `rev`, when it does not say so itself. */
  readonly base: number;
  /** By `rev`. */
  readonly texts: ReadonlyMap<number, string>;
}

export function withPiece(known: Pieces | undefined, { rev, append }: AgentMessageDelta): Pieces {
  const { base, texts } = known ?? { base: 0, texts: new Map<number, string>() };
  return rev <= base || texts.size >= MAX_PIECES ? { base, texts } : { base, texts: new Map(texts).set(rev, append) };
}

/** A durable text has replaced what was there: the pieces that came before it are in it. */
export function replaced({ texts }: Pieces, deltaRev: number | undefined): Pieces {
  // An older server does not send `deltaRev`: assume all pieces.
  const base = deltaRev ?? Math.max(0, ...texts.keys());
  return { base, texts: new Map([...texts].filter(([rev]) => rev > base)) };
}

/** The durable text and the pieces that follow it without a gap; what is behind a gap waits for what is missing. */
export function grown(message: AgentMessage, pieces: Pieces | undefined): AgentMessage {
  if (message.state !== "streaming" || pieces === undefined) return message;
  let text = message.text;
  for (let rev = (message.deltaRev ?? pieces.base) + 1; pieces.texts.has(rev); rev++) text += pieces.texts.get(rev) ?? "";
  return { ...message, text };
}
