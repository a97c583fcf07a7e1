import { Skeleton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import type { Approval } from "@heliograph/client";
import { Suspense, type ReactNode } from "react";
import { Boundary } from "../shared/boundary.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { requestTexts } from "./request-texts.js";
import styles from "./approval-detail.module.css";

const messages = lazyPart(() => import("./last-messages.js").then(({ LastMessages }) => LastMessages));
const history = lazyPart(() => import("./request-history.js").then(({ RequestHistory }) => RequestHistory));

/** What is around a request. Nothing of a section is fetched before it is opened. */
export function ContextSections({ approval }: { readonly approval: Approval }): ReactNode {
  return (
    <>
      <Section name="messages">
        <messages.Part agentId={approval.agentId} />
      </Section>
      <Section name="history">
        <history.Part approval={approval} />
      </Section>
    </>
  );
}

/** A section that is closed until it is opened; this browser keeps which are open. */
function Section({ name, children }: { readonly name: "messages" | "history"; readonly children: ReactNode }): ReactNode {
  const texts = useTexts(requestTexts);
  const [open, setOpen] = useLocalStorage({ key: `heliograph:section:${name}`, defaultValue: false, getInitialValueInEffect: false });
  return (
    <details className={styles.card} open={open}>
      <summary
        onClick={(event) => {
          event.preventDefault();
          setOpen(!open);
        }}
      >
        <h2>{texts[name]}</h2>
      </summary>
      {open && (
        <Boundary name={texts.parts[name]}>
          <Suspense fallback={<Skeleton height={60} />}>{children}</Suspense>
        </Boundary>
      )}
    </details>
  );
}
