import { Kbd, Modal, Switch } from "@mantine/core";
import type { ReactNode } from "react";
import { useShortcutsEnabled } from "../shared/keyboard.js";
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
  [["?"], "help"],
];

export function ShortcutsHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactNode {
  const { title } = useTexts(shortcutsTexts);
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered radius="lg">
      <ShortcutsList />
    </Modal>
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
