import { Button } from "@mantine/core";
import { useConnectionStatus, useNow, useWebSocket } from "@heliograph/react";
import { IconClockExclamation, IconLock, IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import { currentSession } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { useAnnouncer } from "../shared/announcer.js";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { shellTexts } from "./texts.js";
import styles from "./banner.module.css";

/** A line above the page when its data is stale or decisions cannot be sent. Rows and typed text stay as they are. */
export function Banner(): ReactNode {
  const { banner } = useConnectionStatus();
  if (banner === null) return null;
  return banner === "sign_in" ? <SignInAgain /> : <StaleData offline={banner === "offline"} />;
}

function StaleData({ offline }: { readonly offline: boolean }): ReactNode {
  const texts = useTexts(shellTexts).banner;
  const { span } = useFormats();
  const { connection, retryNow } = useWebSocket();
  const now = useNow(1000);
  const since = connection.lastSyncAt ?? connection.downSince;
  const { polite } = useAnnouncer();
  // Announced once; the age below changes each second and is no live region.
  const spoken = offline ? texts.offlineSpoken : texts.lostSpoken;
  useEffect(() => polite(spoken), [spoken, polite]);
  const age = <span data-testid="data-age">{since === null ? texts.ageUnknown : texts.age(span(now - since))}</span>;
  return (
    <div className={styles.banner} data-tone={offline ? "bad" : "warn"} data-testid="stale-banner">
      {offline ? <IconPlugConnectedX size={18} aria-hidden /> : <IconClockExclamation size={18} aria-hidden />}
      <span>{offline ? texts.offline(age) : texts.lost(age)}</span>
      <Button size="compact-sm" variant="default" onClick={retryNow} disabled={connection.trying}>
        {texts.retryNow}
      </Button>
    </div>
  );
}

function SignInAgain(): ReactNode {
  const texts = useTexts(shellTexts).banner;
  const { client } = useSession();
  const { assertive } = useAnnouncer();
  const [trying, setTrying] = useState(false);
  const [notFound, setNotFound] = useState(false);
  useEffect(() => assertive(texts.endedSpoken), [texts, assertive]);
  const resume = () => {
    setTrying(true);
    currentSession()
      .then((session) => {
        if (session === undefined) setNotFound(true);
        else client.signedIn();
      })
      .catch(() => setNotFound(true))
      .finally(() => setTrying(false));
  };
  return (
    <div className={styles.banner} data-tone="bad" role="alert" data-testid="sign-in-banner">
      <IconLock size={18} aria-hidden />
      <span>
        {texts.ended}
        {notFound && ` ${texts.noSession}`}
      </span>
      <Button size="compact-sm" variant="default" onClick={resume} loading={trying}>
        {texts.signedIn}
      </Button>
    </div>
  );
}
