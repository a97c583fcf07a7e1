import { useMemo } from "react";
import { useLocation, useSearch } from "wouter";
import { searchOf, viewOf, type View } from "./view.js";

export interface ViewControls {
  readonly view: View;
  /** Shows another view; the open request stays open, and Back returns. */
  readonly change: (view: View) => void;
  /** Searches for words in the view; Back does not return to each of them. */
  readonly search: (q: string) => void;
  /** The address of a view, with the request that is open. */
  readonly hrefOf: (view: View) => string;
  /** The address of a request in this view, or of the list alone. */
  readonly pathTo: (approvalId?: string) => string;
}

/** The view that the page's address says. */
export function useView(openId: string | undefined): ViewControls {
  const search = useSearch();
  const [, navigate] = useLocation();
  const view = useMemo(() => viewOf(search), [search]);
  const path = (id: string | undefined) => (id === undefined ? "/approvals" : `/approvals/${encodeURIComponent(id)}`);
  const hrefOf = (next: View) => path(openId) + searchOf(next);
  return {
    view,
    change: (next) => navigate(hrefOf(next)),
    search: (q) => navigate(hrefOf({ ...view, q }), { replace: true }),
    hrefOf,
    pathTo: (id) => path(id) + searchOf(view),
  };
}
