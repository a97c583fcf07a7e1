import { jsonTexts, type JsonTexts } from "./json-texts.js";
import { markedText, piecesOf } from "./unicode.js";

/** A JSON value with nothing lost: a number is its digits, an object has the order of its keys. */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | ReadonlyMap<string, Json>;

/** A number as it is written: `1.0`, `9007199254740993`. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Why a text is not taken as JSON: a sentence that names the line. */
export class JsonFault extends Error {}

/** As deep as the server takes. */
const MAX_DEPTH = 100;

/**
 * Reads JSON (RFC 8259). Duplicate keys are refused. With `exactNumbers`, so are numbers that a double does not keep, as by the server:
 * `9007199254740993` would become another number, and `1e400` none at all. Throws JsonFault, with a message in the words of `texts`.
 */
export function readJson(text: string, { exactNumbers, texts = jsonTexts.en }: { readonly exactNumbers: boolean; readonly texts?: JsonTexts }): Json {
  return new Reader(text, exactNumbers, texts).document();
}

const blank = /[ \t\n\r]*/y;
const string = /"(?:[^"\\\u0000-\u001F]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y; // eslint-disable-line no-control-regex
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const name = /true|false|null/y;

class Reader {
  readonly #text: string;
  readonly #exactNumbers: boolean;
  readonly #texts: JsonTexts;
  #at = 0;
  #depth = 0;
  /** The key whose value is read, for messages. */
  #key: string | undefined;

  constructor(text: string, exactNumbers: boolean, texts: JsonTexts) {
    this.#text = text;
    this.#texts = texts;
    this.#exactNumbers = exactNumbers;
  }

  document(): Json {
    const value = this.#value();
    this.#take(blank);
    if (this.#at < this.#text.length) throw this.#fault(this.#texts.behindEnd);
    return value;
  }

  #value(): Json {
    this.#take(blank);
    switch (this.#text[this.#at]) {
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#array());
      case '"':
        return this.#string();
      default: {
        const word = this.#take(name);
        if (word !== undefined) return word === "null" ? null : word === "true";
        return this.#number();
      }
    }
  }

  #nested(read: () => Json): Json {
    if (++this.#depth > MAX_DEPTH) throw this.#fault(this.#texts.tooDeep(MAX_DEPTH));
    this.#at++;
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): ReadonlyMap<string, Json> {
    const fields = new Map<string, Json>();
    if (this.#skip("}")) return fields;
    for (;;) {
      this.#take(blank);
      const key = this.#string(this.#texts.keyExpected);
      if (fields.has(key)) throw this.#fault(this.#texts.keyTwice(quoted(key)));
      if (!this.#skip(":")) throw this.#fault(this.#texts.colonExpected(quoted(key)));
      this.#key = key;
      fields.set(key, this.#value());
      this.#key = undefined;
      if (this.#skip("}")) return fields;
      if (!this.#skip(",")) throw this.#fault(this.#texts.commaOrBrace);
    }
  }

  #array(): readonly Json[] {
    const items: Json[] = [];
    if (this.#skip("]")) return items;
    for (;;) {
      items.push(this.#value());
      if (this.#skip("]")) return items;
      if (!this.#skip(",")) throw this.#fault(this.#texts.commaOrBracket);
    }
  }

  #string(expected = this.#texts.textFault): string {
    const literal = this.#take(string);
    if (literal === undefined) throw this.#fault(expected);
    return JSON.parse(literal) as string;
  }

  #number(): JsonNumber {
    const literal = this.#take(number);
    if (literal === undefined) throw this.#fault(this.#texts.valueExpected);
    if (this.#exactNumbers && !isExact(literal)) {
      this.#at -= literal.length;
      const becomes = Object.is(Number(literal), -0) ? "0" : String(Number(literal));
      const written = shortened(literal);
      const problem = Number.isFinite(Number(literal)) ? this.#texts.numberChanges(written, becomes) : this.#texts.numberTooLarge(written);
      throw this.#fault(this.#key === undefined ? problem : `${quoted(this.#key)}: ${problem}`);
    }
    return new JsonNumber(literal);
  }

  #take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #skip(character: string): boolean {
    this.#take(blank);
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #fault(problem: string): JsonFault {
    const line = this.#text.slice(0, this.#at).split("\n").length;
    return new JsonFault(this.#texts.fault(line, problem));
  }
}

function quoted(key: string): string {
  return `"${shortened(markedText(key, "name"))}"`;
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

/** Whether a number is what its double prints: the server takes no others. */
function isExact(literal: string): boolean {
  const value = Number(literal);
  return Number.isFinite(value) && !Object.is(value, -0) && normalised(String(value)) === normalised(literal);
}

/** One form for all ways to write a number: its digits without zeros at the ends, and the power of ten of the last one. */
function normalised(literal: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(literal) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/** Deeper levels are not indented further. */
const MAX_INDENT = 12;

/** Writes JSON in lines. Characters that would not be seen are escaped, which does not change the value. */
export function writeJson(value: Json, depth = 0): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return writeString(value);
  if (value instanceof JsonNumber) return value.text;
  const items = isList(value) ? value.map((item) => writeJson(item, depth + 1)) : [...value].map(([key, item]) => `${writeString(key)}: ${writeJson(item, depth + 1)}`);
  const [open, close] = isList(value) ? "[]" : "{}";
  if (items.length === 0) return `${open ?? ""}${close ?? ""}`;
  const indent = (levels: number) => "\n" + "  ".repeat(Math.min(levels, MAX_INDENT));
  return `${open ?? ""}${items.map((item) => indent(depth + 1) + item).join(",")}${indent(depth)}${close ?? ""}`;
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function writeString(text: string): string {
  const parts = piecesOf(text, "value").map((piece) => {
    const written = JSON.stringify(piece.text).slice(1, -1);
    return piece.kind === "hidden" ? written.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`) : written;
  });
  return `"${parts.join("")}"`;
}
