import type { NotificationPreferences } from "@heliograph/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSession } from "../session/session-context.js";
import { preferencesQuery } from "../shell/notification-preferences.js";

/** Makes the preferences that are wanted of those that are there. */
export type Change = (preferences: NotificationPreferences) => NotificationPreferences;

export interface PreferencesState {
  /** Undefined while they are loaded, and when that failed. */
  readonly preferences: NotificationPreferences | undefined;
  readonly loadError: Error | null;
  readonly reload: () => void;
  /** Why the newest change was not saved; the preferences are then those of the server again. */
  readonly saveError: Error | null;
  readonly change: (change: Change) => void;
}

/** The member's preferences of notifications. A change shows at once, and changes are sent one after the other. */
export function usePreferences(): PreferencesState {
  const { client } = useSession();
  const queries = useQueryClient();
  const query = useQuery(preferencesQuery(client));
  const { queryKey } = preferencesQuery(client);
  const { mutate, error } = useMutation({
    mutationFn: (preferences: NotificationPreferences) => client.rest.changeNotificationPreferences(preferences),
    scope: { id: "heliograph-notification-preferences" },
    networkMode: "always",
    onError: () => queries.invalidateQueries({ queryKey }),
  });
  const change = (wanted: Change) => {
    // An answer that is on its way has the state before.
    void queries.cancelQueries({ queryKey });
    const next = queries.setQueryData<NotificationPreferences>(queryKey, (known) => known && wanted(known));
    if (next !== undefined) mutate(next);
  };
  return { preferences: query.data, loadError: query.error, reload: () => void query.refetch(), saveError: error, change };
}
