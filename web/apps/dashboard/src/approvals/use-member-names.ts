import { useSession } from "../session/session-context.js";
import { useMembers } from "@heliograph/react";
import { useTexts } from "../shared/language.js";
import { approvalsTexts } from "./texts.js";

/** Names of members by id, `You` for the member's own; an id whose name is not known is itself. They are fetched only when they are wanted. */
export function useMemberNames(wanted: boolean): (id: string) => string {
  const { you } = useTexts(approvalsTexts);
  const { identity } = useSession();
  const { members } = useMembers(wanted);
  return (id) => (id === identity.member.id ? you : (members.find((member) => member.id === id)?.name ?? id));
}
