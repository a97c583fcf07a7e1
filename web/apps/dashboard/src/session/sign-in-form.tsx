import { Button, Code, Text, TextInput } from "@mantine/core";
import { useState, type ReactNode, type SubmitEvent } from "react";
import { useTexts } from "../shared/language.js";
import { codeIn } from "./code-in.js";
import { formTexts } from "./form-texts.js";
import type { SignInGate } from "./gate.js";
import { LinkMakers } from "./link-makers.js";
import type { Account, SignInPreview } from "./session.js";
import { sessionTexts } from "./texts.js";
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
  const texts = useTexts(formTexts);
  const { roles } = useTexts(sessionTexts);
  const { member, workspace, madeBy, signedInAs: current } = preview;
  const same = current?.member.id === member.id && current.workspace.id === workspace.id;
  return (
    <>
      <h1>
        {current === undefined ? texts.signInTo(<bdi>{workspace.name}</bdi>) : same ? texts.already : texts.signInAsInstead(<bdi>{member.name}</bdi>)}
      </h1>
      {current !== undefined && (
        <Text c="var(--muted)">
          {texts.signedInAs(<Strong text={current.member.name} />, <Strong text={current.workspace.name} />)} {same ? texts.wouldSignInAgain : texts.endsSession}
        </Text>
      )}
      <dl className={styles.identity} data-testid="sign-in-preview">
        <div>
          <dt>{texts.workspace}</dt>
          <dd>
            <bdi>{workspace.name}</bdi>
          </dd>
        </div>
        <div>
          <dt>{texts.member}</dt>
          <dd>
            <bdi>{member.name}</bdi>
            <span>
              <bdi>{member.handle}</bdi> · {roles[member.role]}
            </span>
          </dd>
        </div>
      </dl>
      {madeBy !== undefined && (
        <p className={styles.note}>{texts.madeBy(<LinkMakers makers={madeBy} />)}</p>
      )}
      <div className={styles.actions}>
        <Button onClick={onSignIn} loading={busy} variant={current === undefined ? "filled" : "default"}>
          {texts.signIn}
        </Button>
        {current !== undefined && (
          <Button onClick={onStay} disabled={busy}>
            <span>{texts.stayAs(<bdi>{current.member.name}</bdi>)}</span>
          </Button>
        )}
      </div>
      <Text c="var(--muted)" size="sm">
        {texts.unused}
      </Text>
    </>
  );
}

function Strong({ text }: { readonly text: string }): ReactNode {
  return (
    <strong>
      <bdi>{text}</bdi>
    </strong>
  );
}

/** Prints a sign-in link. */
const command = "./heliograph up";
/** What a sign-in link looks like. */
const example = "http://…/sign-in#code=…";

interface SignedOutProps {
  readonly problem: string | undefined;
  readonly current: Account | undefined;
  readonly onCode: (code: string) => void;
  readonly onStay: () => void;
}

function SignedOut({ problem, current, onCode, onStay }: SignedOutProps): ReactNode {
  const texts = useTexts(formTexts);
  const [link, setLink] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const code = codeIn(link);
    if (code !== "") onCode(code);
  };
  return (
    <>
      <h1>{current === undefined ? texts.signInTo("Heliograph") : texts.linkFails}</h1>
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      {current !== undefined && (
        <div className={styles.actions}>
          <Text c="var(--muted)">{texts.stillSignedInAs(<bdi>{current.member.name}</bdi>, <bdi>{current.workspace.name}</bdi>)}</Text>
          <Button onClick={onStay}>
            <span>{texts.stayAs(<bdi>{current.member.name}</bdi>)}</span>
          </Button>
        </div>
      )}
      <Text c="var(--muted)">{texts.openLink(<Code>{command}</Code>)}</Text>
      <form onSubmit={submit} className={styles.form}>
        <TextInput
          label={texts.pasteLink}
          placeholder={example}
          value={link}
          onChange={(event) => setLink(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" variant={current === undefined ? "filled" : "default"} disabled={codeIn(link) === ""}>
          {texts.continue}
        </Button>
      </form>
    </>
  );
}
