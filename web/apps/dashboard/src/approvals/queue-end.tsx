import { Button, Skeleton } from "@mantine/core";
import type { ApprovalStatusCounts } from "@heliograph/client";
import type { ApprovalsState } from "@heliograph/react";
import { IconCheck, IconFilterOff, IconInbox } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useState, type ReactNode } from "react";
import { Empty } from "../shared/empty.js";
import { tabTexts } from "./tab-texts.js";
import type { ViewControls } from "./use-view.js";
import { countOf, isFiltered, noFilters, type View } from "./view.js";
import styles from "./approval-queue.module.css";

export interface LoadMore {
  readonly state: "idle" | "loading" | "failed";
  readonly load: () => void;
}

/** Fetches the next rows when asked to, and by itself while `near` the end; after a failure only when asked to. */
export function useLoadMore(list: ApprovalsState, onLoaded: () => void, near: boolean): LoadMore {
  const [state, setState] = useState<LoadMore["state"]>("idle");
  if (near && list.hasMore && state === "idle") setState("loading");
  const { loadMore } = list;
  const fetchMore = useEffectEvent(() => loadMore());
  const loaded = useEffectEvent(onLoaded);
  useEffect(() => {
    if (state !== "loading") return undefined;
    let shown = true;
    fetchMore().then(
      () => {
        if (!shown) return;
        setState("idle");
        loaded();
      },
      () => shown && setState("failed"),
    );
    return () => {
      shown = false;
    };
  }, [state]);
  const load = () => setState("loading");
  return { state, load };
}

interface QueueEndProps {
  readonly more: LoadMore;
  readonly list: ApprovalsState;
  readonly view: View;
  readonly statusCounts: ApprovalStatusCounts | undefined;
}

/** Says how many of the requests are here, and fetches more. */
export function QueueEnd({ more, list, view, statusCounts }: QueueEndProps): ReactNode {
  const total = statusCounts === undefined || isFiltered(view.filters) || view.q !== "" ? undefined : countOf(view.tab === "mine" ? "pending" : view.tab, statusCounts);
  const here = list.approvals.length.toLocaleString("en");
  const shown = total === undefined ? here : `${here} of ${total.toLocaleString("en")}`;
  const text = () => {
    if (more.state === "failed") return "More requests could not be loaded.";
    if (view.tab === "mine") return `Only the first ${shown} pending requests were looked through.`;
    return `${shown} requests are shown.`;
  };
  return (
    <div className={styles.more} data-testid="more">
      <p role="status">{text()}</p>
      <Button size="compact-md" variant="light" loading={more.state === "loading"} onClick={more.load}>
        Show more
      </Button>
    </div>
  );
}

interface NoRowsProps {
  readonly list: ApprovalsState;
  readonly controls: ViewControls;
}

/** Why a list has no rows. */
export function NoRows({ list, controls: { view, change, search } }: NoRowsProps): ReactNode {
  if (list.error !== null) {
    return (
      <Empty title="The requests could not be loaded">
        <p>{list.error.message}</p>
        <Button mt="sm" size="compact-md" variant="light" onClick={list.refetch}>
          Reload
        </Button>
      </Empty>
    );
  }
  if (list.isLoading) return <Loading />;
  if (view.q !== "") {
    return (
      <Empty title="No matching requests">
        <p>New requests can be found two seconds after they are made.</p>
        <Button mt="sm" size="compact-md" variant="light" onClick={() => search("")}>
          Clear search
        </Button>
      </Empty>
    );
  }
  if (isFiltered(view.filters)) {
    return (
      <Empty icon={<IconFilterOff size={28} stroke={1.6} />} title="No requests match the filters">
        <p>There may be others without them.</p>
        <Button mt="sm" size="compact-md" variant="light" onClick={() => change({ ...view, filters: noFilters })}>
          Clear filters
        </Button>
      </Empty>
    );
  }
  const [title, text] = tabTexts[view.tab].empty;
  const Icon = view.tab === "pending" ? IconCheck : IconInbox;
  return (
    <Empty icon={<Icon size={28} stroke={1.6} />} title={title}>
      {text}
    </Empty>
  );
}

function Loading(): ReactNode {
  return (
    <div className={styles.loading} role="status" aria-label="Loading the requests">
      {[0, 1, 2, 3].map((row) => (
        <Skeleton key={row} height={84} radius="lg" />
      ))}
    </div>
  );
}
