import { Textarea } from "@mantine/core";
import { JsonText } from "@heliograph/client";
import type { ReactNode } from "react";
import { JsonFault, readJson, writeJson } from "../shared/exact-json.js";
import { jsonTexts, type JsonTexts } from "../shared/json-texts.js";
import { useTexts } from "../shared/language.js";
import { requestTexts, type RequestTexts } from "./request-texts.js";
import styles from "./args-editor.module.css";

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

interface ArgsEditorProps {
  readonly value: string;
  readonly original: string;
  /** Whether it can still be sent; afterwards the text is shown only. */
  readonly pending: boolean;
  readonly readOnly: boolean;
  readonly onChange: (text: string) => void;
}

/** The field for arguments to approve instead. */
export function ArgsEditor({ value, original, pending, readOnly, onChange }: ArgsEditorProps): ReactNode {
  const texts = useTexts(requestTexts);
  const edited = editedArgs(value, original, useEditTexts());
  const about = pending
    ? { label: texts.argsToApprove, description: texts.argsToApproveText, error: "fault" in edited ? edited.fault : undefined }
    : { label: texts.unsentArgs };
  return (
    <Textarea
      {...about}
      className={styles.field}
      classNames={{ input: styles.code }}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      readOnly={readOnly || !pending}
      autosize
      minRows={4}
      maxRows={16}
      spellCheck={false}
    />
  );
}
