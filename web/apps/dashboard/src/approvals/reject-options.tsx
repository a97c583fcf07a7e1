import type { Approval } from "@heliograph/client";
import type { ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { useTexts } from "../shared/language.js";
import { requestTexts } from "./request-texts.js";
import styles from "./decision-panel.module.css";

interface RejectOptionsProps {
  readonly approval: Approval;
  readonly note: string;
  readonly onNote: (note: string) => void;
}

/** Reasons to reject that are put into the note: those that the request suggests, or general ones. */
export function RejectOptions({ approval: { allow, rejectOptions = [] }, note, onNote }: RejectOptionsProps): ReactNode {
  const texts = useTexts(requestTexts);
  if (!allow.reject) return null;
  const options = rejectOptions.length > 0 ? rejectOptions : texts.rejectOptions;
  return (
    <div className={styles.options} role="group" aria-label={texts.suggested}>
      {options.map((option) => (
        <button key={option} type="button" aria-pressed={note === option} onClick={() => onNote(note === option ? "" : option)}>
          <AgentText text={option} kind="line" />
        </button>
      ))}
    </div>
  );
}
