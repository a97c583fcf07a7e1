import { useSession } from "../session/session-context.js";
import { useMembers } from "@heliograph/react";

/** Names of members by id, "You" for the member's own; an id whose name is not known is itself. They are fetched only when they are wanted. */
export function useMemberNames(wanted: boolean): (id: string) => string {
  const { identity } = useSession();
  const { members } = useMembers(wanted);
  return (id) => (id === identity.member.id ? "You" : (members.find((member) => member.id === id)?.name ?? id));
}
