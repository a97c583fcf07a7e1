import type { HeliographClient, NotificationPreferences } from "@heliograph/client";

interface PreferencesQuery {
  readonly queryKey: readonly string[];
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<NotificationPreferences>;
  readonly networkMode: "always";
}

/** Which notifications the member gets, as a query. No event tells of a change in another tab: each use asks again. */
export function preferencesQuery({ rest }: HeliographClient): PreferencesQuery {
  return { queryKey: ["heliograph-notification-preferences"], queryFn: ({ signal }) => rest.notificationPreferences(signal), networkMode: "always" };
}
