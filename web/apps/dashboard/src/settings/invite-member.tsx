import { Button, NativeSelect, TextInput } from "@mantine/core";
import type { Member, Role } from "@heliograph/client";
import { useState, type ReactNode, type SubmitEvent } from "react";
import { useSession } from "../session/session-context.js";
import { Dialog, DialogButtons } from "../shared/dialog.js";
import { useTexts } from "../shared/language.js";
import { Problem } from "./problem.js";
import { grantable } from "./rights.js";
import { makeLink, type MadeLink } from "./sign-in-link.js";
import { settingsTexts } from "./texts.js";
import { useAction } from "./use-action.js";
import styles from "./settings.module.css";

interface InviteMemberProps {
  /** The member is there; its link is not yet. */
  readonly onAdded: () => void;
  readonly onLink: (link: MadeLink) => void;
  readonly onClose: () => void;
}

/** Adds a member and makes its first sign-in link. */
export function InviteMember({ onAdded, onLink, onClose }: InviteMemberProps): ReactNode {
  const texts = useTexts(settingsTexts);
  const { identity, client } = useSession();
  const action = useAction();
  const [handle, setHandle] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const [added, setAdded] = useState<Member>();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    action.run(async () => {
      const given = name.trim();
      const member = added ?? (await client.rest.addMember({ handle: handle.trim(), role, ...(given === "" ? {} : { name: given }) }));
      if (added === undefined) {
        setAdded(member);
        onAdded();
      }
      onLink(await makeLink(client.rest, member));
    });
  };
  const { invitation } = texts;
  return (
    <Dialog title={texts.members.invite} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label={invitation.handle}
          description={invitation.handleText}
          value={handle}
          onChange={(event) => setHandle(event.currentTarget.value)}
          readOnly={added !== undefined}
          maxLength={200}
          required
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          data-autofocus
        />
        <TextInput label={invitation.name} value={name} onChange={(event) => setName(event.currentTarget.value)} readOnly={added !== undefined} maxLength={200} autoComplete="off" />
        <NativeSelect label={texts.members.role} description={texts.roleTexts[role]} value={role} disabled={added !== undefined} onChange={(event) => setRole(asRole(event.currentTarget.value))}>
          {grantable(identity.member.role).map((other) => (
            <option key={other} value={other}>
              {texts.roles[other]}
            </option>
          ))}
        </NativeSelect>
        {added === undefined || action.error === null ? (
          <Problem error={action.error} />
        ) : (
          <p className={styles.problem} role="alert">
            {invitation.linkFailed(action.error.message)}
          </p>
        )}
        <DialogButtons>
          <Button variant="default" onClick={onClose}>
            {added === undefined ? texts.cancel : texts.close}
          </Button>
          <Button type="submit" loading={action.busy} disabled={handle.trim() === ""}>
            {added === undefined ? invitation.submit : texts.members.newLink}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function asRole(value: string): Role {
  return grantable("owner").find((role) => role === value) ?? "viewer";
}
