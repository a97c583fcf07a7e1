import { Button } from "@mantine/core";
import type { Member, Role } from "@heliograph/client";
import { useMembers } from "@heliograph/react";
import { IconUserPlus } from "@tabler/icons-react";
import { useRef, useState, type ReactNode } from "react";
import { mayAdminister } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { useAnnouncer } from "../shared/announcer.js";
import { DataTable } from "../shared/data-table.js";
import { useTexts } from "../shared/language.js";
import { markedText } from "../shared/unicode.js";
import { InviteMember } from "./invite-member.js";
import { MemberRow } from "./member-row.js";
import { OwnRole } from "./own-role.js";
import { NoRows } from "./problem.js";
import { RemoveMember } from "./remove-member.js";
import { Section } from "./section.js";
import { SignInLink, type MadeLink } from "./sign-in-link.js";
import { settingsTexts } from "./texts.js";

type Open =
  | { readonly dialog: "invite" }
  | { readonly dialog: "link"; readonly link: MadeLink }
  | { readonly dialog: "remove"; readonly member: Member }
  | { readonly dialog: "own-role"; readonly member: Member; readonly role: Role };

/** The members of the workspace. Owners and admins change them. */
export function MembersSection(): ReactNode {
  const texts = useTexts(settingsTexts);
  const { identity } = useSession();
  const { polite } = useAnnouncer();
  const { members, isLoading, error, refetch } = useMembers();
  const [open, setOpen] = useState<Open>();
  const heading = useRef<HTMLHeadingElement>(null);
  const administers = mayAdminister(identity);
  const close = () => setOpen(undefined);
  const onLink = (link: MadeLink) => setOpen({ dialog: "link", link });
  const onRemoved = (member: Member) => {
    close();
    // The member's own session has ended with it.
    if (member.id === identity.member.id) location.reload();
    polite(texts.members.removed(markedText(member.name, "name")));
    refetch();
    requestAnimationFrame(() => heading.current?.focus());
  };
  const { name, handle, role, since, actions } = texts.members;
  return (
    <Section
      heading={heading}
      title={texts.sections.members}
      text={texts.members.text}
      action={
        administers && (
          <Button leftSection={<IconUserPlus size={17} aria-hidden />} onClick={() => setOpen({ dialog: "invite" })}>
            {texts.members.invite}
          </Button>
        )
      }
    >
      {members.length === 0 && (isLoading || error !== null) ? (
        <NoRows error={error} onReload={refetch} />
      ) : (
        <DataTable label={texts.sections.members} columns={administers ? [name, handle, role, since, actions] : [name, handle, role, since]} lastIsActions={administers}>
          {members.map((member) => (
            <MemberRow
              key={member.id}
              member={member}
              onLink={onLink}
              onRemove={() => setOpen({ dialog: "remove", member })}
              onOwnRole={(next) => setOpen({ dialog: "own-role", member, role: next })}
              onChanged={refetch}
            />
          ))}
        </DataTable>
      )}
      {open?.dialog === "invite" && <InviteMember onAdded={refetch} onLink={onLink} onClose={close} />}
      {open?.dialog === "link" && <SignInLink link={open.link} onClose={close} />}
      {open?.dialog === "remove" && <RemoveMember member={open.member} onRemoved={() => onRemoved(open.member)} onClose={close} />}
      {open?.dialog === "own-role" && <OwnRole member={open.member} role={open.role} onClose={close} />}
    </Section>
  );
}
