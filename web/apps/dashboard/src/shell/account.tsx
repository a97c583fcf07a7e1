import { ActionIcon, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconKeyboard, IconLogout, IconMoon, IconSun, IconSunMoon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { signOut } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { MenuItem, PopupPanel, usePopup } from "../shared/popup.js";
import styles from "./account.module.css";

const schemes: readonly { readonly value: MantineColorScheme; readonly label: string; readonly icon: typeof IconSun }[] = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "System", icon: IconSunMoon },
];

/** Who is signed in, and the menu with what concerns them. */
export function Account({ onHelp }: { readonly onHelp: () => void }): ReactNode {
  const session = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { opened, toggle, close, dismiss, root, button } = usePopup();
  const { member, workspace } = session.identity;
  const leave = () => void signOut(session).finally(() => location.assign("/sign-in"));
  const icon = { size: 16, stroke: 1.7, "aria-hidden": true } as const;
  return (
    <div ref={root}>
      <ActionIcon
        ref={button}
        className={styles.avatar}
        variant="subtle"
        size={34}
        radius="xl"
        title={`${member.name}, ${member.role}`}
        aria-label="Your account and settings"
        aria-haspopup="menu"
        aria-expanded={opened}
        onClick={toggle}
      >
        <span aria-hidden>{initials(member.name)}</span>
      </ActionIcon>
      {opened && (
        <PopupPanel role="menu" label="Your account and settings" className={styles.menu}>
          <div className={styles.who} role="presentation">
            <strong>{member.name}</strong>
            <span>
              {member.role} in {workspace.name}
            </span>
          </div>
          <div role="group" aria-label="Appearance" className={styles.group}>
            <span className={styles.label} aria-hidden>
              Appearance
            </span>
            {schemes.map(({ value, label, icon: Icon }) => (
              <MenuItem
                key={value}
                icon={<Icon {...icon} />}
                checked={{ of: "one", value: colorScheme === value }}
                onClick={() => {
                  setColorScheme(value);
                  dismiss();
                }}
              >
                {label}
              </MenuItem>
            ))}
          </div>
          <div role="group" className={styles.group}>
            <MenuItem
              icon={<IconKeyboard {...icon} />}
              onClick={() => {
                close();
                onHelp();
              }}
            >
              Keyboard shortcuts
            </MenuItem>
            <MenuItem icon={<IconLogout {...icon} />} onClick={leave}>
              Sign out
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
