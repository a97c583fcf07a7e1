import { Kbd, Modal, Switch } from "@mantine/core";
import type { ReactNode } from "react";
import { useShortcutsEnabled } from "../shared/keyboard.js";
import styles from "./shortcuts-help.module.css";

const shortcuts: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["j", "k"], "Next, previous request; in the list also the arrow keys"],
  [["Enter"], "Open the request"],
  [["a"], "Approve; a critical request asks for a word of it first"],
  [["r"], "Reject"],
  [["e"], "Edit the arguments"],
  [["c"], "Claim: tell others that you are on it"],
  [["/"], "Search"],
  [["?"], "Show this list"],
];

export function ShortcutsHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactNode {
  const [enabled, setEnabled] = useShortcutsEnabled();
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" centered radius="lg">
      <dl className={styles.list}>
        {shortcuts.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <Switch
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
        label="Shortcuts are on"
        description="Shortcuts do not apply while you type, or while a menu or dialog is open. A held key acts once."
      />
    </Modal>
  );
}
