import type { Member, Role } from "@heliograph/client";
import type { ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { useTexts } from "../shared/language.js";
import { Confirm } from "./confirm.js";
import { settingsTexts } from "./texts.js";

interface OwnRoleProps {
  readonly member: Member;
  readonly role: Role;
  readonly onClose: () => void;
}

/** Asks before a member takes rights from itself. The page is loaded again then, with what the new role may do. */
export function OwnRole({ member, role, onClose }: OwnRoleProps): ReactNode {
  const { ownRole, roles } = useTexts(settingsTexts);
  const { client } = useSession();
  const change = async () => {
    await client.rest.changeRole(member.id, role);
    location.reload();
  };
  return (
    <Confirm title={ownRole.title} submit={ownRole.submit(roles[role])} onConfirm={change} onClose={onClose}>
      <p>{ownRole.text(roles[role])}</p>
    </Confirm>
  );
}
