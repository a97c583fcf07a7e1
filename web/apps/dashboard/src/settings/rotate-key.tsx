import { Button, NativeSelect } from "@mantine/core";
import type { ApiKey, ShownApiKey } from "@heliograph/client";
import { useState, type ReactNode, type SubmitEvent } from "react";
import { useSession } from "../session/session-context.js";
import { Dialog, DialogButtons } from "../shared/dialog.js";
import { useTexts } from "../shared/language.js";
import { markedText } from "../shared/unicode.js";
import { Problem } from "./problem.js";
import { settingsTexts } from "./texts.js";
import { useAction } from "./use-action.js";
import styles from "./settings.module.css";

interface RotateKeyProps {
  readonly apiKey: ApiKey;
  readonly onShown: (shown: ShownApiKey) => void;
  readonly onClose: () => void;
}

/** How long both keys work, in seconds. */
const overlaps = ["0", "3600", "86400", "604800"] as const;

/** Replaces an API key by a new one. */
export function RotateKey({ apiKey, onShown, onClose }: RotateKeyProps): ReactNode {
  const { rotation, cancel } = useTexts(settingsTexts);
  const { client } = useSession();
  const action = useAction();
  const [overlap, setOverlap] = useState<(typeof overlaps)[number]>("86400");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    action.run(async () => onShown(await client.rest.rotateApiKey(apiKey.id, Number(overlap))));
  };
  return (
    <Dialog title={rotation.title(markedText(apiKey.name, "name"))} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <p>{rotation.text}</p>
        <NativeSelect label={rotation.overlap} value={overlap} onChange={(event) => setOverlap(overlaps.find((other) => other === event.currentTarget.value) ?? "86400")} data-autofocus>
          {overlaps.map((other) => (
            <option key={other} value={other}>
              {rotation.overlaps[other]}
            </option>
          ))}
        </NativeSelect>
        <Problem error={action.error} />
        <DialogButtons>
          <Button variant="default" onClick={onClose}>
            {cancel}
          </Button>
          <Button type="submit" loading={action.busy}>
            {rotation.submit}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
