import { ActionIcon } from "@mantine/core";
import { IconKeyboard, IconLogout, IconSettings } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { leave } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { sessionTexts } from "../session/texts.js";
import { useTexts } from "../shared/language.js";
import { MenuItem, PopupPanel, usePopup } from "../shared/popup.js";
import { PreferenceMenu, useAppearance, useLanguagePreference } from "./preferences.js";
import { shellTexts } from "./texts.js";
import styles from "./account.module.css";

/** Who is signed in, and the menu with what concerns them. */
export function Account({ onHelp }: { readonly onHelp: () => void }): ReactNode {
  const session = useSession();
  const texts = useTexts(shellTexts);
  const { roles } = useTexts(sessionTexts);
  const appearance = useAppearance();
  const language = useLanguagePreference();
  const { opened, toggle, close, dismiss, root, button } = usePopup();
  const { member, workspace } = session.identity;
  const role = roles[member.role];
  const [, navigate] = useLocation();
  const icon = { size: 16, stroke: 1.7, "aria-hidden": true } as const;
  return (
    <div ref={root}>
      <ActionIcon
        ref={button}
        className={styles.avatar}
        variant="subtle"
        size={34}
        radius="xl"
        title={`${member.name}, ${role}`}
        aria-label={texts.account}
        aria-haspopup="menu"
        aria-expanded={opened}
        onClick={toggle}
      >
        <span aria-hidden>{initials(member.name)}</span>
      </ActionIcon>
      {opened && (
        <PopupPanel role="menu" label={texts.account} className={styles.menu}>
          <div className={styles.who} role="presentation">
            <strong>{member.name}</strong>
            <span>{texts.roleIn(role, workspace.name)}</span>
          </div>
          <PreferenceMenu preference={appearance} onDone={dismiss} />
          <PreferenceMenu preference={language} onDone={dismiss} />
          <div role="group" className={styles.group}>
            <MenuItem
              icon={<IconSettings {...icon} />}
              onClick={() => {
                close();
                navigate("/settings");
              }}
            >
              {texts.screens.settings}
            </MenuItem>
            <MenuItem
              icon={<IconKeyboard {...icon} />}
              onClick={() => {
                close();
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
      )}
    </div>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/[\s._@-]+/);
  return ((words[0]?.[0] ?? "?") + (words[1]?.[0] ?? "")).toUpperCase();
}
