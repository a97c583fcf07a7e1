import { IconKeyboard, IconLogout, IconSettings } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { leave } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { sessionTexts } from "../session/texts.js";
import { useTexts } from "../shared/language.js";
import { MenuItem } from "../shared/popup.js";
import { PreferenceMenu, useAppearance, useLanguagePreference } from "./preferences.js";
import { shellTexts } from "./texts.js";
import styles from "./account.module.css";

interface AccountMenuProps {
  readonly onHelp: () => void;
  /** The focus stays where it is. */
  readonly onClose: () => void;
  /** The focus goes back to the button. */
  readonly onDismiss: () => void;
}

/** What the account's menu has: who is signed in, how the page looks, and where the settings are. */
export function AccountMenu({ onHelp, onClose, onDismiss }: AccountMenuProps): ReactNode {
  const session = useSession();
  const texts = useTexts(shellTexts);
  const { roles } = useTexts(sessionTexts);
  const appearance = useAppearance();
  const language = useLanguagePreference();
  const { member, workspace } = session.identity;
  const [, navigate] = useLocation();
  const icon = { size: 16, stroke: 1.7, "aria-hidden": true } as const;
  return (
    <>
      <div className={styles.who} role="presentation">
        <strong>{member.name}</strong>
        <span>{texts.roleIn(roles[member.role], workspace.name)}</span>
      </div>
      <PreferenceMenu preference={appearance} onDone={onDismiss} />
      <PreferenceMenu preference={language} onDone={onDismiss} />
      <div role="group" className={styles.group}>
        <MenuItem
          icon={<IconSettings {...icon} />}
          onClick={() => {
            onClose();
            navigate("/settings");
          }}
        >
          {texts.screens.settings}
        </MenuItem>
        <MenuItem
          icon={<IconKeyboard {...icon} />}
          onClick={() => {
            onClose();
            onHelp();
          }}
        >
          {texts.shortcuts}
        </MenuItem>
        <MenuItem icon={<IconLogout {...icon} />} onClick={() => leave(session)}>
          {texts.signOut}
        </MenuItem>
      </div>
    </>
  );
}
