import { isType, type EventBatch, type HeliographEvent, type Notification as Notice } from "@heliograph/client";
import { useApprovals } from "@heliograph/react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { useLocation } from "wouter";
import { useSession } from "../session/session-context.js";
import { DesktopNotices, isWanted } from "./desktop-notices.js";
import { desktopPermission } from "./desktop-permission.js";
import { preferencesQuery } from "./notification-preferences.js";

/** Preferences that are older are asked for again. Milliseconds. */
const MAX_AGE = 5_000;

/**
 * Shows notifications of the desktop, as the member's preferences say, while no tab of the dashboard is visible: of live events only, and in one
 * of the tabs. Each is closed when its request is decided or when it was read. Renders nothing.
 */
export function DesktopNotifications(): null {
  const { client } = useSession();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const { lookup } = useApprovals({ status: "pending", sort: "expiresAt" });

  const open = useEffectEvent(({ id, url }: Notice) => {
    client.rest.mark({ ids: [id] }, "read").catch(() => undefined);
    if (url.startsWith("/")) navigate(url);
  });
  const wanted = useEffectEvent(async (notice: Notice) => {
    const preferences = await queries.query({ ...preferencesQuery(client), staleTime: MAX_AGE });
    return isWanted(preferences, notice, notice.subject.type === "approval" ? lookup(notice.subject.id)?.risk : undefined);
  });

  useEffect(() => {
    const notices = new DesktopNotices((notice) => open(notice));
    /** Those of which it is not known yet whether they are wanted. */
    const waiting = new Map<string, Notice>();
    const consider = async (notice: Notice) => {
      waiting.set(notice.id, notice);
      const show = await wanted(notice).catch(() => false);
      // While the preferences were loaded, the notification may have been read, or replaced by a newer one with the same id.
      if (waiting.get(notice.id) !== notice) return;
      waiting.delete(notice.id);
      if (show) notices.show(notice);
    };
    const onRead = ({ data: { ids } }: HeliographEvent<"notification:read">) => {
      if (ids === undefined) {
        waiting.clear();
        notices.closeAll();
        return;
      }
      ids.forEach((id) => waiting.delete(id));
      notices.close(ids);
    };
    const onBatch = ({ events, unattended }: EventBatch) => {
      for (const event of events) {
        if (isType(event, "notification:read")) onRead(event);
        else if (unattended === true && isType(event, "notification:new") && desktopPermission() === "granted") void consider(event.data.notification);
      }
    };
    const undo = client.onBatch(onBatch);
    // A page that has gone does not hear clicks.
    const leave = () => notices.closeAll();
    window.addEventListener("pagehide", leave);
    return () => {
      undo();
      window.removeEventListener("pagehide", leave);
      waiting.clear();
      leave();
    };
  }, [client]);
  return null;
}
