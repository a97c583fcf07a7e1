import { Button } from "@mantine/core";
import { copyText } from "@heliograph/react";
import { useState, type ReactNode } from "react";
import { useTexts } from "../shared/language.js";
import { overviewTexts } from "./texts.js";
import styles from "./overview.module.css";

/** A command with a button that copies it, also over plain HTTP. `what` says what is copied, for screen readers. */
export function CopyBlock({ text, what }: { readonly text: string; readonly what: string }): ReactNode {
  const texts = useTexts(overviewTexts).firstRun;
  const [copied, setCopied] = useState<boolean>();
  return (
    <div className={styles.command}>
      <pre tabIndex={0} role="group" aria-label={what}>
        <code>{text}</code>
      </pre>
      <Button size="compact-sm" variant="default" aria-label={copied === true ? undefined : texts.copyOf(what)} onClick={() => void copyText(text).then(setCopied)}>
        {copied === true ? texts.copied : texts.copy}
      </Button>
      <span role="status" className={copied === false ? styles.quiet : "visually-hidden"}>
        {copied === undefined ? "" : copied ? texts.copied : texts.copyByHand}
      </span>
    </div>
  );
}
