import { Button, TextInput } from "@mantine/core";
import { copyText } from "@heliograph/react";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useTexts } from "../shared/language.js";
import { settingsTexts } from "./texts.js";
import styles from "./settings.module.css";

/** A text that is shown once, with a button that copies it. */
export function CopyField({ label, text }: { readonly label: string; readonly text: string }): ReactNode {
  return (
    <div className={styles.copyField}>
      <TextInput label={label} value={text} readOnly data-autofocus classNames={{ input: styles.code ?? "" }} onFocus={(event) => event.currentTarget.select()} />
      <CopyButton text={text} />
    </div>
  );
}

/** Copies a text, also over plain HTTP, and says whether it did. */
export function CopyButton({ text }: { readonly text: string }): ReactNode {
  const texts = useTexts(settingsTexts);
  const [copied, setCopied] = useState<boolean>();
  return (
    <div className={styles.copy}>
      <Button variant="default" leftSection={copied === true ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />} onClick={() => void copyText(text).then(setCopied)}>
        {texts.copy}
      </Button>
      <span role="status">{copied === undefined ? "" : copied ? texts.copied : texts.notCopied}</span>
    </div>
  );
}
