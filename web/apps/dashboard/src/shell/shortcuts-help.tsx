import { Button, Kbd, Switch } from "@mantine/core";
import type { ReactNode } from "react";
import { Dialog, DialogButtons } from "../shared/dialog.js";
import { hasCommandKey, useShortcutsEnabled } from "../shared/keyboard.js";
import { useTexts } from "../shared/language.js";
import { shortcutsTexts } from "./shortcuts-texts.js";
import styles from "./shortcuts-help.module.css";

const shortcuts: readonly (readonly [keys: readonly string[], what: keyof typeof shortcutsTexts.en.keys])[] = [
  [["j", "k"], "move"],
  [["Enter"], "open"],
  [["a"], "approve"],
  [["r"], "reject"],
  [["e"], "edit"],
  [["c"], "claim"],
  [["x"], "select"],
  [["/"], "search"],
  [[hasCommandKey() ? "⌘" : "Ctrl", "K"], "palette"],
  [["?"], "help"],
];

export function ShortcutsHelp({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { title, close } = useTexts(shortcutsTexts);
  return (
    <Dialog title={title} onClose={onClose}>
      <ShortcutsList />
      <DialogButtons>
        <Button variant="default" onClick={onClose} data-autofocus>
          {close}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

/** The keys, and the switch that turns them off. */
export function ShortcutsList(): ReactNode {
  const texts = useTexts(shortcutsTexts);
  const [enabled, setEnabled] = useShortcutsEnabled();
  return (
    <>
      <dl className={styles.list}>
        {shortcuts.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{texts.keys[what]}</dd>
          </div>
        ))}
      </dl>
      <Switch
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
        label={texts.on}
        description={texts.onText}
      />
    </>
  );
}
