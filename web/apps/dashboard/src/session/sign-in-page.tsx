import { Button, Loader, Text } from "@mantine/core";
import { Suspense, type ReactNode } from "react";
import { Boundary } from "../shared/boundary.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { Mark } from "../shell/mark.js";
import type { Gate } from "./gate.js";
import type { Answers } from "./sign-in-form.js";
import { sessionTexts } from "./texts.js";
import styles from "./sign-in.module.css";

const form = lazyPart(() => import("./sign-in-form.js").then(({ SignInForm }) => SignInForm));

interface SignInPageProps extends Answers {
  readonly gate: Gate;
  /** Retries: the link with that code, or the browser's session when the code is empty. */
  readonly onRetry: (code: string) => void;
}

/** Shown instead of the dashboard until a session is open. */
export function SignInPage({ gate, onRetry, ...answers }: SignInPageProps): ReactNode {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Mark size={44} />
        <Content gate={gate} onRetry={onRetry} {...answers} />
      </div>
    </main>
  );
}

function Content({ gate, onRetry, ...answers }: SignInPageProps): ReactNode {
  const texts = useTexts(sessionTexts);
  switch (gate.state) {
    case "checking":
      return <Opening />;
    case "waiting":
      return (
        <>
          <h1>{gate.answered ? texts.notAvailable : texts.notReachable}</h1>
          <Text c="var(--muted)">{gate.problem ?? texts.notReachableText}</Text>
          <Button onClick={() => onRetry(gate.code)}>{texts.tryAgain}</Button>
        </>
      );
    default:
      return (
        <Boundary name={texts.part}>
          <Suspense fallback={<Opening />}>
            <form.Part gate={gate} {...answers} />
          </Suspense>
        </Boundary>
      );
  }
}

function Opening(): ReactNode {
  const texts = useTexts(sessionTexts);
  return (
    <p className={styles.quiet} role="status">
      <Loader size="xs" type="dots" /> {texts.opening}
    </p>
  );
}
