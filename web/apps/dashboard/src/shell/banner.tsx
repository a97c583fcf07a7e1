import { Button } from "@mantine/core";
import { ageText, useConnectionStatus, useNow, useWebSocket } from "@heliograph/react";
import { IconClockExclamation, IconLock, IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import { currentSession } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { useAnnouncer } from "../shared/announcer.js";
import styles from "./banner.module.css";

/** A line above the page when its data is stale or decisions cannot be sent. Rows and typed text stay as they are. */
export function Banner(): ReactNode {
  const { banner } = useConnectionStatus();
  if (banner === null) return null;
  return banner === "sign_in" ? <SignInAgain /> : <StaleData offline={banner === "offline"} />;
}

function StaleData({ offline }: { readonly offline: boolean }): ReactNode {
  const { connection, retryNow } = useWebSocket();
  const now = useNow(1000);
  const since = connection.lastSyncAt ?? connection.downSince;
  const { polite } = useAnnouncer();
  // Announced once; the age below changes each second and is no live region.
  useEffect(() => polite(offline ? "Offline. Decisions cannot be sent." : "Connection lost. The data is not up to date."), [offline, polite]);
  const age = since === null ? "of unknown age" : `from ${ageText(now - since)} ago`;
  return (
    <div className={styles.banner} data-tone={offline ? "bad" : "warn"} data-testid="stale-banner">
      {offline ? <IconPlugConnectedX size={18} aria-hidden /> : <IconClockExclamation size={18} aria-hidden />}
      <span>
        {offline ? "Offline. " : "Connection lost. "}
        The data is <span data-testid="data-age">{age}</span>
        {offline ? "; decisions cannot be sent." : "."}
      </span>
      <Button size="compact-sm" variant="default" onClick={retryNow} disabled={connection.trying}>
        Retry now
      </Button>
    </div>
  );
}

function SignInAgain(): ReactNode {
  const { client } = useSession();
  const { assertive } = useAnnouncer();
  const [trying, setTrying] = useState(false);
  const [notFound, setNotFound] = useState(false);
  useEffect(() => assertive("Your session has ended. Sign in again to continue."), [assertive]);
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
        Your session has ended. Open a new sign-in link in another tab, then continue here. Your input is kept.
        {notFound && " No new session found."}
      </span>
      <Button size="compact-sm" variant="default" onClick={resume} loading={trying}>
        I have signed in
      </Button>
    </div>
  );
}
