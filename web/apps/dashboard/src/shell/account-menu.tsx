import { IconKeyboard, IconLogout, IconSettings } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { leave } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { sessionTexts } from "../session/texts.js";
import { useTexts } from "../shared/language.js";
import { MenuItem, PopupPanel } from "../shared/popup.js";
import { accountTexts } from "./account-texts.js";
import { PreferenceMenu, useAppearance, useLanguagePreference } from "./preferences.js";
import { shellTexts } from "./texts.js";
import styles from "./account.module.css";

interface AccountMenuProps {
  readonly onHelp: () => void;
  /** Closes the menu; the focus stays where it is. */
  readonly onClose: () => void;
  /** Closes the menu; the focus goes back to its button. */
  readonly onDismiss: () => void;
}

/** The menu with what concerns the member that is signed in. */
export function AccountMenu({ onHelp, onClose, onDismiss }: AccountMenuProps): ReactNode {
  const session = useSession();
  const { account, screens } = useTexts(shellTexts);
  const texts = useTexts(accountTexts);
  const { roles } = useTexts(sessionTexts);
  const appearance = useAppearance();
  const language = useLanguagePreference();
  const { member, workspace } = session.identity;
  const [, navigate] = useLocation();
  const icon = { size: 16, stroke: 1.7, "aria-hidden": true } as const;
  return (
    <PopupPanel role="menu" label={account} className={styles.menu}>
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
          {screens.settings}
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
    </PopupPanel>
  );
}
