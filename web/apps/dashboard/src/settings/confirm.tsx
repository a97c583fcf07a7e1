import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Dialog, DialogButtons } from "../shared/dialog.js";
import { useTexts } from "../shared/language.js";
import { Problem } from "./problem.js";
import { settingsTexts } from "./texts.js";
import { useAction } from "./use-action.js";
import styles from "./settings.module.css";

interface ConfirmProps {
  readonly title: string;
  /** The text of the button that does it. */
  readonly submit: string;
  /** Does it. Closes the dialog by itself; what it rejects with is shown in the dialog. */
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks before something is done that cannot be undone. Cancel has the focus. */
export function Confirm({ title, submit, onConfirm, onClose, children }: ConfirmProps): ReactNode {
  const texts = useTexts(settingsTexts);
  const action = useAction();
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={styles.form}>
        {children}
        <Problem error={action.error} />
        <DialogButtons>
          <Button variant="default" onClick={onClose} data-autofocus>
            {texts.cancel}
          </Button>
          <Button color="red" loading={action.busy} onClick={() => action.run(onConfirm)}>
            {submit}
          </Button>
        </DialogButtons>
      </div>
    </Dialog>
  );
}
