import { Button, Textarea } from "@mantine/core";
import type { Approval, BulkResult } from "@heliograph/client";
import { useState, type ReactNode } from "react";
import { useAgentNames } from "../agents/use-agent-name.js";
import { useSession } from "../session/session-context.js";
import { AgentText } from "../shared/agent-text.js";
import { useAnnouncer } from "../shared/announcer.js";
import { Dialog, DialogButtons } from "../shared/dialog.js";
import { useTexts } from "../shared/language.js";
import { RiskTag } from "../shared/risk.js";
import { toast } from "../shared/toast.js";
import { bulkTexts } from "./bulk-texts.js";
import { DecisionButton, useSettled } from "./decision-button.js";
import { isApprovedTogether } from "./use-selection.js";
import styles from "./bulk.module.css";

export type BulkOutcome = "approved" | "rejected";

interface BulkDialogProps {
  readonly outcome: BulkOutcome;
  readonly chosen: readonly Approval[];
  readonly onClose: () => void;
  /** Called when every decision is stored. */
  readonly onAllStored: () => void;
}

interface Refused {
  readonly approval: Approval;
  readonly why: string;
}

/**
 * Shows every request that is decided, and sends the decisions in one call. Those that the server does not take are listed with the reason.
 * What of high risk is approved has to be read first, so it is not among them.
 */
export function BulkDialog({ outcome, chosen, onClose, onAllStored }: BulkDialogProps): ReactNode {
  const texts = useTexts(bulkTexts);
  const { client, identity } = useSession();
  const { polite, assertive } = useAnnouncer();
  const settled = useSettled();
  // The list is fixed when the dialog opens. A request that another member decides after that stays in it; the server refuses that decision.
  const [requests] = useState(() => chosen.filter((approval) => outcome === "rejected" || isApprovedTogether(approval)));
  const [reason, setReason] = useState("");
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<readonly Refused[]>();
  const [failed, setFailed] = useState(false);
  const alone = chosen.length - requests.length;

  const send = async () => {
    setSending(true);
    setFailed(false);
    const note = reason.trim();
    try {
      const results = await client.rest.decideAll(requests.map(({ id, action }) => ({ id, outcome, digest: action.digest, ...(note === "" ? {} : { reason: note }) })));
      finish(requests.flatMap((approval) => {
        const why = refusalOf(results.find(({ id }) => id === approval.id), outcome, identity.member.id);
        return why === undefined ? [] : [{ approval, why }];
      }));
    } catch {
      setFailed(true);
      assertive(texts.failed);
    }
    setSending(false);
  };
  const finish = (left: readonly Refused[]) => {
    const stored = texts.stored[outcome](requests.length - left.length);
    polite(left.length === 0 ? stored : `${stored}. ${texts.notStored(left.length)}`);
    if (left.length > 0) {
      setRefused(left);
      return;
    }
    toast({ id: "bulk-decided", color: outcome === "approved" ? "lagoon" : "gray", title: stored, message: null, autoClose: 4000, "data-testid": "decision-toast" });
    onAllStored();
  };

  if (refused !== undefined) {
    return (
      <Dialog title={texts.notStored(refused.length)} onClose={onAllStored}>
        <Requests label={texts.list} rows={refused} />
        <DialogButtons>
          <Button variant="default" onClick={onAllStored} data-autofocus>
            {texts.close}
          </Button>
        </DialogButtons>
      </Dialog>
    );
  }
  return (
    <Dialog title={texts.titles[outcome](requests.length)} onClose={onClose}>
      {alone > 0 && outcome === "approved" && <p className={styles.alone}>{texts.alone(alone)}</p>}
      <Requests label={texts.list} rows={requests.map((approval) => ({ approval }))} />
      <Textarea className={styles.note} label={texts.reason} value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={2000} autosize minRows={1} maxRows={4} readOnly={sending} />
      {failed && <p className={styles.failed}>{texts.failed}</p>}
      <DialogButtons>
        <Button variant="default" onClick={onClose} data-autofocus>
          {texts.cancel}
        </Button>
        <DecisionButton settled={settled} color={outcome === "approved" ? "lagoon" : "red"} disabled={requests.length === 0} loading={sending} onAct={() => void send()} data-testid="bulk-send">
          {texts.send[outcome](requests.length)}
        </DecisionButton>
      </DialogButtons>
    </Dialog>
  );
}

function Requests({ label, rows }: { readonly label: string; readonly rows: readonly (Pick<Refused, "approval"> & Partial<Refused>)[] }): ReactNode {
  const agentName = useAgentNames();
  return (
    <ul className={styles.requests} aria-label={label} tabIndex={0}>
      {rows.map(({ approval, why }) => (
        <li key={approval.id} data-approval-id={approval.id}>
          <RiskTag risk={approval.risk} compact />
          <span>
            <AgentText text={approval.title} kind="line" />
            <span className={styles.minor}>
              <AgentText text={agentName(approval.agentId)} kind="name" /> · <AgentText text={approval.action.name} kind="name" />
            </span>
            {why !== undefined && <span className={styles.why}>{why}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Why a decision is not stored; undefined when it is, also by an earlier attempt whose answer was lost. */
function refusalOf(result: BulkResult | undefined, outcome: BulkOutcome, me: string): string | undefined {
  if (result?.problem === undefined) return result?.approval === undefined ? "" : undefined;
  const { resolution } = result.problem;
  if (resolution?.outcome === outcome && resolution.by.id === me) return undefined;
  return result.problem.detail ?? result.problem.title;
}
