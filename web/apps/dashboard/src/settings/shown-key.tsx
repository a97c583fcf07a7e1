import { Button, Tabs } from "@mantine/core";
import type { ShownApiKey } from "@heliograph/client";
import type { ReactNode } from "react";
import { Dialog, DialogButtons } from "../shared/dialog.js";
import { useTexts } from "../shared/language.js";
import { markedText } from "../shared/unicode.js";
import { CopyButton, CopyField } from "./copy-field.js";
import { snippets } from "./snippets.js";
import { settingsTexts } from "./texts.js";
import styles from "./settings.module.css";

/** Shows a new key, once, and how to use it. */
export function ShownKey({ shown: { key, secret }, onClose }: { readonly shown: ShownApiKey; readonly onClose: () => void }): ReactNode {
  const { shownKey, close } = useTexts(settingsTexts);
  const asks = key.scopes.includes("approvals:create");
  return (
    <Dialog title={shownKey.title(markedText(key.name, "name"))} onClose={onClose}>
      <div className={styles.form}>
        {secret === undefined ? (
          <p className={styles.problem} role="alert">
            {shownKey.again}
          </p>
        ) : (
          <>
            <p>{shownKey.text}</p>
            <CopyField label={shownKey.label} text={secret} />
            <h3>{shownKey.try}</h3>
            {asks ? <Snippets secret={secret} /> : <p className={styles.hint}>{shownKey.noTry}</p>}
          </>
        )}
        <DialogButtons>
          <Button onClick={onClose}>{close}</Button>
        </DialogButtons>
      </div>
    </Dialog>
  );
}

function Snippets({ secret }: { readonly secret: string }): ReactNode {
  const { shownKey } = useTexts(settingsTexts);
  const examples = snippets(location.origin, secret);
  return (
    <>
      <p className={styles.hint}>{shownKey.tryText}</p>
      <Tabs defaultValue={examples[0]?.language ?? null}>
        <Tabs.List>
          {examples.map(({ language }) => (
            <Tabs.Tab key={language} value={language}>
              {language}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {examples.map(({ language, code }) => (
          <Tabs.Panel key={language} value={language}>
            <div className={styles.snippet}>
              <pre tabIndex={0} role="region" aria-label={shownKey.code(language)}>
                {code}
              </pre>
              <CopyButton text={code} />
            </div>
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
