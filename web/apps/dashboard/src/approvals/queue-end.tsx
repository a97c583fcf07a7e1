import { Button, Skeleton } from "@mantine/core";
import type { ApprovalStatusCounts } from "@heliograph/client";
import type { ApprovalsState } from "@heliograph/react";
import { IconCheck, IconFilterOff, IconInbox } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useState, type ReactNode } from "react";
import { Empty } from "../shared/empty.js";
import { useTexts } from "../shared/language.js";
import { approvalsTexts } from "./texts.js";
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
  const texts = useTexts(approvalsTexts);
  const total = statusCounts === undefined || isFiltered(view.filters) || view.q !== "" ? undefined : countOf(view.tab === "mine" ? "pending" : view.tab, statusCounts);
  const here = list.approvals.length;
  const text = () => {
    if (more.state === "failed") return texts.moreNotLoaded;
    if (view.tab === "mine") return texts.lookedThrough(here, total);
    return texts.shown(here, total);
  };
  return (
    <div className={styles.more} data-testid="more">
      <p role="status">{text()}</p>
      <Button size="compact-md" variant="light" loading={more.state === "loading"} onClick={more.load}>
        {texts.showMore}
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
  const texts = useTexts(approvalsTexts);
  if (list.error !== null) {
    return (
      <Empty title={texts.notLoaded}>
        <p>{list.error.message}</p>
        <Button mt="sm" size="compact-md" variant="light" onClick={list.refetch}>
          {texts.reload}
        </Button>
      </Empty>
    );
  }
  if (list.isLoading) return <Loading />;
  if (view.q !== "") {
    return (
      <Empty title={texts.noMatch}>
        <p>{texts.noMatchText}</p>
        <Button mt="sm" size="compact-md" variant="light" onClick={() => search("")}>
          {texts.clearSearch}
        </Button>
      </Empty>
    );
  }
  if (isFiltered(view.filters)) {
    return (
      <Empty icon={<IconFilterOff size={28} stroke={1.6} />} title={texts.noneFiltered}>
        <p>{texts.noneFilteredText}</p>
        <Button mt="sm" size="compact-md" variant="light" onClick={() => change({ ...view, filters: noFilters })}>
          {texts.clearFilters}
        </Button>
      </Empty>
    );
  }
  const { empty, emptyText } = texts.tabs[view.tab];
  const Icon = view.tab === "pending" ? IconCheck : IconInbox;
  return (
    <Empty icon={<Icon size={28} stroke={1.6} />} title={empty}>
      {emptyText}
    </Empty>
  );
}

function Loading(): ReactNode {
  const { loading } = useTexts(approvalsTexts);
  return (
    <div className={styles.loading} role="status" aria-label={loading}>
      {[0, 1, 2, 3].map((row) => (
        <Skeleton key={row} height={84} radius="lg" />
      ))}
    </div>
  );
}
