import type { ReactNode } from "react";
import { CatchUpSummary } from "./catch-up-summary.js";
import { CriticalAnnouncements } from "./critical-announcements.js";
import { DesktopNotifications } from "./desktop-notifications.js";

/** What listens to events for the member, whatever screen is shown. Renders nothing. */
export function Background(): ReactNode {
  return (
    <>
      <CatchUpSummary />
      <CriticalAnnouncements />
      <DesktopNotifications />
    </>
  );
}
