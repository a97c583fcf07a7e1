import { randomBytes } from "node:crypto";

const PREFIX = "hgmk";
const MARKER = new RegExp(`^${PREFIX}[0-9a-f]{16}$`);
const LETTERS = PREFIX.length + 16;

/** A text that stands nowhere but where it is planted. */
export function newMarker(): string {
  return PREFIX + randomBytes(8).toString("hex");
}

/** Searches streams of bytes for markers of others than their owner. */
export class MarkerWatch {
  readonly #own: string;
  /** The end of what passed of each stream, as a marker may come in two parts. */
  readonly #tails = new Map<number, Buffer>();
  /** Foreign markers, as often as they were seen. */
  readonly foreign: string[] = [];
  /** How often the owner's marker was seen: a watch that sees nothing shows nothing. */
  own = 0;

  constructor(own: string) {
    this.#own = own;
  }

  look(chunk: Buffer, stream: number): void {
    const tail = this.#tails.get(stream);
    const bytes = tail === undefined ? chunk : Buffer.concat([tail, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(PREFIX); at >= 0 && at + LETTERS <= bytes.length; at = bytes.indexOf(PREFIX, from)) {
      const text = bytes.toString("latin1", at, at + LETTERS);
      const marker = MARKER.test(text);
      if (marker) this.#found(text);
      from = at + (marker ? LETTERS : 1);
    }
    this.#tails.set(stream, Buffer.from(bytes.subarray(Math.max(from, bytes.length - LETTERS + 1))));
  }

  /** One whole text, such as a response. */
  lookAt(text: string): void {
    for (const [marker] of text.matchAll(/hgmk[0-9a-f]{16}/g)) this.#found(marker);
  }

  #found(marker: string): void {
    if (marker === this.#own) this.own += 1;
    else this.foreign.push(marker);
  }
}
