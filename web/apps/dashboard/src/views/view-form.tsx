import { Button, Checkbox, TextInput } from "@mantine/core";
import type { SavedView } from "@heliograph/client";
import { useState, type ReactNode, type SubmitEvent } from "react";
import { mayDecide } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { useAction } from "../settings/use-action.js";
import { useAnnouncer } from "../shared/announcer.js";
import { Dialog, DialogButtons } from "../shared/dialog.js";
import { useTexts } from "../shared/language.js";
import { markedText } from "../shared/unicode.js";
import { Problem } from "./problem.js";
import { viewsTexts } from "./texts.js";
import { useViewsChanged } from "./use-views.js";
import type { Screen } from "./view-path.js";
import styles from "./views-menu.module.css";

/** The server takes so many characters. */
const MAX_NAME = 60;

interface ViewFormProps {
  readonly screen: Screen;
  /** The search string of what is shown now. */
  readonly search: string;
  /** The view that is changed; without it a new one is saved. */
  readonly view?: SavedView;
  readonly onClose: () => void;
}

/** Saves the filters under a name, or changes a view. */
export function ViewForm({ screen, search, view, onClose }: ViewFormProps): ReactNode {
  const texts = useTexts(viewsTexts);
  const { identity, client } = useSession();
  const { polite } = useAnnouncer();
  const changed = useViewsChanged();
  const action = useAction();
  const [name, setName] = useState(view?.name ?? "");
  const [shared, setShared] = useState(view?.shared ?? false);
  const [withFilters, setWithFilters] = useState(false);
  const given = name.trim();
  const mayShare = mayDecide(identity);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    action.run(async () => {
      try {
        const saved =
          view === undefined
            ? await client.rest.saveView({ name: given, screen, query: search, shared })
            : await client.rest.changeView(view.id, { name: given, shared, ...(withFilters ? { query: search } : {}) }, view.version);
        onClose();
        polite(texts.saved(markedText(saved.name, "line")));
      } finally {
        changed();
      }
    });
  };
  return (
    <Dialog title={view === undefined ? texts.saveTitle : texts.editTitle(markedText(view.name, "line"))} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <TextInput label={texts.name} value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={MAX_NAME} required autoComplete="off" data-autofocus />
        <Checkbox
          label={texts.share}
          description={mayShare ? undefined : texts.viewersShareNone}
          checked={shared}
          disabled={!mayShare}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        {view !== undefined && view.query !== search && <Checkbox label={texts.useFilters} checked={withFilters} onChange={(event) => setWithFilters(event.currentTarget.checked)} />}
        <Problem error={action.error} />
        <DialogButtons>
          <Button variant="default" onClick={onClose}>
            {texts.cancel}
          </Button>
          <Button type="submit" loading={action.busy} disabled={given === ""}>
            {texts.submit}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
