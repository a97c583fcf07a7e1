import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { scopes, type NewApiKey, type Scope, type ShownApiKey } from "@heliograph/client";
import { useState, type ReactNode, type SubmitEvent } from "react";
import { useSession } from "../session/session-context.js";
import { Dialog, DialogButtons } from "../shared/dialog.js";
import { useTexts } from "../shared/language.js";
import { Problem } from "./problem.js";
import { settingsTexts } from "./texts.js";
import { useAction } from "./use-action.js";
import styles from "./settings.module.css";

interface NewKeyProps {
  readonly onShown: (shown: ShownApiKey) => void;
  readonly onClose: () => void;
}

/** Seconds; `never` for a key without an end. */
const expiries = ["never", "86400", "2592000", "7776000", "31536000"] as const;

/** What a key gets only when it is chosen, as over REST. */
const byNameOnly: ReadonlySet<Scope> = new Set(["events:publish", "agents:act-as"]);

/** Makes an API key. */
export function NewKey({ onShown, onClose }: NewKeyProps): ReactNode {
  const texts = useTexts(settingsTexts);
  const { client } = useSession();
  const action = useAction();
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<readonly Scope[]>(scopes.filter((scope) => !byNameOnly.has(scope)));
  const [actAs, setActAs] = useState("");
  const [expiry, setExpiry] = useState<(typeof expiries)[number]>("7776000");
  const actsAs = chosen.includes("agents:act-as");
  const ready = name.trim() !== "" && chosen.length > 0 && (!actsAs || actAs.trim() !== "");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!ready) return;
    const key: NewApiKey = {
      name: name.trim(),
      scopes: chosen,
      ...(actsAs ? { actAs: actAs.trim().split(/[\s,]+/) } : {}),
      ...(expiry === "never" ? {} : { expiresIn: Number(expiry) }),
    };
    action.run(async () => onShown(await client.rest.addApiKey(key)));
  };
  const { newKey, keys } = texts;
  return (
    <Dialog title={keys.create} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label={newKey.name}
          description={newKey.nameText}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={200}
          required
          autoComplete="off"
          data-autofocus
        />
        <Checkbox.Group
          label={newKey.scopes}
          value={[...chosen]}
          onChange={(values) => setChosen(scopes.filter((scope) => values.includes(scope)))}
          error={chosen.length === 0 ? newKey.needed : undefined}
        >
          <div className={styles.choices}>
            {scopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={<span className={styles.code}>{scope}</span>} description={newKey.scopeTexts[scope]} />
            ))}
          </div>
        </Checkbox.Group>
        {actsAs && (
          <TextInput label={newKey.actAs} description={newKey.actAsText} value={actAs} onChange={(event) => setActAs(event.currentTarget.value)} required autoComplete="off" autoCapitalize="off" spellCheck={false} />
        )}
        <NativeSelect label={newKey.expires} value={expiry} onChange={(event) => setExpiry(expiries.find((other) => other === event.currentTarget.value) ?? "never")}>
          {expiries.map((other) => (
            <option key={other} value={other}>
              {newKey.expiries[other]}
            </option>
          ))}
        </NativeSelect>
        <Problem error={action.error} />
        <DialogButtons>
          <Button variant="default" onClick={onClose}>
            {texts.cancel}
          </Button>
          <Button type="submit" loading={action.busy} disabled={!ready}>
            {newKey.submit}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
