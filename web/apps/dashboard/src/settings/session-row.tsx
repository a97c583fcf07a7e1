import { Button } from "@mantine/core";
import type { BrowserSession } from "@heliograph/client";
import type { ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { AgentText } from "../shared/agent-text.js";
import { Cell, HeadCell, Row } from "../shared/data-table.js";
import { useFormats } from "../shared/formats.js";
import { Instant } from "../shared/instant.js";
import { useTexts } from "../shared/language.js";
import { markedText } from "../shared/unicode.js";
import { Problem } from "./problem.js";
import { settingsTexts } from "./texts.js";
import { useAction } from "./use-action.js";
import styles from "./settings.module.css";

interface SessionRowProps {
  readonly session: BrowserSession;
  readonly onEnded: () => void;
}

export function SessionRow({ session, onEnded }: SessionRowProps): ReactNode {
  const { sessions: texts } = useTexts(settingsTexts);
  const { identity, client } = useSession();
  const { dateTime } = useFormats();
  const action = useAction();
  const { member, signedInBy, createdAt, current } = session;
  const end = () =>
    action.run(async () => {
      await client.rest.endSession(session.id);
      onEnded();
    });
  return (
    <Row id={session.id}>
      <HeadCell>
        <AgentText text={member.name} kind="name" /> {member.id === identity.member.id && <span className={styles.tag}>{current ? texts.current : texts.you}</span>}
      </HeadCell>
      <Cell label={texts.opened}>
        <Instant at={createdAt} />
      </Cell>
      <Cell label={texts.expires}>
        <Instant at={session.expiresAt} />
      </Cell>
      <Cell label={texts.link}>
        {signedInBy === undefined ? (
          texts.ownLink
        ) : (
          <span>
            {texts.linkOf} <AgentText text={signedInBy.map(({ name }) => name).join(" → ")} kind="line" />
          </span>
        )}
      </Cell>
      <Cell>
        {!current && (
          <div className={styles.stack}>
            <Button size="compact-sm" variant="default" loading={action.busy} aria-label={texts.endOf(markedText(member.name, "name"), dateTime(createdAt))} onClick={end}>
              {texts.end}
            </Button>
            <Problem error={action.error} />
          </div>
        )}
      </Cell>
    </Row>
  );
}
