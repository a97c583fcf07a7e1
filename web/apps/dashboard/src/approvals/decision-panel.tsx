import { Button, Skeleton, Textarea } from "@mantine/core";
import type { Approval, Decision } from "@heliograph/client";
import { useConnectionStatus, useDecision } from "@heliograph/react";
import { IconAlertTriangle, IconArrowRight, IconCheck, IconPencil, IconX } from "@tabler/icons-react";
import { Suspense, useEffect, useEffectEvent, useState, type ReactNode, type Ref } from "react";
import { Link } from "wouter";
import { mayDecide } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { AgentText } from "../shared/agent-text.js";
import { useAnnouncer } from "../shared/announcer.js";
import { Boundary } from "../shared/boundary.js";
import { useShortcuts } from "../shared/keyboard.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { toast } from "../shared/toast.js";
import { useTimeLeft } from "./countdown.js";
import { DecisionButton, useSettled } from "./decision-button.js";
import { editableArgs, editedArgs, useEditTexts } from "./edited-args.js";
import { extensionsOf } from "./extensions.js";
import { RejectOptions } from "./reject-options.js";
import { requestTexts } from "./request-texts.js";
import { overtakenText, statusText } from "./status-text.js";
import { approvalsTexts } from "./texts.js";
import { UnreadBar, waitsForReading, type Unread } from "./unread-bar.js";
import { useDeadlineAnnouncements } from "./use-deadline-announcements.js";
import { useDraft } from "./use-draft.js";
import styles from "./decision-panel.module.css";

const argsEditor = lazyPart(() => import("./args-editor.js").then(({ ArgsEditor }) => ArgsEditor));
const confirmCritical = lazyPart(() => import("./confirm-critical.js").then(({ ConfirmCritical }) => ConfirmCritical));

interface DecisionPanelProps {
  readonly ref: Ref<HTMLElement>;
  readonly approval: Approval;
  /** The action's arguments as JSON; undefined while they are not here. */
  readonly args: string | undefined;
  /** The first part of the request whose end was not on the screen. */
  readonly unread: Unread | undefined;
  /** Called when a decision of this form is stored, while the form is still shown. */
  readonly onDecided: () => void;
  /** Opens the next request; undefined when there is none. */
  readonly onNext: (() => void) | undefined;
}

