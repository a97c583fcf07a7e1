import { Button, Skeleton } from "@mantine/core";
import { IconArrowDown, IconMessages } from "@tabler/icons-react";
import { useLayoutEffect, useRef, type ReactNode } from "react";
import { Empty } from "../shared/empty.js";
import { useTexts } from "../shared/language.js";
import { LogFilters } from "./log-filters.js";
import { Message } from "./message.js";
import { agentsTexts } from "./texts.js";
import type { Transcript as TranscriptState } from "./use-transcript.js";
import styles from "./transcript.module.css";

interface TranscriptProps {
  readonly transcript: TranscriptState;
}

/** The messages of an agent: earlier ones load above, the newest stay in view while the reader is at the end. */
export function Transcript({ transcript }: TranscriptProps): ReactNode {
  const texts = useTexts(agentsTexts);
  const { log, shown, unseen, toLatest, loadEarlier } = transcript;
  const { scroller, content, list, following, onScroll } = transcript.follow;
  return (
    <section className={styles.transcript} aria-label={texts.messages}>
      <LogFilters transcript={transcript} />
      <div className={styles.frame}>
        <div
          ref={scroller}
          className={styles.log}
          role="log"
          aria-label={texts.messages}
          aria-live="off"
          tabIndex={0}
          onScroll={() => {
            if (onScroll() && !transcript.failed) loadEarlier();
          }}
        >
          <div ref={content}>
            {log.messages.length === 0 ? <NoMessages transcript={transcript} /> : <Beginning transcript={transcript} />}
            {log.messages.length > 0 && shown.length === 0 && <p className={styles.note}>{texts.noMatchingMessages}</p>}
            <ol ref={list}>
              {shown.map((message) => (
                <Message key={message.id} message={message} />
              ))}
            </ol>
            <End transcript={transcript} />
          </div>
        </div>
        {!following && (
          <button
            type="button"
            className={styles.pill}
            data-testid="latest-pill"
            onClick={() => {
              toLatest();
              scroller.current?.focus({ preventScroll: true });
            }}
          >
            <IconArrowDown size={15} stroke={2} aria-hidden /> {unseen === 0 ? texts.toLatest : texts.toLatestWithNew(unseen)}
          </button>
        )}
      </div>
    </section>
  );
}

/** What lies before the messages. */
function Beginning({ transcript: { log, follow, failed, loadEarlier } }: TranscriptProps): ReactNode {
  const texts = useTexts(agentsTexts);
  const { scroller } = follow;
  const pressed = useRef(false);
  // The button that had the focus is gone when the log has no more.
  useLayoutEffect(() => {
    if (log.hasMore || !pressed.current) return;
    pressed.current = false;
    scroller.current?.focus({ preventScroll: true });
  }, [log.hasMore, scroller]);
  if (!log.hasMore) return <p className={styles.note}>{texts.logBegins}</p>;
  return (
    <div className={styles.note} data-testid="earlier">
      {failed && <p role="alert">{texts.earlierNotLoaded}</p>}
      <button
        type="button"
        className={styles.earlier}
        aria-disabled={log.isLoadingMore}
        onFocus={() => (pressed.current = true)}
        onBlur={() => (pressed.current = false)}
        onClick={loadEarlier}
      >
        {log.isLoadingMore ? texts.loadingEarlier : failed ? texts.tryAgain : texts.loadEarlier}
      </button>
    </div>
  );
}

/** What lies behind the messages, when they are not the newest or could not be renewed. */
function End({ transcript: { log, toLatest } }: TranscriptProps): ReactNode {
  const texts = useTexts(agentsTexts);
  if (log.messages.length === 0) return null;
  return (
    <>
      {log.error !== null && <p className={styles.note}>{texts.messagesNotLoaded}: {log.error.message}</p>}
      {log.newer > 0 && (
        <div className={styles.note} data-testid="newer">
          <p>{texts.newerNotShown(log.newer)}</p>
          <button type="button" className={styles.earlier} onClick={toLatest}>
            {texts.toLatest}
          </button>
        </div>
      )}
    </>
  );
}

/** Why a log has no messages. */
function NoMessages({ transcript: { log } }: TranscriptProps): ReactNode {
  const texts = useTexts(agentsTexts);
  if (log.isLoading) return <Skeleton height={240} radius="lg" />;
  if (log.error !== null) {
    return (
      <Empty title={texts.messagesNotLoaded}>
        <p>{log.error.message}</p>
        <Button mt="sm" size="compact-md" variant="light" onClick={log.refetch}>
          {texts.reload}
        </Button>
      </Empty>
    );
  }
  return (
    <Empty icon={<IconMessages size={28} stroke={1.5} />} title={texts.noMessages}>
      {texts.noMessagesText}
    </Empty>
  );
}
