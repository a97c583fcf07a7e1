import { Skeleton, Textarea } from "@mantine/core";
import { Suspense, useState, type ReactNode } from "react";
import { Boundary } from "../shared/boundary.js";
import { readJson } from "../shared/exact-json.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { editedArgs, useEditTexts } from "./edited-args.js";
import { requestTexts } from "./request-texts.js";
import toolStyles from "./json-view.module.css";
import styles from "./args-editor.module.css";

const form = lazyPart(() => import("./schema-form.js").then(({ SchemaForm }) => SchemaForm));
const changes = lazyPart(() => import("./edit-changes.js").then(({ EditChanges }) => EditChanges));

interface ArgsEditorProps {
  readonly value: string;
  readonly original: string;
  /** JSON Schema of the arguments: with it, they can be edited as a form. */
  readonly schema: Readonly<Record<string, unknown>> | undefined;
  /** Whether it can still be sent; afterwards the text is shown only. */
  readonly pending: boolean;
  readonly readOnly: boolean;
  readonly onChange: (text: string) => void;
}

/** The field for arguments to approve instead, as a text or as a form that writes this text, and what they change. */
export function ArgsEditor({ value, original, schema, pending, readOnly, onChange }: ArgsEditorProps): ReactNode {
  const texts = useTexts(requestTexts);
  const edited = editedArgs(value, original, useEditTexts());
  const fault = "fault" in edited ? edited.fault : undefined;
  const isJson = canRead(value);
  const [asForm, setAsForm] = useState(isJson);
  const formOffered = schema !== undefined && pending;
  const formShown = formOffered && asForm;
  const about = pending ? { label: texts.argsToApprove, description: texts.argsToApproveText, error: fault } : { label: texts.unsentArgs };
  const field = (
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
  return (
    <div className={styles.editor} data-editing={pending || undefined}>
      {formOffered && (
        <div className={toolStyles.tools} role="group" aria-label={texts.editor.editAs}>
          <button type="button" aria-pressed={formShown} disabled={!isJson} onClick={() => setAsForm(true)}>
            {texts.editor.form}
          </button>
          <button type="button" aria-pressed={!formShown} onClick={() => setAsForm(false)}>
            {texts.editor.text}
          </button>
          {!isJson && <span>{texts.editor.noJson}</span>}
        </div>
      )}
      {formShown ? (
        <Boundary name={texts.parts.editor} fallback={field}>
          <Suspense fallback={<Skeleton height={120} />}>
            <form.Part schema={schema} original={original} value={value} fault={fault} readOnly={readOnly} onChange={onChange}>
              {field}
            </form.Part>
          </Suspense>
        </Boundary>
      ) : (
        field
      )}
      {pending && "args" in edited && (
        <Boundary name={texts.parts.edits}>
          <Suspense fallback={null}>
            <changes.Part before={original} after={value} />
          </Suspense>
        </Boundary>
      )}
    </div>
  );
}

/** Whether a text is JSON, whatever the server thinks of its numbers. */
function canRead(text: string): boolean {
  try {
    readJson(text, { exactNumbers: false });
    return true;
  } catch {
    return false;
  }
}
