import { NativeSelect, Switch } from "@mantine/core";
import { notificationKinds, type NotificationKind, type NotificationPreferences, type Risk } from "@heliograph/client";
import type { ReactNode } from "react";
import { mayDecide } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { Cell, DataTable, HeadCell, Row } from "../shared/data-table.js";
import { useTexts } from "../shared/language.js";
import { DesktopBox } from "./desktop-box.js";
import { notificationTexts } from "./notification-texts.js";
import { NoRows } from "./problem.js";
import { Section } from "./section.js";
import { settingsTexts } from "./texts.js";
import { usePreferences, type Change } from "./use-preferences.js";
import styles from "./settings.module.css";

const risks: readonly Risk[] = ["low", "medium", "high", "critical"];

/** What the member is notified of, in the inbox and on the desktop. */
export function NotificationsSection(): ReactNode {
  const { sections } = useTexts(settingsTexts);
  const texts = useTexts(notificationTexts);
  const { identity } = useSession();
  const { preferences, loadError, reload, saveError, change } = usePreferences();
  return (
    <Section title={sections.notifications} text={mayDecide(identity) ? texts.text : texts.viewer}>
      {preferences === undefined ? (
        <NoRows error={loadError} onReload={reload} />
      ) : (
        <>
          <DataTable label={sections.notifications} columns={[texts.kind, texts.inApp, texts.desktop]}>
            {notificationKinds.map((kind) => (
              <KindRow key={kind} kind={kind} preferences={preferences} onChange={change} />
            ))}
          </DataTable>
          <NativeSelect
            className={styles.narrow ?? ""}
            label={texts.minRisk}
            value={preferences.desktop.minRisk}
            onChange={(event) => {
              const minRisk = risks.find((risk) => risk === event.currentTarget.value);
              if (minRisk !== undefined) change((known) => ({ ...known, desktop: { ...known.desktop, minRisk } }));
            }}
          >
            {risks.map((risk) => (
              <option key={risk} value={risk}>
                {texts.minRisks[risk]}
              </option>
            ))}
          </NativeSelect>
          {saveError !== null && (
            <p className={styles.problem} role="alert">
              {texts.notSaved(saveError.message)}
            </p>
          )}
        </>
      )}
      <DesktopBox />
    </Section>
  );
}

interface KindRowProps {
  readonly kind: NotificationKind;
  readonly preferences: NotificationPreferences;
  readonly onChange: (change: Change) => void;
}

function KindRow({ kind, preferences, onChange }: KindRowProps): ReactNode {
  const texts = useTexts(notificationTexts);
  const { inApp, desktop } = preferences;
  const name = texts.kinds[kind];
  const fixed = kind === "approval.requested";
  return (
    <Row id={kind}>
      <HeadCell>
        {name}
        {fixed && <span className={styles.rowHint}>{texts.alwaysOn}</span>}
      </HeadCell>
      <Cell label={texts.inApp}>
        <Switch
          size="md"
          aria-label={texts.switch(name, texts.inApp)}
          checked={inApp[kind]}
          disabled={fixed}
          onChange={({ currentTarget: { checked } }) => onChange((known) => ({ ...known, inApp: { ...known.inApp, [kind]: checked } }))}
        />
      </Cell>
      <Cell label={texts.desktop}>
        {/* What does not come into the inbox does not come to the desktop. */}
        <Switch
          size="md"
          aria-label={texts.switch(name, texts.desktop)}
          checked={inApp[kind] && desktop[kind]}
          disabled={!inApp[kind]}
          onChange={({ currentTarget: { checked } }) => onChange((known) => ({ ...known, desktop: { ...known.desktop, [kind]: checked } }))}
        />
      </Cell>
    </Row>
  );
}
