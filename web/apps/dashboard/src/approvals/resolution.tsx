import type { Approval } from "@heliograph/client";
import { IconBan, IconCircleCheck, IconCircleX, IconClockX, IconMessageReply } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { LinkMakers } from "../session/link-makers.js";
import { AgentText } from "../shared/agent-text.js";
import { Boundary } from "../shared/boundary.js";
import { useTexts } from "../shared/language.js";
import { Ago } from "../shared/time.js";
import { JsonView } from "./json-view.js";
import { requestTexts } from "./request-texts.js";
import { overtakenText, statusText } from "./status-text.js";
import { approvalsTexts } from "./texts.js";
import styles from "./resolution.module.css";

/** The result of a request: decision, member, time and reason. */
export function ResolutionCard({ approval, overtaken }: { readonly approval: Approval; readonly overtaken: boolean }): ReactNode {
  const texts = useTexts(requestTexts);
  const statusTexts = useTexts(approvalsTexts);
  const { identity } = useSession();
  const { resolution } = approval;
  const at = resolution?.at ?? approval.resolvedAt;
  return (
    <div className={styles.card} data-status={approval.status} data-testid="resolution-card" data-overtaken={overtaken}>
      <Icon approval={approval} />
      <div className={styles.text}>
        <strong>
          <bdi>{statusText(approval, statusTexts, identity.member.id)}</bdi>
        </strong>
        {overtaken && (
          <span data-testid="overtaken">
            <bdi>{overtakenText(approval, identity.member.id, texts)}</bdi>
          </span>
        )}
        <span className={styles.when}>
          {at !== undefined && <Ago at={at} />}
          {resolution?.by.credential !== undefined && <> · {texts.byKey(<AgentText text={resolution.by.credential.name} kind="name" />)}</>}
          {resolution?.by.signedInBy !== undefined && <> · {texts.byLink(<LinkMakers makers={resolution.by.signedInBy} />)}</>}
          {approval.status === "expired" && ` · ${texts.canAskAgain}`}
        </span>
        {resolution?.reason !== undefined && <blockquote><AgentText text={resolution.reason} kind="prose" /></blockquote>}
        {resolution?.response !== undefined && <blockquote><AgentText text={resolution.response} kind="prose" /></blockquote>}
        {resolution?.argsEdited === true && resolution.args !== undefined && (
          <Boundary name={texts.parts.args}>
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
