import type { Agent } from "@heliograph/client";
import { Suspense, type ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { Boundary } from "../shared/boundary.js";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { Ago } from "../shared/time.js";
import type { TextKind } from "../shared/unicode.js";
import { agentsTexts } from "./texts.js";
import styles from "./agent-side.module.css";

const json = lazyPart(() => import("../approvals/json-view.js").then(({ JsonView }) => JsonView));

/** What an agent says of itself, and when it was seen. */
export function AgentFacts({ agent }: { readonly agent: Agent }): ReactNode {
  const { facts } = useTexts(agentsTexts);
  return (
    <>
      <dl className={styles.facts}>
        <Fact label={facts.statusText} text={agent.statusText} kind="line" />
        <Fact label={facts.kind} text={agent.kind} kind="name" />
        <Fact label={facts.key} text={agent.owner?.name} kind="name" />
        <div>
          <dt>{facts.lastSeen}</dt>
          <dd>
            <Seen agent={agent} />
          </dd>
        </div>
        {agent.createdAt !== undefined && (
          <div>
            <dt>{facts.registered}</dt>
            <dd>
              <Ago at={agent.createdAt} />
            </dd>
          </div>
        )}
      </dl>
      <Metadata metadata={agent.metadata ?? {}} />
    </>
  );
}

function Fact({ label, text, kind }: { readonly label: string; readonly text: string | undefined; readonly kind: TextKind }): ReactNode {
  if (text === undefined) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <AgentText text={text} kind={kind} />
      </dd>
    </div>
  );
}

/** Heartbeats make no events, so only the lease tells when an agent that is not offline was seen. */
function Seen({ agent }: { readonly agent: Agent }): ReactNode {
  const { facts } = useTexts(agentsTexts);
  const { span } = useFormats();
  return agent.status === "offline" ? <Ago at={agent.lastSeenAt} /> : facts.seenWithin(span(agent.lease.seconds * 1000));
}

function Metadata({ metadata }: { readonly metadata: Readonly<Record<string, unknown>> }): ReactNode {
  const { facts, parts } = useTexts(agentsTexts);
  const count = Object.keys(metadata).length;
  if (count === 0) return null;
  return (
    <details className={styles.metadata}>
      <summary onPointerEnter={json.preload}>{facts.metadata(count)}</summary>
      <Boundary name={parts.metadata}>
        <Suspense>
          <json.Part text={JSON.stringify(metadata)} />
        </Suspense>
      </Boundary>
    </details>
  );
}
