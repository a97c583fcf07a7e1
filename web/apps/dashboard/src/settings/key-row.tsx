import { Button } from "@mantine/core";
import type { ApiKey } from "@heliograph/client";
import type { ReactNode } from "react";
import { AgentText } from "../shared/agent-text.js";
import { Cell, HeadCell, Row } from "../shared/data-table.js";
import { Instant } from "../shared/instant.js";
import { useTexts } from "../shared/language.js";
import { markedText } from "../shared/unicode.js";
import { settingsTexts } from "./texts.js";
import styles from "./settings.module.css";

type KeyState = "active" | "revoked" | "expired";

interface KeyRowProps {
  readonly apiKey: ApiKey;
  readonly state: KeyState;
  /** How many agents belong to it. */
  readonly agents: number;
  /** Name of the member that made it; undefined when the command line did. */
  readonly maker: string | undefined;
  readonly onRotate: () => void;
  readonly onRevoke: () => void;
}

export function KeyRow({ apiKey, state, agents, maker, onRotate, onRevoke }: KeyRowProps): ReactNode {
  const { keys: texts } = useTexts(settingsTexts);
  const name = markedText(apiKey.name, "name");
  return (
    <Row id={apiKey.id} faded={state !== "active"}>
      <HeadCell>
        <AgentText text={apiKey.name} kind="name" />{" "}
        {state !== "active" && (
          <span className={styles.tag} data-tone="muted">
            {texts[state]}
          </span>
        )}
        <span className={styles.keyId} title={apiKey.id}>
          {beginOf(apiKey)}
        </span>
      </HeadCell>
      <Cell label={texts.scopes}>
        <ul className={styles.scopes}>
          {apiKey.scopes.map((scope) => (
            <li key={scope}>{scope}</li>
          ))}
        </ul>
      </Cell>
      <Cell label={texts.agents}>
        <div className={styles.stack}>
          <span>{texts.owns(agents)}</span>
          {apiKey.actAs !== undefined && (
            <span className={styles.hint} title={apiKey.actAs.join(" ")}>
              {apiKey.actAs[0] === "*" ? texts.actsAsAll : texts.actsAs(apiKey.actAs.length)}
            </span>
          )}
        </div>
      </Cell>
      <Cell label={texts.created}>
        <div className={styles.stack}>
          <Instant at={apiKey.createdAt} />
          {maker !== undefined && <span className={styles.hint}>{texts.by(markedText(maker, "name"))}</span>}
        </div>
      </Cell>
      <Cell label={texts.expires}>{apiKey.expiresAt === undefined ? texts.never : <Instant at={apiKey.expiresAt} />}</Cell>
      <Cell>
        {state === "active" && (
          <div className={styles.actions}>
            <Button size="compact-sm" variant="default" aria-label={texts.rotateOf(name)} onClick={onRotate}>
              {texts.rotate}
            </Button>
            <Button size="compact-sm" variant="subtle" color="red" aria-label={texts.revokeOf(name)} onClick={onRevoke}>
              {texts.revoke}
            </Button>
          </div>
        )}
      </Cell>
    </Row>
  );
}

/** How the text of a key begins, without what is the same in all keys of one day. */
function beginOf({ id }: ApiKey): string {
  return `hk_…${id.slice(-6)}_…`;
}

/** Whether a key holds at `now`, in epoch milliseconds. */
export function stateOf({ revokedAt, expiresAt }: ApiKey, now: number): KeyState {
  if (revokedAt !== undefined) return "revoked";
  return expiresAt !== undefined && Date.parse(expiresAt) <= now ? "expired" : "active";
}
