import { Button } from "@mantine/core";
import { ageText, useConnectionStatus, useNow, useWebSocket } from "@heliograph/react";
import { IconClockExclamation, IconLock, IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import { currentSession } from "../session/session.js";
import { useSession } from "../session/session-context.js";
import { useAnnouncer } from "../shared/announcer.js";
import styles from "./banner.module.css";

/** One thin line when the page is old or cannot be written to. Rows and typed text stay as they are. */
export function Banner(): ReactNode {
  const { banner } = useConnectionStatus();
  if (banner === null) return null;
  return banner === "sign_in" ? <SignInAgain /> : <Old offline={banner === "offline"} />;
}

function Old({ offline }: { readonly offline: boolean }): ReactNode {
  const { connection, retryNow } = useWebSocket();
  const now = useNow(1000);
  const since = connection.lastSyncAt ?? connection.downSince;
  const age = since === null ? "of unknown age" : `from ${ageText(now - since)} ago`;
  return (
    <div className={styles.banner} data-tone={offline ? "bad" : "warn"} role="status" data-testid="stale-banner">
      {offline ? <IconPlugConnectedX size={18} aria-hidden /> : <IconClockExclamation size={18} aria-hidden />}
      <span>
        {offline ? "Offline. " : "The connection is lost. "}
        What you see is <span data-testid="data-age">{age}</span>
        {offline ? "; decisions wait until it is back." : "."}
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
  const [missed, setMissed] = useState(false);
  useEffect(() => assertive("Your session has ended. Sign in again to go on."), [assertive]);
  const goOn = () => {
    setTrying(true);
    currentSession()
      .then((session) => {
        if (session === undefined) setMissed(true);
        else client.signedIn();
      })
      .catch(() => setMissed(true))
      .finally(() => setTrying(false));
  };
  return (
    <div className={styles.banner} data-tone="bad" role="alert" data-testid="sign-in-banner">
      <IconLock size={18} aria-hidden />
      <span>
        Your session has ended. Open a new sign-in link in another tab, then go on here; what you typed is kept.
        {missed && " There is no new session yet."}
      </span>
      <Button size="compact-sm" variant="default" onClick={goOn} loading={trying}>
        I have signed in
      </Button>
    </div>
  );
}
