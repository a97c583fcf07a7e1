import { Button, Skeleton } from "@mantine/core";
import type { Approval, AuditEntry } from "@heliograph/client";
import { useTimeline } from "@heliograph/react";
import type { ReactNode } from "react";
import { entryText } from "../activity/entry-text.js";
import { activityTexts } from "../activity/texts.js";
import { LinkMakers } from "../session/link-makers.js";
import { AgentText, FoldedText } from "../shared/agent-text.js";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { contextTexts } from "./context-texts.js";
import styles from "./context.module.css";

/** What happened to a request, oldest first. It follows the request. */
export function RequestHistory({ approval }: { readonly approval: Approval }): ReactNode {
  const texts = useTexts(contextTexts);
  const { entries, hasMore, isLoading, error, refetch } = useTimeline(approval.id);
  if (isLoading) return <Skeleton height={60} />;
  return (
    <>
      {error !== null && (
        <p className={styles.note} role="alert">
          {texts.historyNotLoaded(error.message)}{" "}
          <Button size="compact-xs" variant="light" onClick={refetch}>
            {texts.tryAgain}
          </Button>
        </p>
      )}
      <ol className={styles.list} data-testid="history">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {hasMore && <p className={styles.note}>{texts.historyCut(entries.length)}</p>}
      {error === null && entries.length === 0 && <p className={styles.note}>{texts.noHistory}</p>}
    </>
  );
}

function Entry({ entry }: { readonly entry: AuditEntry }): ReactNode {
  const texts = useTexts(activityTexts);
  const { extendedTo } = useTexts(contextTexts);
  const { exactTime } = useFormats();
  const { actor, credential, at, action, detail } = entry;
  const { sentence, about } = entryText(entry, texts);
  const to = action === "approval.extended" && typeof detail["to"] === "string" ? detail["to"] : undefined;
  return (
    <li data-action={action}>
      <span className={styles.meta}>
        <time dateTime={at}>{exactTime(at)}</time> · {actor.type === "system" ? texts.system : <AgentText text={actor.name ?? actor.id ?? actor.type} kind="name" />}
        {credential !== undefined && (
          <>
            {" "}
            {texts.byKey} <AgentText text={credential.name} kind="name" />
          </>
        )}
        {actor.signedInBy !== undefined && actor.signedInBy.length > 0 && (
          <>
            {" "}
            {texts.byLink} <LinkMakers makers={actor.signedInBy} />
          </>
        )}
      </span>
      <span>
        {to === undefined ? <AgentText text={sentence} kind="line" /> : extendedTo(exactTime(to))}
        {about !== undefined && (
          <>
            {" · "}
            <FoldedText text={about} kind="line" />
          </>
        )}
      </span>
    </li>
  );
}
