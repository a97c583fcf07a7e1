import { catalogue } from "./language.js";

/** Why a text is not taken as JSON. Keys come in quotes. */
export const jsonTexts = catalogue(
  {
    fault: (line: number, problem: string) => `Line ${line}: ${problem}.`,
    behindEnd: "something follows the end of the JSON",
    tooDeep: (levels: number) => `it is nested deeper than ${levels} levels`,
    keyExpected: "a key in double quotes is expected",
    keyTwice: (key: string) => `the key ${key} is there twice`,
    colonExpected: (key: string) => `a colon is expected after the key ${key}`,
    commaOrBrace: "a comma or } is expected",
    commaOrBracket: "a comma or ] is expected",
    textFault: "this text has no end, or a character or escape that JSON does not have",
    valueExpected: "a value is expected",
    numberChanges: (number: string, becomes: string) => `the number ${number} would become ${becomes}. Write it as text, in double quotes`,
    numberTooLarge: (number: string) => `the number ${number} is too large. Write it as text, in double quotes`,
  },
  () => import("./json-texts.de.js").then(({ german }) => german),
);

export type JsonTexts = typeof jsonTexts.en;
