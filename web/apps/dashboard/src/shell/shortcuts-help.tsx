import { Kbd, Modal, Switch } from "@mantine/core";
import type { ReactNode } from "react";
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
  [["/"], "search"],
  [[hasCommandKey() ? "⌘" : "Ctrl", "K"], "palette"],
  [["?"], "help"],
];

export function ShortcutsHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactNode {
  const texts = useTexts(shortcutsTexts);
  const [enabled, setEnabled] = useShortcutsEnabled();
  return (
    <Modal opened={opened} onClose={onClose} title={texts.title} centered radius="lg">
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
    </Modal>
  );
}
