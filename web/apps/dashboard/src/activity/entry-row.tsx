import type { AuditEntry } from "@heliograph/client";
import { memo, type ReactNode } from "react";
import { Link } from "wouter";
import { useAgentNames } from "../agents/use-agent-name.js";
import { AgentText } from "../shared/agent-text.js";
import { Cell, HeadCell, Row } from "../shared/data-table.js";
import { Instant } from "../shared/instant.js";
import { useTexts } from "../shared/language.js";
import { entryText, own, subjectHref } from "./entry-text.js";
import { activityTexts } from "./texts.js";
import styles from "./activity.module.css";

/** One entry of the audit trail. */
export const EntryRow = memo(function EntryRow({ entry }: { readonly entry: AuditEntry }): ReactNode {
  const texts = useTexts(activityTexts);
  const { actor, credential, subject } = entry;
  const { sentence, about } = entryText(entry, texts);
  const href = subjectHref(entry);
  const subjectText = (
    <>
      {own(texts.subjects, subject.type) ?? <AgentText text={subject.type} kind="name" />} <SubjectName entry={entry} />
    </>
  );
  return (
    <Row id={entry.id}>
      <HeadCell>
        {actor.type === "system" ? texts.system : <AgentText text={actor.name ?? actor.id ?? actor.type} kind="name" />}
        {credential !== undefined && (
          <span className={styles.minor}>
            {texts.byKey} <AgentText text={credential.name} kind="name" />
          </span>
        )}
        {actor.signedInBy !== undefined && actor.signedInBy.length > 0 && (
          <span className={styles.minor}>
            {texts.byLink} <AgentText text={actor.signedInBy.map(({ name }) => name).join(" → ")} kind="line" />
          </span>
        )}
      </HeadCell>
      <Cell label={texts.what}>
        <div>
          <AgentText text={sentence} kind="line" />
          {about !== undefined && about !== "" && (
            <span className={styles.minor}>
              <AgentText text={shortened(about)} kind="line" />
            </span>
          )}
        </div>
      </Cell>
      <Cell label={texts.subject}>
        <div>{href === undefined ? subjectText : <Link href={href} className={styles.subject}>{subjectText}</Link>}</div>
      </Cell>
      <Cell label={texts.when}>
        <Instant at={entry.at} />
      </Cell>
    </Row>
  );
});

/** An agent's name; the end of the id of anything else. */
function SubjectName({ entry: { subject } }: { readonly entry: AuditEntry }): ReactNode {
  const agentName = useAgentNames();
  if (subject.type === "agent") return <AgentText text={agentName(subject.id)} kind="name" />;
  return (
    <span className={styles.id} title={subject.id}>
      <AgentText text={subject.id.length > 12 ? `…${subject.id.slice(-8)}` : subject.id} kind="name" />
    </span>
  );
}

/** A reason may be as long as a page. */
function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
