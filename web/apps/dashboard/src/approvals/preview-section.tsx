import { Skeleton } from "@mantine/core";
import type { Preview } from "@heliograph/client";
import { Suspense, useEffect, type ReactNode, type RefObject } from "react";
import { Boundary } from "../shared/boundary.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { Plain } from "./plain.js";
import { requestTexts } from "./request-texts.js";
import styles from "./approval-detail.module.css";

const view = lazyPart(() => import("./preview.js").then(({ PreviewView }) => PreviewView));

interface PreviewSectionProps {
  readonly preview: Preview;
  /** Of an empty element behind the preview. */
  readonly end: RefObject<HTMLDivElement | null>;
  /** Called when the preview is on the page in some form, and when it is not any more. Keep it the same. */
  readonly onShown: (shown: boolean) => void;
}

/** What the action would change, as the agent describes it. */
export function PreviewSection({ preview, end, onShown }: PreviewSectionProps): ReactNode {
  const texts = useTexts(requestTexts);
  const shown = <Shown onShown={onShown} />;
  return (
    <section className={styles.card} aria-label={texts.preview}>
      <div className={styles.cardHead}>
        <h2>{texts.changes}</h2>
      </div>
      <Boundary
        name={texts.parts.preview}
        fallback={
          <>
            <Plain text={JSON.stringify(preview, null, 2)} />
            {shown}
          </>
        }
      >
        <Suspense fallback={<Skeleton height={80} />}>
          <view.Part preview={preview} />
          {shown}
        </Suspense>
      </Boundary>
      <div ref={end} />
    </section>
  );
}

/** Tells that what stands beside it is on the page: while that is loaded, no effect runs. */
function Shown({ onShown }: { readonly onShown: (shown: boolean) => void }): ReactNode {
  useEffect(() => {
    onShown(true);
    return () => onShown(false);
  }, [onShown]);
  return null;
}
