import { Button, Radio, TextInput } from "@mantine/core";
import type { Member } from "@heliograph/client";
import { useState, type ReactNode, type SubmitEvent } from "react";
import { useSession } from "../session/session-context.js";
import { AgentText } from "../shared/agent-text.js";
import { Dialog, DialogButtons } from "../shared/dialog.js";
import { useTexts } from "../shared/language.js";
import { markedText } from "../shared/unicode.js";
import { Problem } from "./problem.js";
import { settingsTexts } from "./texts.js";
import { useAction } from "./use-action.js";
import styles from "./settings.module.css";

interface RemoveMemberProps {
  readonly member: Member;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}

/** Removes a member after its handle was typed. */
export function RemoveMember({ member, onRemoved, onClose }: RemoveMemberProps): ReactNode {
  const { removal, cancel } = useTexts(settingsTexts);
  const { identity, client } = useSession();
  const action = useAction();
  const [typed, setTyped] = useState("");
  const [keys, setKeys] = useState<"revoke" | "keep">("revoke");
  const ready = typed.trim().toLowerCase() === member.handle.toLowerCase();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!ready) return;
    action.run(async () => {
      await client.rest.removeMember(member.id, keys);
      onRemoved();
    });
  };
  return (
    <Dialog title={removal.title(markedText(member.name, "name"))} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <p>{member.id === identity.member.id ? removal.own : removal.text}</p>
        <Radio.Group label={removal.keys} value={keys} onChange={(value) => setKeys(value === "keep" ? "keep" : "revoke")}>
          <div className={styles.choices}>
            <Radio value="revoke" label={removal.revokeKeys} />
            <Radio value="keep" label={removal.keepKeys} />
          </div>
        </Radio.Group>
        <TextInput
          label={
            <>
              {removal.confirm}{" "}
              <strong className={styles.code}>
                <AgentText text={member.handle} kind="name" />
              </strong>
            </>
          }
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          data-autofocus
        />
        <Problem error={action.error} />
        <DialogButtons>
          <Button variant="default" onClick={onClose}>
            {cancel}
          </Button>
          <Button type="submit" color="red" loading={action.busy} disabled={!ready}>
            {removal.submit}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
