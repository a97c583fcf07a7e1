import type { Approval } from "@heliograph/client";
import { IconBan, IconCircleCheck, IconCircleX, IconClockX, IconMessageReply } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { linkMakersText } from "../session/link-makers.js";
import { Ago } from "../shared/time.js";
import { JsonView } from "./json-view.js";
import styles from "./resolution.module.css";

/** Such as `Approved by Mara`. */
export function statusText(approval: Approval, me?: string): string {
  const by = approval.resolution?.by;
  const who = by === undefined ? "" : by.id !== undefined && by.id === me ? " by you" : ` by ${by.name ?? by.id ?? by.type}`;
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

/** The result of a request: decision, member, time and reason. */
export function ResolutionCard({ approval, overtaken }: { readonly approval: Approval; readonly overtaken: boolean }): ReactNode {
  const { identity } = useSession();
  const { resolution } = approval;
  const at = resolution?.at ?? approval.resolvedAt;
  return (
    <div className={styles.card} data-status={approval.status} data-testid="resolution-card" data-overtaken={overtaken}>
      <Icon approval={approval} />
      <div className={styles.text}>
        <strong>{statusText(approval, identity.member.id)}</strong>
        <span className={styles.when}>
          {at !== undefined && <Ago at={at} />}
          {resolution?.by.credential !== undefined && ` · by key ${resolution.by.credential.name}`}
          {overtaken && approval.status !== "expired" && " · decided before your decision arrived, which was not applied"}
          {resolution?.by.signedInBy !== undefined && ` · in a session of a sign-in link that ${linkMakersText(resolution.by.signedInBy)} made`}
          {approval.status === "expired" && " · the agent can request again"}
        </span>
        {resolution?.reason !== undefined && <blockquote>{resolution.reason}</blockquote>}
        {resolution?.response !== undefined && <blockquote>{resolution.response}</blockquote>}
        {resolution?.argsEdited === true && resolution.args !== undefined && <JsonView value={resolution.args} />}
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
