import { ActionIcon } from "@mantine/core";
import { useNotifications } from "@heliograph/react";
import { IconBell } from "@tabler/icons-react";
import { Suspense, useEffect, type ReactNode } from "react";
import { Boundary } from "../shared/boundary.js";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { PopupPanel, usePopup } from "../shared/popup.js";
import { shellTexts } from "./texts.js";
import styles from "./bell.module.css";

const inboxPart = lazyPart(() => import("./inbox.js").then(({ Inbox }) => Inbox));

/** The bell: a badge with the number of unseen notifications, and the inbox. Opening the inbox marks all as seen. */
export function Bell(): ReactNode {
  const texts = useTexts(shellTexts);
  const { number } = useFormats();
  const inbox = useNotifications();
  const { notifications, unseen, mark } = inbox;
  const { opened, toggle, close, root, button } = usePopup();
  const newest = notifications[0]?.createdAt;

  useEffect(() => {
    if (opened && unseen > 0 && newest !== undefined) void mark({ all: true, before: newest }, "seen").catch(ignore);
    // `mark` is new on each render and means the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [opened, unseen, newest]);

  return (
    <div ref={root}>
      <ActionIcon
        ref={button}
        variant="subtle"
        color="gray"
        size={36}
        radius="xl"
        className={styles.bell}
        data-testid="bell"
        aria-label={unseen === 0 ? texts.notifications : texts.unseen(unseen)}
        aria-haspopup="dialog"
        aria-expanded={opened}
        onPointerEnter={inboxPart.preload}
        onClick={toggle}
      >
        <IconBell size={20} stroke={1.7} />
        {unseen > 0 && (
          <span className={styles.badge} data-testid="bell-count" aria-hidden>
            {unseen > 99 ? `${number(99)}+` : number(unseen)}
          </span>
        )}
      </ActionIcon>
      {opened && (
        <PopupPanel role="dialog" label={texts.notifications} className={styles.panel}>
          <Boundary name={texts.parts.inbox}>
            <Suspense fallback={<div className={styles.loading} role="status" aria-label={texts.loadingInbox} />}>
              <inboxPart.Part inbox={inbox} onClose={close} />
            </Suspense>
          </Boundary>
        </PopupPanel>
      )}
    </div>
  );
}

/** Marking as seen is retried when the inbox opens again; until then the badge shows the server's count. */
function ignore(): void {
  // see above
}
