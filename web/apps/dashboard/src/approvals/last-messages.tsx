import { Button, Skeleton } from "@mantine/core";
import { useAgentMessages } from "@heliograph/react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { agentsTexts } from "../agents/texts.js";
import { FoldedText, AgentText } from "../shared/agent-text.js";
import { useTexts } from "../shared/language.js";
import { Ago } from "../shared/time.js";
import { contextTexts } from "./context-texts.js";
import styles from "./context.module.css";

/** So many messages are shown. */
const SHOWN = 3;

/** The last messages of the agent that asks, oldest first, as plain text; they follow the agent. */
export function LastMessages({ agentId }: { readonly agentId: string }): ReactNode {
  const texts = useTexts(contextTexts);
  const { writing, kinds, roles } = useTexts(agentsTexts);
  const { messages, isLoading, error, refetch } = useAgentMessages(agentId);
  const nameOf = (names: Readonly<Record<string, string>>, name: string) => (Object.hasOwn(names, name) ? names[name] : undefined);
  return (
    <>
      {isLoading && <Skeleton height={60} />}
      {error !== null && (
        <p className={styles.note} role="alert">
          {texts.messagesNotLoaded(error.message)}{" "}
          <Button size="compact-xs" variant="light" onClick={refetch}>
            {texts.tryAgain}
          </Button>
        </p>
      )}
      <ol className={styles.list} data-testid="last-messages">
        {messages.slice(-SHOWN).map(({ id, kind, role, text, state, createdAt }) => (
          <li key={id} data-message-id={id}>
            <span className={styles.meta}>
              <AgentText text={nameOf(kinds, kind) ?? nameOf(roles, role) ?? role} kind="name" /> · <Ago at={createdAt} />
              {state === "streaming" && ` · ${writing}`}
            </span>
            <span className={kind === "text" ? styles.message : styles.output}>
              <FoldedText text={text} kind="prose" />
            </span>
          </li>
        ))}
      </ol>
      {!isLoading && error === null && messages.length === 0 && <p className={styles.note}>{texts.noMessages}</p>}
      <Link href={`/agents/${encodeURIComponent(agentId)}`} className={styles.link}>
        {texts.allMessages}
      </Link>
    </>
  );
}
