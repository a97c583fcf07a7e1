import { Skeleton } from "@mantine/core";
import type { Approval } from "@heliograph/client";
import { IconFingerprint } from "@tabler/icons-react";
import type { ReactNode, RefObject } from "react";
import { AgentText } from "../shared/agent-text.js";
import { Boundary } from "../shared/boundary.js";
import { useTexts } from "../shared/language.js";
import { JsonView } from "./json-view.js";
import { Plain } from "./plain.js";
import { requestTexts } from "./request-texts.js";
import styles from "./approval-detail.module.css";

interface ActionSectionProps {
  readonly approval: Approval;
  /** The action's arguments as JSON; undefined while they are not here. */
  readonly args: string | undefined;
  /** Of an empty element behind the arguments. */
  readonly end: RefObject<HTMLDivElement | null>;
  /** As of JsonView. */
  readonly onFolded: (folded: boolean) => void;
}

/** The action that is asked for: its name, digest and arguments. */
export function ActionSection({ approval: { action }, args, end, onFolded }: ActionSectionProps): ReactNode {
  const texts = useTexts(requestTexts);
  return (
    <section className={styles.card} aria-label={texts.action}>
      <div className={styles.cardHead}>
        <h2>
          <code>
            <AgentText text={action.name} kind="name" />
          </code>
        </h2>
        <span className={styles.digest} tabIndex={0} aria-describedby="digest-text">
          <IconFingerprint size={14} stroke={1.8} aria-hidden /> {action.digest.replace(/^sha-?256[:-]/i, "").slice(0, 10)}
          <span id="digest-text" role="tooltip" className={styles.tip}>
            {texts.digest(action.digest)}
          </span>
        </span>
      </div>
      {args === undefined ? (
        <Skeleton height={80} />
      ) : (
        <Boundary name={texts.parts.argsTable} fallback={<Plain text={args} />}>
          <JsonView text={args} onFolded={onFolded} />
        </Boundary>
      )}
      <div ref={end} />
    </section>
  );
}
