import { ActionIcon } from "@mantine/core";
import { Suspense, useEffect, type ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { sessionTexts } from "../session/texts.js";
import { Boundary } from "../shared/boundary.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { PopupPanel, usePopup } from "../shared/popup.js";
import { whenIdle } from "../shared/when-idle.js";
import { shellTexts } from "./texts.js";
import styles from "./account.module.css";

const accountMenu = lazyPart(() => import("./account-menu.js").then(({ AccountMenu }) => AccountMenu));

/** Who is signed in, and the menu with what concerns them. */
export function Account({ onHelp }: { readonly onHelp: () => void }): ReactNode {
  const texts = useTexts(shellTexts);
  const { roles } = useTexts(sessionTexts);
  const { member } = useSession().identity;
  const { opened, toggle, close, dismiss, root, button } = usePopup();
  useEffect(() => whenIdle(accountMenu.preload), []);
  return (
    <div ref={root}>
      <ActionIcon
        ref={button}
        className={styles.avatar}
        variant="subtle"
        size={34}
        radius="xl"
        title={`${member.name}, ${roles[member.role]}`}
        aria-label={texts.account}
        aria-haspopup="menu"
        aria-expanded={opened}
        onPointerEnter={accountMenu.preload}
        onClick={toggle}
      >
        <span aria-hidden>{initials(member.name)}</span>
      </ActionIcon>
      {opened && (
        <PopupPanel role="menu" label={texts.account} className={styles.menu}>
          <Boundary name={texts.account}>
            <Suspense fallback={null}>
              <accountMenu.Part onHelp={onHelp} onClose={close} onDismiss={dismiss} />
            </Suspense>
          </Boundary>
        </PopupPanel>
      )}
    </div>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/[\s._@-]+/);
  return ((words[0]?.[0] ?? "?") + (words[1]?.[0] ?? "")).toUpperCase();
}
