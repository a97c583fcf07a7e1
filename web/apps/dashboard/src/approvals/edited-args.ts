import { JsonText } from "@heliograph/client";
import { JsonFault, readJson, writeJson } from "../shared/exact-json.js";
import { jsonTexts, type JsonTexts } from "../shared/json-texts.js";
import { useTexts } from "../shared/language.js";
import { requestTexts, type RequestTexts } from "./request-texts.js";

/** The arguments as a text to edit. Characters that would not be seen are escaped; all else is as the server wrote it. */
export function editableArgs(args: string): string {
  try {
    return writeJson(readJson(args, { exactNumbers: false }));
  } catch {
    return args;
  }
}

/** What an edited text stands for: arguments that are sent as they are written, none when nothing was changed, or why it is refused. */
export type EditedArgs = { readonly args?: JsonText } | { readonly fault: string };

/** The words for what is wrong with edited arguments. */
export interface EditTexts {
  readonly argsNull: RequestTexts["argsNull"];
  readonly json: JsonTexts;
}

export function useEditTexts(): EditTexts {
  return { argsNull: useTexts(requestTexts).argsNull, json: useTexts(jsonTexts) };
}

export function editedArgs(text: string, original: string, { argsNull, json }: EditTexts): EditedArgs {
  if (text === editableArgs(original)) return {};
  try {
    if (readJson(text, { exactNumbers: true, texts: json }) === null) return { fault: argsNull };
    return { args: new JsonText(text) };
  } catch (error) {
    if (error instanceof JsonFault) return { fault: error.message };
    throw error;
  }
}
