import { Button, Skeleton } from "@mantine/core";
import { ApiProblem, type AgentMessage } from "@heliograph/client";
import { useAgentMessages, useAgents, useApprovals } from "@heliograph/react";
import { IconAlertTriangle, IconArrowLeft, IconMessage, IconMessages, IconTerminal2, IconTool, IconUser } from "@tabler/icons-react";
import { memo, Suspense, useEffect, useRef, type ReactNode } from "react";
import { Link } from "wouter";
import { ApprovalRow } from "../approvals/approval-row.js";
import { AgentText } from "../shared/agent-text.js";
import { Boundary } from "../shared/boundary.js";
import { Empty } from "../shared/empty.js";
import { lazyPart } from "../shared/lazy-part.js";
import { Ago } from "../shared/time.js";
import type { TextKind } from "../shared/unicode.js";
import { LastSeen } from "./last-seen.js";
import { AgentState } from "./agent-state.js";
import styles from "./agent-page.module.css";

const markdown = lazyPart(() => import("../shared/markdown.js").then(({ Markdown }) => Markdown));

/** One agent: its state, its pending requests and its messages. */
export function AgentPage({ id }: { readonly id: string }): ReactNode {
  const { agents, isLoading } = useAgents();
  const { approvals: waiting } = useApprovals({ status: "pending", agentId: id, sort: "expiresAt" });
  const messages = useAgentMessages(id);
  const agent = agents.find((candidate) => candidate.id === id);
  if (agent === undefined && messages.error instanceof ApiProblem && messages.error.status === 404) {
    return (
      <Empty title="Agent not found">
        <p>{messages.error.message}</p>
        <Link href="/agents">All agents</Link>
      </Empty>
    );
  }
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Link href="/agents" className={styles.back}>
          <IconArrowLeft size={18} aria-hidden /> All agents
        </Link>
        {agent === undefined ? (
          isLoading ? (
            <Skeleton height={36} width={240} />
          ) : (
            <h1>
              <AgentText text={id} kind="name" />
            </h1>
          )
        ) : (
          <>
            <div className={styles.title}>
              <h1>
                <AgentText text={agent.name} kind="name" />
              </h1>
              <AgentState status={agent.status} />
            </div>
            <p className={styles.facts}>
              <Fact text={agent.currentTask} kind="line" />
              <Fact text={agent.statusText} kind="line" />
              <Fact text={agent.kind} kind="name" />
              <Fact text={agent.owner?.name} kind="name" before="by key " />
              <LastSeen agent={agent} />
            </p>
            {agent.error !== undefined && (
              <p className={styles.error}>
                <IconAlertTriangle size={16} aria-hidden /> <AgentText text={agent.error} kind="line" />
              </p>
            )}
          </>
        )}
        {waiting.length > 0 && (
          <ul className={styles.waiting} aria-label="Requests of this agent">
            {waiting.map((approval) => (
              <ApprovalRow key={approval.id} approval={approval} href={`/approvals/${approval.id}`} open={false} />
            ))}
          </ul>
        )}
      </header>
      <Boundary name="The transcript">
        <Messages {...messages} />
      </Boundary>
    </div>
  );
}

function Fact({ text, kind, before }: { readonly text: string | undefined; readonly kind: TextKind; readonly before?: string }): ReactNode {
  if (text === undefined) return null;
  return (
    <span>
      {before}
      <AgentText text={text} kind={kind} />
    </span>
  );
}

function Messages({ messages, isLoading, error, refetch }: ReturnType<typeof useAgentMessages>): ReactNode {
  const end = useRef<HTMLDivElement>(null);
  const log = useRef<HTMLDivElement>(null);
  const last = messages.at(-1);
  const tail = last === undefined ? "" : `${last.id}:${last.text.length}`;

  // Scrolls to the newest message, unless the member has scrolled up.
  useEffect(() => {
    const box = log.current;
    if (box === null) return;
    if (box.scrollHeight - box.scrollTop - box.clientHeight < 240 || box.scrollTop === 0) end.current?.scrollIntoView({ block: "end" });
  }, [tail]);

  if (messages.length === 0) {
    if (isLoading) return <Skeleton height={240} radius="lg" m="lg" />;
    if (error !== null) {
      return (
        <Empty title="The messages could not be loaded">
          <p>{error.message}</p>
          <Button mt="sm" size="compact-md" variant="light" onClick={refetch}>
            Reload
          </Button>
        </Empty>
      );
    }
    return (
      <Empty icon={<IconMessages size={28} stroke={1.5} />} title="No messages yet">
        Messages appear here while the agent writes them.
      </Empty>
    );
  }
  return (
    <div ref={log} className={styles.log} role="log" aria-label="Messages" aria-live="off" tabIndex={0}>
      <ol>
        {messages.map((message) => (
          <Message key={message.id} message={message} />
        ))}
      </ol>
      <div ref={end} />
    </div>
  );
}

const Message = memo(function Message({ message }: { readonly message: AgentMessage }): ReactNode {
  const plain = message.kind !== "text";
  const text = <AgentText text={message.text} kind="prose" />;
  return (
    <li className={styles.message} data-kind={message.kind} data-role={message.role} data-testid="agent-message" data-message-id={message.id}>
      <MessageIcon message={message} />
      <div className={styles.content}>
        <span className={styles.meta}>
          {roleText(message)} · <Ago at={message.createdAt} />
          {message.state === "streaming" && <span className={styles.streaming}> · writing…</span>}
        </span>
        {plain ? (
          <pre>{text}</pre>
        ) : (
          <Boundary name="The message" fallback={<p>{text}</p>}>
            <Suspense fallback={<p>{text}</p>}>
              <markdown.Part text={message.text} />
            </Suspense>
          </Boundary>
        )}
      </div>
    </li>
  );
});

function roleText(message: AgentMessage): string {
  switch (message.kind) {
    case "tool_call":
      return "calls a tool";
    case "tool_result":
      return "tool result";
    case "log":
      return "log";
    case "error":
      return "error";
    default:
      return message.role;
  }
}

function MessageIcon({ message }: { readonly message: AgentMessage }): ReactNode {
  const props = { size: 16, stroke: 1.8, "aria-hidden": true, className: styles.icon } as const;
  switch (message.kind) {
    case "tool_call":
    case "tool_result":
      return <IconTool {...props} />;
    case "log":
      return <IconTerminal2 {...props} />;
    case "error":
      return <IconAlertTriangle {...props} />;
    default:
      return message.role === "operator" ? <IconUser {...props} /> : <IconMessage {...props} />;
  }
}
