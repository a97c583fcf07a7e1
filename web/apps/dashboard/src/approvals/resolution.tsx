import type { Approval } from "@heliograph/client";
import { IconBan, IconCircleCheck, IconCircleX, IconClockX, IconMessageReply } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { LinkMakers } from "../session/link-makers.js";
import { AgentText } from "../shared/agent-text.js";
import { Boundary } from "../shared/boundary.js";
import { Ago } from "../shared/time.js";
import { markedText } from "../shared/unicode.js";
import { JsonView } from "./json-view.js";
import styles from "./resolution.module.css";

/** Such as `Approved by Mara`. What would not be seen in the name is marked. */
export function statusText(approval: Approval, me?: string): string {
  const by = approval.resolution?.by;
  const who = by === undefined ? "" : by.id !== undefined && by.id === me ? " by you" : ` by ${markedText(by.name ?? by.id ?? by.type, "name")}`;
  switch (approval.status) {
    case "pending":
      return "Pending";
    case "approved":
      return `${approval.resolution?.argsEdited === true ? "Approved with changes" : "Approved"}${who}`;
    case "rejected":
      return `${approval.resolution?.outcome === "responded" ? "Answered" : "Rejected"}${who}`;
    case "cancelled":
      return `Cancelled${who}`;
    case "expired":
      return "Expired";
  }
}

/** Why a decision that was sent from here is not the one that counts. */
export function overtakenText(approval: Approval, me: string): string {
  const by = approval.resolution?.by;
  const mine = by?.id === me;
  const who = by === undefined ? "Somebody" : mine ? "You" : markedText(by.name ?? by.id ?? by.type, "name");
  switch (approval.status) {
    case "expired":
    case "pending":
      return "The deadline passed first. Your decision wasn't recorded.";
    case "cancelled":
      return `${who} cancelled the request first. Your decision wasn't recorded.`;
    default:
      return mine ? "You decided first, in another window. This decision wasn't recorded." : `${who} decided first. Your decision wasn't recorded.`;
  }
}

/** The result of a request: decision, member, time and reason. */
export function ResolutionCard({ approval, overtaken }: { readonly approval: Approval; readonly overtaken: boolean }): ReactNode {
  const { identity } = useSession();
  const { resolution } = approval;
  const at = resolution?.at ?? approval.resolvedAt;
  return (
    <div className={styles.card} data-status={approval.status} data-testid="resolution-card" data-overtaken={overtaken}>
      <Icon approval={approval} />
      <div className={styles.text}>
        <strong>
          <bdi>{statusText(approval, identity.member.id)}</bdi>
        </strong>
        {overtaken && (
          <span data-testid="overtaken">
            <bdi>{overtakenText(approval, identity.member.id)}</bdi>
          </span>
        )}
        <span className={styles.when}>
          {at !== undefined && <Ago at={at} />}
          {resolution?.by.credential !== undefined && (
            <>
              {" · by key "}
              <AgentText text={resolution.by.credential.name} kind="name" />
            </>
          )}
          {resolution?.by.signedInBy !== undefined && (
            <>
              {" · in a session of a sign-in link that "}
              <LinkMakers makers={resolution.by.signedInBy} /> made
            </>
          )}
          {approval.status === "expired" && " · the agent can request again"}
        </span>
        {resolution?.reason !== undefined && <blockquote><AgentText text={resolution.reason} kind="prose" /></blockquote>}
        {resolution?.response !== undefined && <blockquote><AgentText text={resolution.response} kind="prose" /></blockquote>}
        {resolution?.argsEdited === true && resolution.args !== undefined && (
          <Boundary name="The arguments">
            <JsonView text={JSON.stringify(resolution.args)} />
          </Boundary>
        )}
      </div>
    </div>
  );
}

function Icon({ approval }: { readonly approval: Approval }): ReactNode {
  const props = { size: 22, stroke: 1.8, "aria-hidden": true } as const;
  switch (approval.status) {
    case "approved":
      return <IconCircleCheck {...props} />;
    case "rejected":
      return approval.resolution?.outcome === "responded" ? <IconMessageReply {...props} /> : <IconCircleX {...props} />;
    case "expired":
      return <IconClockX {...props} />;
    case "cancelled":
    case "pending":
      return <IconBan {...props} />;
  }
}
