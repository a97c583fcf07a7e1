import { useDisclosure } from "@mantine/hooks";
import { ConnectionStatus, useApprovals, useConnectionStatus } from "@heliograph/react";
import { Suspense, useEffect, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { OnlineMembers } from "../presence/online-members.js";
import { useSession } from "../session/session-context.js";
import { AnnouncerProvider } from "../shared/announcer.js";
import { Boundary } from "../shared/boundary.js";
import { useNoHeldClicks, usePaletteKey, useShortcuts } from "../shared/keyboard.js";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { lazyPart } from "../shared/lazy-part.js";
import { whenIdle } from "../shared/when-idle.js";
import { Account } from "./account.js";
import { Banner } from "./banner.js";
import { Bell } from "./bell.js";
import { SignedInBy } from "./signed-in-by.js";
import { Mark } from "./mark.js";
import { PageSigns } from "./page-signs.js";
import { screenAt, screensOf } from "./screens.js";
import { shellTexts } from "./texts.js";
import styles from "./shell.module.css";

const shortcutsHelp = lazyPart(() => import("./shortcuts-help.js").then(({ ShortcutsHelp }) => ShortcutsHelp));

const background = lazyPart(() => import("./background.js").then(({ Background }) => Background));

const palette = lazyPart(() => import("../palette/palette.js").then(({ Palette }) => Palette));

/** The frame of every screen: navigation, connection status and notifications. */
export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const texts = useTexts(shellTexts);
  const { number } = useFormats();
  const { identity } = useSession();
  const pending = useApprovals({ status: "pending", sort: "expiresAt" });
  const { counts } = pending;
  const [helpOpen, help] = useDisclosure(false);
  const [paletteOpen, paletteDialog] = useDisclosure(false);
  useShortcuts({ "?": help.open });
  usePaletteKey(paletteDialog.open);
  useEffect(() => whenIdle(palette.preload), []);
  useNoHeldClicks();
  return (
    <AnnouncerProvider>
      <PageSigns pending={pending} />
      <a href="#main" className={styles.skip}>
        {texts.skip}
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
          <nav className={styles.nav} aria-label={texts.main}>
            {screensOf(identity).map(({ path, name, icon: Icon }) => (
              <ScreenLink key={path} path={path}>
                <Icon size={19} stroke={1.7} aria-hidden />
                {texts.screens[name]}
                {path === "/approvals" && counts !== undefined && counts.pending > 0 && (
                  <span className={styles.count} data-critical={counts.critical > 0}>
                    {number(counts.pending)}
                    <span className="visually-hidden"> {texts.pending}</span>
                  </span>
                )}
              </ScreenLink>
            ))}
          </nav>
          <div className={styles.tools}>
            <Status />
            <OnlineMembers />
            <Bell />
            <Account onHelp={help.open} />
          </div>
        </header>
        <div className={styles.notices}>
          <SignedInBy />
          <Banner />
        </div>
        <main id="main" className={styles.main} tabIndex={-1}>
          <Suspense>{children}</Suspense>
        </main>
      </div>
      <Boundary name={texts.parts.toasts} fallback={null}>
        <Suspense fallback={null}>
          <background.Part />
        </Suspense>
      </Boundary>
      {helpOpen && (
        <div className={styles.failed}>
          <Boundary name={texts.parts.shortcuts}>
            <Suspense fallback={null}>
              <shortcutsHelp.Part onClose={help.close} />
            </Suspense>
          </Boundary>
        </div>
      )}
      {paletteOpen && (
        <div className={styles.failed}>
          <Boundary name={texts.parts.palette}>
            {/* While the palette is loaded its place is held: keys that are typed for it decide nothing. */}
            <Suspense fallback={<div role="dialog" aria-modal aria-label={texts.parts.palette} className={styles.holding} />}>
              <palette.Part onClose={paletteDialog.close} onHelp={help.open} />
            </Suspense>
          </Boundary>
        </div>
      )}
    </AnnouncerProvider>
  );
}

function Status(): ReactNode {
  const { connection } = useTexts(shellTexts);
  const { tone } = useConnectionStatus();
  return <ConnectionStatus texts={connection} className={tone === "good" ? styles.statusGood : styles.status} onSignIn={() => location.reload()} />;
}

function ScreenLink({ path, children }: { readonly path: string; readonly children: ReactNode }): ReactNode {
  const [location] = useLocation();
  const current = screenAt(location)?.path === path;
  return (
    <Link href={path} className={styles.screen} aria-current={current ? "page" : undefined}>
      {children}
    </Link>
  );
}
