import type { SavedView } from "@heliograph/client";
import { IconBookmarks } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useTexts } from "../shared/language.js";
import { PopupPanel, usePopup } from "../shared/popup.js";
import { DeleteView } from "./delete-view.js";
import { viewsTexts } from "./texts.js";
import { ViewForm } from "./view-form.js";
import { ViewsList } from "./views-list.js";
import type { ViewsProps } from "./views.js";
import styles from "./views-menu.module.css";

/** What is open above the menu's place. */
type Open = { readonly dialog: "save" } | { readonly dialog: "edit" | "delete"; readonly view: SavedView };

/** The button that lists the saved views of a screen, and the dialogs that change them. */
export function ViewsMenu({ screen, search, hrefOf }: ViewsProps): ReactNode {
  const texts = useTexts(viewsTexts);
  const { opened, toggle, close, dismiss, root, button } = usePopup();
  const [open, setOpen] = useState<Open>();
  const show = (next: Open) => {
    // First, so that the focus returns to the button when the dialog closes.
    dismiss();
    setOpen(next);
  };
  const closeDialog = () => setOpen(undefined);
  return (
    <>
      <div ref={root}>
        <button
          ref={button}
          type="button"
          className={styles.button}
          aria-label={texts.title}
          title={texts.title}
          aria-haspopup="dialog"
          aria-expanded={opened}
          onClick={toggle}
          data-testid="views"
        >
          <IconBookmarks size={17} stroke={1.8} aria-hidden />
        </button>
        {opened && (
          <PopupPanel role="dialog" label={texts.title} className={styles.panel}>
            <ViewsList
              screen={screen}
              search={search}
              hrefOf={hrefOf}
              onChosen={close}
              onSave={() => show({ dialog: "save" })}
              onEdit={(view) => show({ dialog: "edit", view })}
              onDelete={(view) => show({ dialog: "delete", view })}
            />
          </PopupPanel>
        )}
      </div>
      {open?.dialog === "save" && <ViewForm screen={screen} search={search} onClose={closeDialog} />}
      {open?.dialog === "edit" && <ViewForm screen={screen} search={search} view={open.view} onClose={closeDialog} />}
      {open?.dialog === "delete" && <DeleteView view={open.view} onClose={closeDialog} />}
    </>
  );
}
