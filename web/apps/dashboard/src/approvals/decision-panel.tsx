import { Button, Kbd, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Approval, Decision } from "@heliograph/client";
import { useConnectionStatus, useDecision } from "@heliograph/react";
import { IconAlertTriangle, IconArrowRight, IconCheck, IconPencil, IconX } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode, type Ref } from "react";
import { Link, useLocation } from "wouter";
import { mayDecide } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { AgentText } from "../shared/agent-text.js";
import { useAnnouncer } from "../shared/announcer.js";
import { useShortcuts } from "../shared/keyboard.js";
import { ArgsEditor, editableArgs, editedArgs } from "./args-editor.js";
import { useTimeLeft } from "./countdown.js";
import { statusText } from "./resolution.js";
import { UnreadBar, waitsForReading, type Unread } from "./unread-bar.js";
import styles from "./decision-panel.module.css";

interface DecisionPanelProps {
  readonly ref: Ref<HTMLElement>;
  readonly approval: Approval;
  /** The action's arguments as JSON; undefined while they are not here. */
  readonly args: string | undefined;
  /** The first part of the request whose end was not on the screen. */
  readonly unread: Unread | undefined;
  readonly nextId: string | undefined;
}

/** The form of a decision. The note is kept until the decision is stored. */
export function DecisionPanel({ ref, approval, args, unread, nextId }: DecisionPanelProps): ReactNode {
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
  const changed = edited === null ? {} : editedArgs(edited, args ?? "{}");
  const blocked = !pending || left <= 0 || !canWrite || !mayDecide(identity) || approval.action.truncated === true;
  const reads = waitsForReading(approval, unread);
  const approvable = !blocked && !sending && !reads && approval.allow.approve && !("fault" in changed);
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
        message: <AgentText text={stored.title} kind="line" />,
        autoClose: 4000,
        "data-testid": "decision-toast",
      });
    });
  };
  const withNote = note.trim() === "" ? {} : { reason: note.trim() };
  const approve = () => {
    if (!approvable || "fault" in changed) return;
    if (approval.risk === "critical" && !confirming) setConfirming(true);
    else send({ outcome: "approved", ...withNote, ...changed });
  };
  const reject = () => rejectable && send({ outcome: "rejected", ...withNote });
  const edit = () => {
    if (!approval.allow.edit || blocked) return;
    setEdited((text) => (text === null ? editableArgs(args ?? "{}") : null));
  };
  const claim = () => void client.rest.claim(approval.id).catch(() => undefined);
  useShortcuts({ a: approve, r: reject, e: edit, c: claim });

  const failure = state?.state === "failed" ? state.error.message : undefined;
  useEffect(() => {
    if (failure !== undefined) assertive(`The decision failed: ${failure}`);
  }, [failure, assertive]);

  if (!pending) {
    return (
      <footer ref={ref} className={styles.panel} data-quiet>
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
    <footer ref={ref} className={styles.panel} aria-label="Decision">
      {unread !== undefined && <UnreadBar unread={unread} />}
      {failure !== undefined && (
        <p className={styles.failure} data-testid="decision-failed">
          <IconAlertTriangle size={16} aria-hidden /> <AgentText text={failure} kind="prose" />
          <button type="button" onClick={dismiss}>
            Dismiss
          </button>
        </p>
      )}
      {edited !== null && <ArgsEditor value={edited} original={args ?? "{}"} onChange={setEdited} />}
      {approval.rejectOptions !== undefined && approval.rejectOptions.length > 0 && (
        <div className={styles.options} role="group" aria-label="Suggested reasons">
          {approval.rejectOptions.map((option) => (
            <button key={option} type="button" aria-pressed={note === option} onClick={() => setNote(note === option ? "" : option)}>
              <AgentText text={option} kind="line" />
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
    if (reads) return "Approve waits until you have seen all of it.";
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
