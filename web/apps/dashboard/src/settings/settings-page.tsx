import { Suspense, useEffect, useRef, type ReactNode } from "react";
import { Link } from "wouter";
import { mayAdminister } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { NotFound } from "../shared/empty.js";
import { useTexts } from "../shared/language.js";
import { AppearanceSection } from "./appearance-section.js";
import { KeysSection } from "./keys-section.js";
import { MembersSection } from "./members-section.js";
import { NotificationsSection } from "./notifications-section.js";
import { SessionsSection } from "./sessions-section.js";
import { ShortcutsSection } from "./shortcuts-section.js";
import { settingsTexts } from "./texts.js";
import { UsageSection } from "./usage-section.js";
import styles from "./settings.module.css";

const sections = {
  members: MembersSection,
  "api-keys": KeysSection,
  sessions: SessionsSection,
  notifications: NotificationsSection,
  usage: UsageSection,
  appearance: AppearanceSection,
  shortcuts: ShortcutsSection,
} as const;

type SectionName = keyof typeof sections;

const names: readonly SectionName[] = ["members", "api-keys", "sessions", "notifications", "usage", "appearance", "shortcuts"];

/** The settings of the workspace, of the member and of this browser. The section is part of the address; the first without one. */
export function SettingsPage({ section = "members" }: { readonly section?: string | undefined }): ReactNode {
  const texts = useTexts(settingsTexts);
  const { identity } = useSession();
  const nav = useRef<HTMLElement>(null);
  const current = names.find((name) => name === section);
  useEffect(() => {
    // On a narrow screen the links scroll sideways.
    nav.current?.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  if (current === undefined) return <NotFound />;
  const shown = names.filter((name) => name !== "api-keys" || mayAdminister(identity));
  const Current = sections[current];
  return (
    <div className={styles.page}>
      <h1>{texts.title}</h1>
      <nav ref={nav} aria-label={texts.title} className={styles.nav}>
        {shown.map((name) => (
          <Link key={name} href={`/settings/${name}`} aria-current={name === current ? "page" : undefined}>
            {texts.sections[name]}
          </Link>
        ))}
      </nav>
      <div className={styles.content}>
        <Suspense>
          <Current key={current} />
        </Suspense>
      </div>
    </div>
  );
}
