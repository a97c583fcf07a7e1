import { Skeleton } from "@mantine/core";
import { ApiProblem, type Agent } from "@heliograph/client";
import { useAgents } from "@heliograph/react";
import { IconAlertTriangle, IconArrowLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { AgentText } from "../shared/agent-text.js";
import { Boundary } from "../shared/boundary.js";
import { Empty } from "../shared/empty.js";
import { useTexts } from "../shared/language.js";
import { AgentSide } from "./agent-side.js";
import { AgentState } from "./agent-state.js";
import { agentsTexts } from "./texts.js";
import { Transcript } from "./transcript.js";
import { useTranscript } from "./use-transcript.js";
import styles from "./agent-page.module.css";

/** One agent: its state, its messages, and beside them its pending requests and facts. */
export function AgentPage({ id }: { readonly id: string }): ReactNode {
  const texts = useTexts(agentsTexts);
  const { agents, isLoading } = useAgents();
  const transcript = useTranscript(id);
  const { error } = transcript.log;
  const agent = agents.find((candidate) => candidate.id === id);
  if (agent === undefined && error instanceof ApiProblem && error.status === 404) {
    return (
      <Empty heading="h1" title={texts.notFound}>
        <p>{error.message}</p>
        <Link href="/agents">{texts.all}</Link>
      </Empty>
    );
  }
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Link href="/agents" className={styles.back}>
          <IconArrowLeft size={18} aria-hidden /> {texts.all}
        </Link>
        {agent === undefined && isLoading ? <Skeleton height={36} width={240} /> : <Title id={id} agent={agent} />}
      </header>
      <div className={styles.body}>
        <Boundary name={texts.parts.side}>
          <AgentSide id={id} agent={agent} />
        </Boundary>
        <Boundary name={texts.parts.transcript}>
          <Transcript transcript={transcript} />
        </Boundary>
      </div>
    </div>
  );
}

function Title({ id, agent }: { readonly id: string; readonly agent: Agent | undefined }): ReactNode {
  return (
    <>
      <div className={styles.title}>
        <h1>
          <AgentText text={agent?.name ?? id} kind="name" />
        </h1>
        {agent !== undefined && <AgentState status={agent.status} />}
      </div>
      {agent?.currentTask !== undefined && (
        <p className={styles.task}>
          <AgentText text={agent.currentTask} kind="line" />
        </p>
      )}
      {agent?.error !== undefined && (
        <p className={styles.error}>
          <IconAlertTriangle size={16} aria-hidden /> <AgentText text={agent.error} kind="line" />
        </p>
      )}
    </>
  );
}
