import { ActionIcon } from "@mantine/core";
import { Suspense, type ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { sessionTexts } from "../session/texts.js";
import { Boundary } from "../shared/boundary.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { PopupPanel, usePopup } from "../shared/popup.js";
import { shellTexts } from "./texts.js";
import styles from "./account.module.css";

const menu = lazyPart(() => import("./account-menu.js").then(({ AccountMenu }) => AccountMenu));

/** Who is signed in, and the menu with what concerns them. */
export function Account({ onHelp }: { readonly onHelp: () => void }): ReactNode {
  const { member } = useSession().identity;
  const texts = useTexts(shellTexts);
  const { roles } = useTexts(sessionTexts);
  const { opened, toggle, close, dismiss, root, button } = usePopup();
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
        onPointerEnter={menu.preload}
        onFocus={menu.preload}
        onClick={toggle}
      >
        <span aria-hidden>{initials(member.name)}</span>
      </ActionIcon>
      {opened && (
        <Boundary name={texts.parts.account}>
          {/* While the menu is loaded its place is held: keys that are typed for it decide nothing. */}
          <Suspense fallback={<PopupPanel role="dialog" label={texts.account} className={styles.menu}>{null}</PopupPanel>}>
            <menu.Part onHelp={onHelp} onClose={close} onDismiss={dismiss} />
          </Suspense>
        </Boundary>
      )}
    </div>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/[\s._@-]+/);
  return ((words[0]?.[0] ?? "?") + (words[1]?.[0] ?? "")).toUpperCase();
}
