import { ActionIcon, Menu, Tooltip, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ConnectionStatus, useApprovals, useConnectionStatus } from "@heliograph/react";
import { IconChecklist, IconKeyboard, IconLogout, IconMoon, IconRobot, IconSun, IconSunMoon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { signOut } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { AnnouncerProvider } from "../shared/announcer.js";
import { useNoHeldClicks, useShortcuts } from "../shared/keyboard.js";
import { Banner } from "./banner.js";
import { Bell } from "./bell.js";
import { CatchUpSummary } from "./catch-up-summary.js";
import { SignedInBy } from "./signed-in-by.js";
import { Mark } from "./mark.js";
import { ShortcutsHelp } from "./shortcuts-help.js";
import styles from "./shell.module.css";

const screens = [
  { path: "/approvals", label: "Approvals", icon: IconChecklist },
  { path: "/agents", label: "Agents", icon: IconRobot },
] as const;

/** The frame of every screen: navigation, connection status and notifications. */
export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const { identity } = useSession();
  const { counts } = useApprovals({ status: "pending", sort: "expiresAt" });
  const [helpOpen, help] = useDisclosure(false);
  useShortcuts({ "?": help.open });
  useNoHeldClicks();
  return (
    <AnnouncerProvider>
      <a href="#main" className={styles.skip}>
        Skip to content
      </a>
      <div className={styles.shell}>
        <header className={styles.top}>
          <Link href="/approvals" className={styles.brand}>
            <Mark />
            <span className={styles.names}>
              <span className={styles.product}>Heliograph</span>
              <span className={styles.workspace}>{identity.workspace.name}</span>
            </span>
          </Link>
          <nav className={styles.nav} aria-label="Main">
            {screens.map(({ path, label, icon: Icon }) => (
              <ScreenLink key={path} path={path}>
                <Icon size={19} stroke={1.7} aria-hidden />
                {label}
                {path === "/approvals" && counts !== undefined && counts.pending > 0 && (
                  <span className={styles.count} data-critical={counts.critical > 0}>
                    {counts.pending}
                    <span className="visually-hidden"> pending</span>
                  </span>
                )}
              </ScreenLink>
            ))}
          </nav>
          <div className={styles.tools}>
            <Status />
            <Bell />
            <Account onHelp={help.open} />
          </div>
        </header>
        <div className={styles.notices}>
          <SignedInBy />
          <Banner />
        </div>
        <main id="main" className={styles.main} tabIndex={-1}>
          {children}
        </main>
      </div>
      <CatchUpSummary />
      <ShortcutsHelp opened={helpOpen} onClose={help.close} />
    </AnnouncerProvider>
  );
}

function Status(): ReactNode {
  const { tone } = useConnectionStatus();
  return <ConnectionStatus className={tone === "good" ? styles.statusGood : styles.status} onSignIn={() => location.reload()} />;
}

function ScreenLink({ path, children }: { readonly path: string; readonly children: ReactNode }): ReactNode {
  const [location] = useLocation();
  const current = location.startsWith(path) || (location === "/" && path === "/approvals");
  return (
    <Link href={path} className={styles.screen} aria-current={current ? "page" : undefined}>
      {children}
    </Link>
  );
}

const schemes: readonly { readonly value: MantineColorScheme; readonly label: string; readonly icon: typeof IconSun }[] = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "System", icon: IconSunMoon },
];

function Account({ onHelp }: { readonly onHelp: () => void }): ReactNode {
  const session = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { member, workspace } = session.identity;
  const leave = () => void signOut(session).finally(() => location.assign("/sign-in"));
  return (
    <Menu position="bottom-end" width={230} shadow="md" radius="md">
      <Menu.Target>
        <Tooltip label={`${member.name}, ${member.role}`} openDelay={400}>
          <ActionIcon className={styles.avatar} variant="subtle" size={34} radius="xl" aria-label="Your account and settings">
            {initials(member.name)}
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.who}>
          <strong>{member.name}</strong>
          <span>
            {member.role} in {workspace.name}
          </span>
        </div>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        {schemes.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            leftSection={<Icon size={16} stroke={1.7} />}
            rightSection={colorScheme === value ? "✓" : undefined}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} stroke={1.7} />} onClick={onHelp}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.7} />} onClick={leave}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/[\s._@-]+/);
  return ((words[0]?.[0] ?? "?") + (words[1]?.[0] ?? "")).toUpperCase();
}
