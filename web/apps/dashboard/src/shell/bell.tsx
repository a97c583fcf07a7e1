import { ActionIcon, Button, Popover, ScrollArea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { MarkTarget, Notification } from "@heliograph/client";
import { useNotifications } from "@heliograph/react";
import { IconAlertTriangle, IconAt, IconBell, IconChecklist, IconCircleCheck, IconClockX, IconInfoCircle, IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { AgentText } from "../shared/agent-text.js";
import { Boundary } from "../shared/boundary.js";
import { Ago } from "../shared/time.js";
import { Empty } from "../shared/empty.js";
import styles from "./bell.module.css";

/** The bell: a badge with the number of unseen notifications, and the inbox. Opening the inbox marks all as seen; opening an entry marks it as read. */
export function Bell(): ReactNode {
  const { notifications, unseen, unread, mark } = useNotifications();
  const [opened, { toggle, close }] = useDisclosure(false);
  const [failure, setFailure] = useState<string>();
  const newest = notifications[0]?.createdAt;
  const markRead = (target: MarkTarget) => {
    setFailure(undefined);
    mark(target, "read").catch((error: unknown) => setFailure(error instanceof Error ? error.message : String(error)));
  };

  useEffect(() => {
    if (opened && unseen > 0 && newest !== undefined) void mark({ all: true, before: newest }, "seen").catch(ignore);
    // `mark` is new on each render and means the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [opened, unseen, newest]);

  return (
    <Popover opened={opened} onChange={close} position="bottom-end" width="min(400px, calc(100vw - 16px))" shadow="md" radius="lg" trapFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          radius="xl"
          className={styles.bell}
          data-testid="bell"
          aria-label={unseen === 0 ? "Notifications" : `Notifications, ${unseen} unseen`}
          aria-haspopup="dialog"
          aria-expanded={opened}
          onClick={toggle}
        >
          <IconBell size={20} stroke={1.7} />
          {unseen > 0 && (
            <span className={styles.badge} data-testid="bell-count" aria-hidden>
              {unseen > 99 ? "99+" : unseen}
            </span>
          )}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label="Notifications">
        <div className={styles.head}>
          <h2>Notifications</h2>
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={unread === 0 || newest === undefined}
            onClick={() => newest !== undefined && markRead({ all: true, before: newest })}
          >
            Mark all read
          </Button>
        </div>
        {failure !== undefined && (
          <p className={styles.failure} role="alert">
            Not marked as read: {failure}
          </p>
        )}
        <Boundary name="The inbox">
        <ScrollArea.Autosize mah="min(560px, 70dvh)" type="auto">
          {notifications.length === 0 ? (
            <Empty icon={<IconBell size={26} stroke={1.6} />} title="No notifications">
              Approval requests and agent errors appear here.
            </Empty>
          ) : (
            <ul className={styles.list}>
              {notifications.map((notification) => (
                <Entry
                  key={notification.id}
                  notification={notification}
                  onOpen={() => {
                    close();
                    if (notification.readAt === undefined) markRead({ ids: [notification.id] });
                  }}
                />
              ))}
            </ul>
          )}
        </ScrollArea.Autosize>
        </Boundary>
      </Popover.Dropdown>
    </Popover>
  );
}

function Entry({ notification, onOpen }: { readonly notification: Notification; readonly onOpen: () => void }): ReactNode {
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
            {notification.count > 1 && <span className={styles.times}>×{notification.count}</span>}
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
            <span className="visually-hidden">unread</span>
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

/** Marking as seen is retried when the inbox opens again; until then the badge shows the server's count. */
function ignore(): void {
  // see above
}
