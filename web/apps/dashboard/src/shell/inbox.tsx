import { Button } from "@mantine/core";
import type { MarkTarget, Notification } from "@heliograph/client";
import type { NotificationsState } from "@heliograph/react";
import { IconAlertTriangle, IconAt, IconBell, IconChecklist, IconCircleCheck, IconClockX, IconInfoCircle, IconPlugConnectedX } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { AgentText } from "../shared/agent-text.js";
import { Boundary } from "../shared/boundary.js";
import { Empty } from "../shared/empty.js";
import { useTexts } from "../shared/language.js";
import { Ago } from "../shared/time.js";
import { inboxTexts } from "./inbox-texts.js";
import styles from "./bell.module.css";

interface InboxProps {
  readonly inbox: NotificationsState;
  readonly onClose: () => void;
}

/** The member's notifications. Opening an entry marks it as read. */
export function Inbox({ inbox: { notifications, unread, mark }, onClose }: InboxProps): ReactNode {
  const texts = useTexts(inboxTexts);
  const [failure, setFailure] = useState<string>();
  const newest = notifications[0]?.createdAt;
  const markRead = (target: MarkTarget) => {
    setFailure(undefined);
    mark(target, "read").catch((error: unknown) => setFailure(error instanceof Error ? error.message : String(error)));
  };
  return (
    <>
      <div className={styles.head}>
        <h2>{texts.title}</h2>
        <Button
          size="compact-sm"
          variant="subtle"
          disabled={unread === 0 || newest === undefined}
          onClick={() => newest !== undefined && markRead({ all: true, before: newest })}
        >
          {texts.markAllRead}
        </Button>
      </div>
      {failure !== undefined && (
        <p className={styles.failure} role="alert">
          {texts.notMarked(failure)}
        </p>
      )}
      <Boundary name={texts.part}>
        {notifications.length === 0 ? (
          <Empty icon={<IconBell size={26} stroke={1.6} />} title={texts.none}>
            {texts.noneText}
          </Empty>
        ) : (
          <ul className={styles.list}>
            {notifications.map((notification) => (
              <Entry
                key={notification.id}
                notification={notification}
                onOpen={() => {
                  onClose();
                  if (notification.readAt === undefined) markRead({ ids: [notification.id] });
                }}
              />
            ))}
          </ul>
        )}
      </Boundary>
    </>
  );
}

function Entry({ notification, onOpen }: { readonly notification: Notification; readonly onOpen: () => void }): ReactNode {
  const texts = useTexts(inboxTexts);
  const [, navigate] = useLocation();
  const open = () => {
    onOpen();
    if (notification.url.startsWith("/")) navigate(notification.url);
  };
  return (
    <li>
      <button
        type="button"
        className={styles.entry}
        data-testid="notification-item"
        data-notification-id={notification.id}
        data-unread={notification.readAt === undefined}
        data-severity={notification.severity}
        onClick={open}
      >
        <KindIcon kind={notification.kind} />
        <span className={styles.text}>
          <span className={styles.title}>
            <AgentText text={notification.title} kind="line" />
            {notification.count > 1 && <span className={styles.times}>{texts.times(notification.count)}</span>}
          </span>
          {notification.body !== undefined && (
            <span className={styles.body}>
              <AgentText text={notification.body} kind="line" />
            </span>
          )}
          <span className={styles.age}>
            <Ago at={notification.createdAt} />
          </span>
        </span>
        {notification.readAt === undefined && (
          <span className={styles.dot}>
            <span className="visually-hidden">{texts.unread}</span>
          </span>
        )}
      </button>
    </li>
  );
}

function KindIcon({ kind }: { readonly kind: Notification["kind"] }): ReactNode {
  const props = { size: 18, stroke: 1.8, "aria-hidden": true, className: styles.icon } as const;
  switch (kind) {
    case "approval.requested":
      return <IconChecklist {...props} />;
    case "approval.resolved":
      return <IconCircleCheck {...props} />;
    case "approval.expiring":
    case "approval.expired":
      return <IconClockX {...props} />;
    case "agent.offline":
      return <IconPlugConnectedX {...props} />;
    case "agent.error":
      return <IconAlertTriangle {...props} />;
    case "mention":
      return <IconAt {...props} />;
    default:
      return <IconInfoCircle {...props} />;
  }
}
