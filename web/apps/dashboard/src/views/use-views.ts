import type { SavedView } from "@heliograph/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSession } from "../session/session-context.js";

const queryKey = ["heliograph-views"];

export interface ViewsState {
  /** The member's own and the shared ones of the workspace, of all screens, the oldest first; undefined while they are loaded. */
  readonly views: readonly SavedView[] | undefined;
  readonly error: Error | null;
  readonly refetch: () => void;
}

/** The saved views. No event tells of them: they are fetched when they are shown. */
export function useViews(): ViewsState {
  const { client } = useSession();
  const { data, error, refetch } = useQuery({ queryKey, queryFn: ({ signal }) => client.rest.views(signal), networkMode: "always" });
  return { views: data, error, refetch: () => void refetch() };
}

/** Makes lists of views fetch them again. */
export function useViewsChanged(): () => void {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey });
}
