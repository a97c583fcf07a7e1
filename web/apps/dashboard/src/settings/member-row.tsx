import { Button } from "@mantine/core";
import type { Member, Role } from "@heliograph/client";
import type { ReactNode } from "react";
import { mayAdminister } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { AgentText } from "../shared/agent-text.js";
import { useAnnouncer } from "../shared/announcer.js";
import { Cell, HeadCell, Row } from "../shared/data-table.js";
import { Instant } from "../shared/instant.js";
import { useTexts } from "../shared/language.js";
import { markedText } from "../shared/unicode.js";
import { Problem } from "./problem.js";
import { isLess, mayChange } from "./rights.js";
import { RoleMenu } from "./role-menu.js";
import { makeLink, type MadeLink } from "./sign-in-link.js";
import { settingsTexts } from "./texts.js";
import { useAction } from "./use-action.js";
import styles from "./settings.module.css";

interface MemberRowProps {
  readonly member: Member;
  readonly onLink: (link: MadeLink) => void;
  readonly onRemove: () => void;
  /** The member wants to have fewer rights. */
  readonly onOwnRole: (role: Role) => void;
  readonly onChanged: () => void;
}

export function MemberRow({ member, onLink, onRemove, onOwnRole, onChanged }: MemberRowProps): ReactNode {
  const texts = useTexts(settingsTexts);
  const { identity, client } = useSession();
  const { polite } = useAnnouncer();
  const action = useAction();
  const own = member.id === identity.member.id;
  const name = markedText(member.name, "name");
  const changeable = mayChange(identity, member);
  const changeRole = (role: Role) => {
    if (role === member.role) return;
    if (own && isLess(member.role, role)) {
      onOwnRole(role);
      return;
    }
    action.run(async () => {
      await client.rest.changeRole(member.id, role);
      polite(texts.members.changed(name, texts.roles[role]));
      onChanged();
    });
  };
  return (
    <Row id={member.id}>
      <HeadCell>
        <AgentText text={member.name} kind="name" /> {own && <span className={styles.tag}>{texts.members.you}</span>}
      </HeadCell>
      <Cell label={texts.members.handle}>
        <AgentText text={member.handle} kind="name" />
      </Cell>
      <Cell label={texts.members.role}>
        <div>
          {changeable ? <RoleMenu label={texts.members.roleOf(name)} role={member.role} busy={action.busy} onChange={changeRole} /> : texts.roles[member.role]}
          <Problem error={action.error} />
        </div>
      </Cell>
      <Cell label={texts.members.since}>
        <Instant at={member.createdAt} />
      </Cell>
      {mayAdminister(identity) && (
        <Cell>
          {changeable ? (
            <div className={styles.actions}>
              <Button
                size="compact-sm"
                variant="default"
                loading={action.busy}
                aria-label={texts.members.newLinkFor(name)}
                onClick={() => action.run(async () => onLink(await makeLink(client.rest, member)))}
              >
                {texts.members.newLink}
              </Button>
              <Button size="compact-sm" variant="subtle" color="red" aria-label={texts.members.removeOf(name)} onClick={onRemove}>
                {texts.members.remove}
              </Button>
            </div>
          ) : (
            <span className={styles.hint}>{texts.members.ownerOnly}</span>
          )}
        </Cell>
      )}
    </Row>
  );
}
