import { Button, Kbd, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Approval, Decision } from "@heliograph/client";
import { useConnectionStatus, useDecision } from "@heliograph/react";
import { IconAlertTriangle, IconArrowRight, IconCheck, IconPencil, IconX } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { mayDecide } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { useAnnouncer } from "../shared/announcer.js";
import { useShortcuts } from "../shared/keyboard.js";
import { useTimeLeft } from "./countdown.js";
import { statusText } from "./resolution.js";
import styles from "./decision-panel.module.css";

/** The form of a decision. The note is kept until the decision is stored. */
export function DecisionPanel({ approval, nextId }: { readonly approval: Approval; readonly nextId: string | undefined }): ReactNode {
  const { identity, client } = useSession();
  const { canWrite, banner } = useConnectionStatus();
  const { state, decide, dismiss } = useDecision(approval.id);
  const { assertive, polite } = useAnnouncer();
  const [, navigate] = useLocation();
  const [note, setNote] = useState("");
  const [edited, setEdited] = useState<string | null>(null);
  const [confirming, setConfirming] = useState(false);
  const left = useTimeLeft(approval);
  useDeadlineAnnouncements(approval, left);

  const pending = approval.status === "pending";
  const sending = state?.state === "sending";
  const args = edited === null ? undefined : parsed(edited);
  const blocked = !pending || left <= 0 || !canWrite || !mayDecide(identity) || approval.action.truncated === true;
  const approvable = !blocked && !sending && approval.allow.approve && (edited === null || args !== undefined);
  const rejectable = !blocked && !sending && approval.allow.reject;

  const send = (decision: Omit<Decision, "digest">) => {
    setConfirming(false);
    void decide(approval, decision).then((stored) => {
      if (stored === undefined) return;
      polite(statusText(stored, identity.member.id));
      notifications.show({
        id: `decided-${stored.id}`,
        color: stored.status === "approved" ? "lagoon" : "gray",
        title: statusText(stored, identity.member.id),
        message: stored.title,
        autoClose: 4000,
        "data-testid": "decision-toast",
      });
    });
  };
  const withNote = note.trim() === "" ? {} : { reason: note.trim() };
  const approve = () => {
    if (!approvable) return;
    if (approval.risk === "critical" && !confirming) setConfirming(true);
    else send({ outcome: "approved", ...withNote, ...(args === undefined ? {} : { args: args.value }) });
  };
  const reject = () => rejectable && send({ outcome: "rejected", ...withNote });
  const edit = () => {
    if (!approval.allow.edit || blocked) return;
    setEdited((text) => (text === null ? JSON.stringify(approval.action.args ?? {}, null, 2) : null));
  };
  const claim = () => void client.rest.claim(approval.id).catch(() => undefined);
  useShortcuts({ a: approve, r: reject, e: edit, c: claim });

  const failure = state?.state === "failed" ? state.error.message : undefined;
  useEffect(() => {
    if (failure !== undefined) assertive(`The decision failed: ${failure}`);
  }, [failure, assertive]);

  if (!pending) {
    return (
      <footer className={styles.panel} data-quiet>
        {state?.state === "overtaken" && note !== "" && <Textarea label="Your note (not sent)" value={note} onChange={(event) => setNote(event.currentTarget.value)} autosize />}
        {nextId !== undefined && (
          <Button variant="light" rightSection={<IconArrowRight size={16} />} onClick={() => navigate(`/approvals/${nextId}`, { replace: true })}>
            Next request
          </Button>
        )}
        {nextId === undefined && (
          <Link href="/approvals" className={styles.done}>
            No further requests. Back to the queue
          </Link>
        )}
      </footer>
    );
  }

  return (
    <footer className={styles.panel} aria-label="Decision">
      {failure !== undefined && (
        <p className={styles.failure} data-testid="decision-failed">
          <IconAlertTriangle size={16} aria-hidden /> {failure}
          <button type="button" onClick={dismiss}>
            Dismiss
          </button>
        </p>
      )}
      {edited !== null && (
        <Textarea
          label="Arguments to approve instead"
          description="JSON. The agent runs the action with these."
          classNames={{ input: styles.code }}
          value={edited}
          onChange={(event) => setEdited(event.currentTarget.value)}
          error={args === undefined ? "Not valid JSON." : undefined}
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
        />
      )}
      {approval.rejectOptions !== undefined && approval.rejectOptions.length > 0 && (
        <div className={styles.options} role="group" aria-label="Suggested reasons">
          {approval.rejectOptions.map((option) => (
            <button key={option} type="button" aria-pressed={note === option} onClick={() => setNote(note === option ? "" : option)}>
              {option}
            </button>
          ))}
        </div>
      )}
      <Textarea
        aria-label="A note to the agent"
        placeholder="A note to the agent (optional)"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={2000}
        disabled={!mayDecide(identity)}
      />
      <div className={styles.buttons}>
        <Button
          className={styles.approve}
          data-testid="approve-button"
          size="md"
          color={confirming ? "red" : "lagoon"}
          leftSection={<IconCheck size={18} stroke={2} aria-hidden />}
          loading={sending && state.decision.outcome === "approved"}
          disabled={!approvable}
          onClick={approve}
        >
          {confirming ? "Confirm: approve critical action" : edited === null ? "Approve" : "Approve with changes"}
        </Button>
        <Button
          data-testid="reject-button"
          size="md"
          variant="default"
          leftSection={<IconX size={18} stroke={2} aria-hidden />}
          loading={sending && state.decision.outcome === "rejected"}
          disabled={!rejectable}
          onClick={reject}
        >
          Reject
        </Button>
        {approval.allow.edit && (
          <Button size="md" variant="subtle" color="gray" leftSection={<IconPencil size={17} stroke={1.8} aria-hidden />} disabled={blocked} onClick={edit}>
            {edited === null ? "Edit" : "Discard changes"}
          </Button>
        )}
        {approval.allow.respond && note.trim() !== "" && (
          <Button
            size="md"
            variant="subtle"
            color="gray"
            disabled={blocked || sending}
            onClick={() => send({ outcome: "responded", response: note.trim() })}
          >
            Respond
          </Button>
        )}
        <span className={styles.hint}>{whyBlocked() ?? <Hints />}</span>
      </div>
    </footer>
  );

  function whyBlocked(): string | undefined {
    if (!mayDecide(identity)) return "Viewers cannot decide.";
    if (banner === "offline") return "Offline: decisions cannot be sent.";
    if (banner === "sign_in") return "Sign in again to decide.";
    if (left <= 0) return "Expired. Ask the agent to request again.";
    return undefined;
  }
}

function Hints(): ReactNode {
  return (
    <>
      <Kbd size="xs">a</Kbd> approve <Kbd size="xs">r</Kbd> reject
    </>
  );
}

/** Announces the deadline five minutes, one minute and twenty seconds before it. */
function useDeadlineAnnouncements(approval: Approval, left: number): void {
  const { polite } = useAnnouncer();
  const stage = left <= 0 || approval.status !== "pending" ? null : left <= 20_000 ? "20 seconds" : left <= 60_000 ? "1 minute" : left <= 300_000 ? "5 minutes" : null;
  useEffect(() => {
    if (stage !== null) polite(`Less than ${stage} left to decide`);
  }, [stage, polite]);
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
