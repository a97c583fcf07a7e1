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
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { Ago } from "../shared/time.js";
import type { TextKind } from "../shared/unicode.js";
import { LastSeen } from "./last-seen.js";
import { AgentState } from "./agent-state.js";
import { agentsTexts } from "./texts.js";
import styles from "./agent-page.module.css";

const markdown = lazyPart(() => import("../shared/markdown.js").then(({ Markdown }) => Markdown));

/** One agent: its state, its pending requests and its messages. */
export function AgentPage({ id }: { readonly id: string }): ReactNode {
  const texts = useTexts(agentsTexts);
  const { agents, isLoading } = useAgents();
  const { approvals: waiting } = useApprovals({ status: "pending", agentId: id, sort: "expiresAt" });
  const messages = useAgentMessages(id);
  const agent = agents.find((candidate) => candidate.id === id);
  if (agent === undefined && messages.error instanceof ApiProblem && messages.error.status === 404) {
    return (
      <Empty heading="h1" title={texts.notFound}>
        <p>{messages.error.message}</p>
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
              <Fact text={agent.owner?.name} kind="name" sentence={texts.byKey} />
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
          <ul className={styles.waiting} aria-label={texts.requests}>
            {waiting.map((approval) => (
              <ApprovalRow key={approval.id} approval={approval} href={`/approvals/${approval.id}`} open={false} />
            ))}
          </ul>
        )}
      </header>
      <Boundary name={texts.parts.transcript}>
        <Messages {...messages} />
      </Boundary>
    </div>
  );
}

interface FactProps {
  readonly text: string | undefined;
  readonly kind: TextKind;
  /** What is said of the text; without it the text stands alone. */
  readonly sentence?: (shown: ReactNode) => ReactNode;
}

function Fact({ text, kind, sentence = (shown) => shown }: FactProps): ReactNode {
  if (text === undefined) return null;
  return <span>{sentence(<AgentText text={text} kind={kind} />)}</span>;
}

function Messages({ messages, isLoading, error, refetch }: ReturnType<typeof useAgentMessages>): ReactNode {
  const texts = useTexts(agentsTexts);
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
        <Empty title={texts.messagesNotLoaded}>
          <p>{error.message}</p>
          <Button mt="sm" size="compact-md" variant="light" onClick={refetch}>
            {texts.reload}
          </Button>
        </Empty>
      );
    }
    return (
      <Empty icon={<IconMessages size={28} stroke={1.5} />} title={texts.noMessages}>
        {texts.noMessagesText}
      </Empty>
    );
  }
  return (
    <div ref={log} className={styles.log} role="log" aria-label={texts.messages} aria-live="off" tabIndex={0}>
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
  const texts = useTexts(agentsTexts);
  const plain = message.kind !== "text";
  const text = <AgentText text={message.text} kind="prose" />;
  return (
    <li className={styles.message} data-kind={message.kind} data-role={message.role} data-testid="agent-message" data-message-id={message.id}>
      <MessageIcon message={message} />
      <div className={styles.content}>
        <span className={styles.meta}>
          <RoleText message={message} /> · <Ago at={message.createdAt} />
          {message.state === "streaming" && <span className={styles.streaming}> · {texts.writing}</span>}
        </span>
        {plain ? (
          <pre>{text}</pre>
        ) : (
          <Boundary name={texts.parts.message} fallback={<p>{text}</p>}>
            <Suspense fallback={<p>{text}</p>}>
              <markdown.Part text={message.text} />
            </Suspense>
          </Boundary>
        )}
      </div>
    </li>
  );
});

/** What the message is, or who wrote it: a kind or role that is not known stands as the server sent it. */
function RoleText({ message: { kind, role } }: { readonly message: AgentMessage }): ReactNode {
  const { kinds, roles } = useTexts(agentsTexts);
  if (Object.hasOwn(kinds, kind)) return kinds[kind as keyof typeof kinds];
  return Object.hasOwn(roles, role) ? roles[role as keyof typeof roles] : role;
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
