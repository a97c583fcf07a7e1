import type { Approval } from "@heliograph/client";
import { IconClock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useFormats, type Formats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { useServerNow } from "../shared/time.js";
import { approvalsTexts } from "./texts.js";
import styles from "./countdown.module.css";

/** The time left to decide, by the server's clock. The server decides when a request expires. */
export function Countdown({ approval }: { readonly approval: Approval }): ReactNode {
  const texts = useTexts(approvalsTexts);
  const formats = useFormats();
  const left = useTimeLeft(approval);
  const urgency = left <= 60_000 ? "now" : left <= 300_000 ? "soon" : "later";
  return (
    <span className={styles.countdown} data-urgency={urgency} title={texts.expires(formats.exactTime(approval.expiresAt))}>
      <IconClock size={14} stroke={1.9} aria-hidden />
      {left <= 0 ? texts.expiredMaybe : texts.left(leftText(left, formats))}
    </span>
  );
}

/** Milliseconds until the deadline; updated every second in the last ten minutes, and every 15 seconds before. */
export function useTimeLeft(approval: Approval): number {
  const deadline = Date.parse(approval.expiresAt);
  const coarse = useServerNow(approval.status === "pending" ? 15_000 : null);
  const fine = useServerNow(approval.status === "pending" && deadline - coarse < 600_000 ? 1_000 : null);
  return deadline - Math.max(coarse, fine);
}

/** Such as `4:05`, `42 min`, `3 h`. */
export function leftText(left: number, { unit }: Pick<Formats, "unit">): string {
  const seconds = Math.ceil(left / 1000);
  if (seconds < 600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return unit(minutes, "minute");
  const hours = Math.round(minutes / 60);
  return hours < 48 ? unit(hours, "hour") : unit(Math.round(hours / 24), "day");
}
