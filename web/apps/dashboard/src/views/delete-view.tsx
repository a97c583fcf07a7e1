import { Button } from "@mantine/core";
import type { SavedView } from "@heliograph/client";
import type { ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { useAction } from "../settings/use-action.js";
import { useAnnouncer } from "../shared/announcer.js";
import { Dialog, DialogButtons } from "../shared/dialog.js";
import { useTexts } from "../shared/language.js";
import { markedText } from "../shared/unicode.js";
import { Problem } from "./problem.js";
import { viewsTexts } from "./texts.js";
import { useViewsChanged } from "./use-views.js";
import styles from "./views-menu.module.css";

/** Asks before a view is deleted. Cancel has the focus. */
export function DeleteView({ view, onClose }: { readonly view: SavedView; readonly onClose: () => void }): ReactNode {
  const texts = useTexts(viewsTexts);
  const { client } = useSession();
  const { polite } = useAnnouncer();
  const changed = useViewsChanged();
  const action = useAction();
  const name = markedText(view.name, "line");
  const remove = () =>
    action.run(async () => {
      try {
        await client.rest.deleteView(view.id, view.version);
        onClose();
        polite(texts.deleted(name));
      } finally {
        changed();
      }
    });
  return (
    <Dialog title={texts.deleteTitle(name)} onClose={onClose}>
      <div className={styles.form}>
        <p>{view.shared ? `${texts.deleteShared} ${texts.deleteText}` : texts.deleteText}</p>
        <Problem error={action.error} />
        <DialogButtons>
          <Button variant="default" onClick={onClose} data-autofocus>
            {texts.cancel}
          </Button>
          <Button color="red" loading={action.busy} onClick={remove}>
            {texts.deleteSubmit}
          </Button>
        </DialogButtons>
      </div>
    </Dialog>
  );
}
