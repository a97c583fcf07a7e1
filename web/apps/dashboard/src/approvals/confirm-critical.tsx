import { Button, TextInput } from "@mantine/core";
import type { Approval } from "@heliograph/client";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { useTexts } from "../shared/language.js";
import { confirmWord, isWord } from "./confirm-word.js";
import { DecisionButton, useSettled } from "./decision-button.js";
import { requestTexts } from "./request-texts.js";
import styles from "./confirm-critical.module.css";

interface ConfirmCriticalProps {
  readonly approval: Approval;
  readonly label: string;
  /** No approval can be sent now. */
  readonly blocked: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/**
 * Asks for a word of the request before a critical one is approved. At the top of the page, so that it is not under the pointer that clicked
 * Approve; a click beside it does not close it. The browser's own dialog: nothing of the page behind it can be reached, and the focus returns.
 */
export function ConfirmCritical(form: ConfirmCriticalProps): ReactNode {
  const texts = useTexts(requestTexts).confirm;
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    element?.querySelector("input")?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={title}
      aria-modal
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
        event.preventDefault();
        form.onCancel();
      }}
      onCancel={(event) => {
        // Asked for by other means than the key, such as Back on a phone.
        event.preventDefault();
        form.onCancel();
      }}
      data-testid="confirm-critical"
    >
      <h2 id={title} className={styles.head}>
        {texts.title}
      </h2>
      <ConfirmForm {...form} />
    </dialog>
  );
}

function ConfirmForm({ approval, label, blocked, onConfirm, onCancel }: ConfirmCriticalProps): ReactNode {
  const texts = useTexts(requestTexts).confirm;
  const [text, setText] = useState("");
  const settled = useSettled();
  const word = confirmWord(approval, texts.word);
  const ready = isWord(text, word) && !blocked;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onConfirm();
      }}
    >
      <p className={styles.title}>
        <AgentText text={approval.title} kind="line" />
      </p>
      <TextInput
        label={texts.type(<strong className={styles.word}>{word.word}</strong>)}
        description={texts.explanations[word.source]}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={ignoreHeld}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
      />
      <div className={styles.buttons}>
        <Button variant="default" onClick={onCancel}>
          {texts.cancel}
        </Button>
        <DecisionButton settled={settled} color="red" disabled={!ready} onAct={onConfirm} data-testid="confirm-button">
          {label}
        </DecisionButton>
      </div>
    </form>
  );
}

/** The key that opened the dialog, still held, types nothing; a held Enter sends nothing. */
function ignoreHeld(event: KeyboardEvent): void {
  if (event.repeat && (event.key.length === 1 || event.key === "Enter")) event.preventDefault();
}
