import type { AgentMessage } from "@heliograph/client";
import { IconAlertTriangle, IconMessage, IconTerminal2, IconTool, IconUser } from "@tabler/icons-react";
import { memo, Suspense, type ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { Boundary } from "../shared/boundary.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { Ago } from "../shared/time.js";
import { agentsTexts } from "./texts.js";
import styles from "./transcript.module.css";

const markdown = lazyPart(() => import("../shared/markdown.js").then(({ Markdown }) => Markdown));

/** One message of a log. */
export const Message = memo(function Message({ message }: { readonly message: AgentMessage }): ReactNode {
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