/** The form of a decision. What is typed is kept until the decision is stored. */
export function DecisionPanel({ ref, approval, args, unread, onDecided, onNext }: DecisionPanelProps): ReactNode {
  const texts = useTexts(requestTexts);
  const statusTexts = useTexts(approvalsTexts);
  const editTexts = useEditTexts();
  const { identity, client } = useSession();
  const { canWrite, banner } = useConnectionStatus();
  const { state, decide, dismiss } = useDecision(approval.id);
  const { assertive, polite } = useAnnouncer();
  const { note, edited, setNote, setEdited, discard } = useDraft(approval.id);
  const [confirming, setConfirming] = useState(false);
  const [noteFocused, setNoteFocused] = useState(false);
  const [stored, setStored] = useState(false);
  const settled = useSettled();
  const left = useTimeLeft(approval);
  useDeadlineAnnouncements(approval, left, canWrite && extensionsOf(approval, identity, left).length > 0);

  const critical = approval.risk === "critical";
  useEffect(() => {
    if (critical) confirmCritical.preload();
  }, [critical]);

  const pending = approval.status === "pending";
  const sending = state?.state === "sending";
  const changed = edited === null ? {} : args === undefined ? { fault: texts.argsMissing } : editedArgs(edited, args, editTexts);
  const blocked = !pending || !canWrite || !mayDecide(identity) || approval.action.truncated === true;
  const reads = waitsForReading(approval, unread);
  const approvable = !blocked && !sending && !reads && approval.allow.approve && !("fault" in changed);
  const approveLabel = edited === null ? texts.approve : texts.approveChanged;
  const rejectable = !blocked && !sending && approval.allow.reject;

  const send = (decision: Omit<Decision, "digest">) => {
    setConfirming(false);
    void decide(approval, decision).then((decided) => {
      if (decided === undefined) return;
      discard();
      setStored(true);
      polite(statusText(decided, statusTexts, identity.member.id));
      toast({
        id: `decided-${decided.id}`,
        color: decided.status === "approved" ? "lagoon" : "gray",
        title: statusText(decided, statusTexts, identity.member.id),
        message: <AgentText text={decided.title} kind="line" />,
        autoClose: 4000,
        "data-testid": "decision-toast",
      });
    });
  };
  const moveOn = useEffectEvent(onDecided);
  useEffect(() => {
    if (stored) moveOn();
  }, [stored]);

  const withNote = note.trim() === "" ? {} : { reason: note.trim() };
  const sendApproval = () => {
    if (!("fault" in changed)) send({ outcome: "approved", ...withNote, ...changed });
  };
  const approve = () => {
    if (!approvable) return;
    if (critical) setConfirming(true);
    else sendApproval();
  };
  const reject = () => rejectable && send({ outcome: "rejected", ...withNote });
  const edit = () => {
    if (!approval.allow.edit || blocked || args === undefined) return;
    setEdited(edited === null ? editableArgs(args) : null);
  };
  const claim = () => void client.rest.claim(approval.id).catch(() => undefined);
  useShortcuts(settled ? { a: approve, r: reject, e: () => edited === null && edit(), c: claim } : {}, approval.id);

  const refused = state?.state === "overtaken" ? overtakenText(approval, identity.member.id, texts) : undefined;
  useEffect(() => {
    if (refused !== undefined) polite(refused);
  }, [refused, polite]);
  const failure = state?.state === "failed" ? state.error.message : pending ? refused : undefined;
  useEffect(() => {
    if (failure !== undefined) assertive(texts.failed(failure));
  }, [failure, texts, assertive]);

  // The keys keep the fields when somebody else decides, and the note stays while it has the focus: what is being typed becomes no shortcuts.
  const noteField = (
    <Textarea
      key="note"
      className={styles.field}
      {...(pending ? { "aria-label": texts.note, placeholder: texts.noteOptional } : { label: texts.unsentNote })}
      value={note}
      onChange={(event) => setNote(event.currentTarget.value)}
      onFocus={() => setNoteFocused(true)}
      onBlur={() => setNoteFocused(false)}
      readOnly={!pending || sending}
      autosize
      minRows={1}
      maxRows={6}
      maxLength={2000}
      disabled={!mayDecide(identity)}
    />
  );

  const editor = edited !== null && (
    <Boundary key="args" name={texts.parts.editor}>
      <Suspense fallback={<Skeleton height={120} />}>
        <argsEditor.Part value={edited} original={args ?? edited} schema={approval.argsSchema} pending={pending} readOnly={sending} onChange={setEdited} />
      </Suspense>
    </Boundary>
  );

  if (!pending) {
    // Sent from here although the answer was lost, or from another tab.
    const sent = approval.resolution?.by.id === identity.member.id && (approval.resolution.reason ?? approval.resolution.response ?? "") === note.trim();
    const unsent = !sent && (note !== "" || edited !== null);
    return (
      <footer ref={ref} className={styles.panel} data-quiet>
        {unsent && editor}
        {((unsent && note !== "") || noteFocused) && noteField}
        {unsent && (
          <Button variant="subtle" color="gray" size="compact-sm" onClick={discard}>
            {texts.discardTyped}
          </Button>
        )}
        {onNext === undefined ? (
          <Link href="/approvals" className={styles.done}>
            {texts.noFurther}
          </Link>
        ) : (
          <Button variant="light" rightSection={<IconArrowRight size={16} />} onClick={onNext}>
            {texts.next}
          </Button>
        )}
      </footer>
    );
  }

  return (
    <footer ref={ref} className={styles.panel} aria-label={texts.decision}>
      {unread !== undefined && <UnreadBar unread={unread} />}
      {failure !== undefined && (
        <p className={styles.failure} data-testid="decision-failed">
          <IconAlertTriangle size={16} aria-hidden /> <AgentText text={failure} kind="prose" />
          <button type="button" onClick={dismiss}>
            {texts.dismiss}
          </button>
        </p>
      )}
      {editor}
      {mayDecide(identity) && <RejectOptions approval={approval} note={note} onNote={setNote} />}
      {noteField}
      <div className={styles.buttons}>
        <DecisionButton
          settled={settled}
          className={styles.approve}
          data-testid="approve-button"
          size="md"
          color="lagoon"
          leftSection={<IconCheck size={18} stroke={2} aria-hidden />}
          loading={sending && state.decision.outcome === "approved"}
          disabled={!approvable}
          onAct={approve}
        >
          {approveLabel}
        </DecisionButton>
        <DecisionButton
          settled={settled}
          data-testid="reject-button"
          size="md"
          variant="default"
          leftSection={<IconX size={18} stroke={2} aria-hidden />}
          loading={sending && state.decision.outcome === "rejected"}
          disabled={!rejectable}
          onAct={reject}
        >
          {texts.reject}
        </DecisionButton>
        {approval.allow.edit && (
          <Button size="md" variant="subtle" color="gray" leftSection={<IconPencil size={17} stroke={1.8} aria-hidden />} disabled={blocked} onClick={edit}>
            {edited === null ? texts.edit : texts.discardChanges}
          </Button>
        )}
        {approval.allow.respond && note.trim() !== "" && (
          <DecisionButton
            settled={settled}
            size="md"
            variant="subtle"
            color="gray"
            disabled={blocked || sending}
            onAct={() => send({ outcome: "responded", response: note.trim() })}
          >
            {texts.respond}
          </DecisionButton>
        )}
        <span className={styles.hint}>{whyBlocked() ?? <Hints />}</span>
      </div>
      {confirming && (
        <Boundary name={texts.parts.confirm}>
          {/* While the question is loaded its place is held: keys decide nothing. */}
          <Suspense fallback={<div role="dialog" aria-modal aria-label={texts.confirm.title} className={styles.holding} />}>
            <confirmCritical.Part approval={approval} label={approveLabel} blocked={!approvable} onConfirm={sendApproval} onCancel={() => setConfirming(false)} />
          </Suspense>
        </Boundary>
      )}
    </footer>
  );

  function whyBlocked(): string | undefined {
    if (!mayDecide(identity)) return texts.blocked.viewer;
    if (banner === "offline") return texts.blocked.offline;
    if (banner === "sign_in") return texts.blocked.signedOut;
    if (left <= 0) return texts.blocked.deadline;
    if (reads) return texts.blocked.unread;
    return undefined;
  }
}

function Hints(): ReactNode {
  return useTexts(requestTexts).keys(<kbd className={styles.key}>a</kbd>, <kbd className={styles.key}>r</kbd>);
}
