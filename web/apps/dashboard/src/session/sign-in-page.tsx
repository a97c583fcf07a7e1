import { Button, Code, Loader, Text, TextInput } from "@mantine/core";
import { useState, type ReactNode, type SubmitEvent } from "react";
import { Mark } from "../shell/mark.js";
import styles from "./sign-in-page.module.css";

export type Gate =
  | { readonly state: "checking" }
  | { readonly state: "signed_out"; readonly problem?: string }
  | { readonly state: "unreachable"; readonly problem: string };

/** What stands in front of the dashboard: how to get in, or why it does not go on. */
export function SignInPage({ gate, onCode, onRetry }: { gate: Gate; onCode: (code: string) => void; onRetry: () => void }): ReactNode {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Mark size={44} />
        {gate.state === "checking" && (
          <p className={styles.quiet} role="status">
            <Loader size="xs" type="dots" /> Opening your workspace
          </p>
        )}
        {gate.state === "unreachable" && (
          <>
            <h1>The server does not answer</h1>
            <Text c="var(--muted)">{gate.problem}</Text>
            <Button onClick={onRetry}>Try again</Button>
          </>
        )}
        {gate.state === "signed_out" && <SignedOut problem={gate.problem} onCode={onCode} />}
      </div>
    </main>
  );
}

function SignedOut({ problem, onCode }: { problem: string | undefined; onCode: (code: string) => void }): ReactNode {
  const [link, setLink] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const code = codeIn(link);
    if (code !== "") onCode(code);
  };
  return (
    <>
      <h1>Sign in to Heliograph</h1>
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
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
        <Button type="submit" disabled={codeIn(link) === ""}>
          Sign in
        </Button>
      </form>
    </>
  );
}

/** The code in a sign-in link, or the text itself when it is a bare code. */
export function codeIn(text: string): string {
  const trimmed = text.trim();
  return /[#&]code=([^&\s]+)/.exec(trimmed)?.[1] ?? (/^[\w-]{8,}$/.test(trimmed) ? trimmed : "");
}
