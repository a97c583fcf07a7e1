import { Button, Code, Text, TextInput } from "@mantine/core";
import { useState, type ReactNode, type SubmitEvent } from "react";
import { codeIn } from "./code-in.js";
import type { SignInGate } from "./gate.js";
import { LinkMakers } from "./link-makers.js";
import type { Account, SignInPreview } from "./session.js";
import styles from "./sign-in.module.css";

export interface Answers {
  /** A link was pasted. */
  readonly onCode: (code: string) => void;
  readonly onSignIn: (code: string) => void;
  /** Continues with the account that is signed in. */
  readonly onStay: () => void;
}

/** The form of a link that was opened, or for one to paste. */
export function SignInForm({ gate, onCode, onSignIn, onStay }: { readonly gate: SignInGate } & Answers): ReactNode {
  switch (gate.state) {
    case "asking":
      return <Asking preview={gate.preview} busy={gate.busy} onSignIn={() => onSignIn(gate.code)} onStay={onStay} />;
    case "signed_out":
      return <SignedOut problem={gate.problem} current={gate.current} onCode={onCode} onStay={onStay} />;
  }
}

interface AskingProps {
  readonly preview: SignInPreview;
  readonly busy: boolean;
  readonly onSignIn: () => void;
  readonly onStay: () => void;
}

function Asking({ preview, busy, onSignIn, onStay }: AskingProps): ReactNode {
  const { member, workspace, madeBy, signedInAs: current } = preview;
  const same = current?.member.id === member.id && current.workspace.id === workspace.id;
  return (
    <>
      <h1>
        {current === undefined ? (
          <>
            Sign in to <bdi>{workspace.name}</bdi>
          </>
        ) : same ? (
          "Already signed in"
        ) : (
          <>
            Sign in as <bdi>{member.name}</bdi> instead?
          </>
        )}
      </h1>
      {current !== undefined && (
        <Text c="var(--muted)">
          You are signed in as <strong><bdi>{current.member.name}</bdi></strong> in <strong><bdi>{current.workspace.name}</bdi></strong>.{" "}
          {same ? "This link would sign you in again." : "Signing in ends that session in this browser."}
        </Text>
      )}
      <dl className={styles.identity} data-testid="sign-in-preview">
        <div>
          <dt>Workspace</dt>
          <dd>
            <bdi>{workspace.name}</bdi>
          </dd>
        </div>
        <div>
          <dt>Member</dt>
          <dd>
            <bdi>{member.name}</bdi>
            <span>
              <bdi>{member.handle}</bdi> · {member.role}
            </span>
          </dd>
        </div>
      </dl>
      {madeBy !== undefined && (
        <p className={styles.note}>
          <LinkMakers makers={madeBy} /> made this link for you. The session and its actions are marked with it.
        </p>
      )}
      <div className={styles.actions}>
        <Button onClick={onSignIn} loading={busy} variant={current === undefined ? "filled" : "default"}>
          Sign in
        </Button>
        {current !== undefined && (
          <Button onClick={onStay} disabled={busy}>
            <span>
              Stay as <bdi>{current.member.name}</bdi>
            </span>
          </Button>
        )}
      </div>
      <Text c="var(--muted)" size="sm">
        The link works once. It has not been used yet.
      </Text>
    </>
  );
}

interface SignedOutProps {
  readonly problem: string | undefined;
  readonly current: Account | undefined;
  readonly onCode: (code: string) => void;
  readonly onStay: () => void;
}

function SignedOut({ problem, current, onCode, onStay }: SignedOutProps): ReactNode {
  const [link, setLink] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const code = codeIn(link);
    if (code !== "") onCode(code);
  };
  return (
    <>
      <h1>{current === undefined ? "Sign in to Heliograph" : "This link does not work"}</h1>
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      {current !== undefined && (
        <div className={styles.actions}>
          <Text c="var(--muted)">
            You are still signed in as <bdi>{current.member.name}</bdi> in <bdi>{current.workspace.name}</bdi>.
          </Text>
          <Button onClick={onStay}>
            <span>
              Stay as <bdi>{current.member.name}</bdi>
            </span>
          </Button>
        </div>
      )}
      <Text c="var(--muted)">
        Open a sign-in link. <Code>./heliograph up</Code> prints one, and an owner or admin of your workspace can make one for you. Each link works once.
      </Text>
      <form onSubmit={submit} className={styles.form}>
        <TextInput
          label="Or paste the link here"
          placeholder="http://…/sign-in#code=…"
          value={link}
          onChange={(event) => setLink(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" variant={current === undefined ? "filled" : "default"} disabled={codeIn(link) === ""}>
          Continue
        </Button>
      </form>
    </>
  );
}
