import type { Approval } from "@heliograph/client";
import { useWebSocket } from "@heliograph/react";
import { IconClockPlus } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { AgentText } from "../shared/agent-text.js";
import { useAnnouncer } from "../shared/announcer.js";
import { useFormats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { MenuItem, PopupPanel, usePopup } from "../shared/popup.js";
import type { Extension } from "./extensions.js";
import { extendTexts } from "./extend-texts.js";
import styles from "./extend-menu.module.css";

interface ExtendMenuProps {
  readonly approval: Approval;
  readonly extensions: readonly Extension[];
}

/** A menu of later deadlines. The new one shows, here and elsewhere, when its event arrives. */
export function ExtendMenu({ approval, extensions }: ExtendMenuProps): ReactNode {
  const texts = useTexts(extendTexts);
  const { unit, exactTime } = useFormats();
  const { client } = useSession();
  const { connection } = useWebSocket();
  const { polite } = useAnnouncer();
  const { opened, toggle, dismiss, root, button } = usePopup();
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<string>();

  const extend = ({ milliseconds }: Extension) => {
    dismiss();
    setSending(true);
    setFailure(undefined);
    client.rest
      .extend(approval.id, secondsUntil(Date.parse(approval.expiresAt) + milliseconds, connection.clockSkewMs ?? 0))
      .then(
        ({ expiresAt }) => polite(texts.extended(exactTime(expiresAt))),
        (error: unknown) => setFailure(error instanceof Error ? error.message : String(error)),
      )
      .finally(() => setSending(false));
  };

  return (
    <>
      <div ref={root} className={styles.root}>
        <button ref={button} type="button" className={styles.button} aria-haspopup="menu" aria-expanded={opened} aria-disabled={sending} onClick={sending ? undefined : toggle}>
          <IconClockPlus size={14} stroke={1.9} aria-hidden /> {texts.extend}
        </button>
        {opened && (
          <PopupPanel role="menu" label={texts.menu} className={styles.menu}>
            {extensions.map((extension) => (
              <MenuItem key={extension.milliseconds} onClick={() => extend(extension)}>
                {texts.by(unit(extension.value, extension.unit))}
              </MenuItem>
            ))}
          </PopupPanel>
        )}
      </div>
      {failure !== undefined && (
        <p className={styles.failure} role="alert" data-testid="extend-failed">
          {texts.failed(<AgentText text={failure} kind="prose" />)}
        </p>
      )}
    </>
  );
}

/** From now on by the server's clock, which is `skew` milliseconds ahead of the page's: the server adds them to its own time. */
function secondsUntil(deadline: number, skew: number): number {
  return Math.round((deadline - Date.now() - skew) / 1000);
}
