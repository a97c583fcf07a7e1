import { Button, Skeleton } from "@mantine/core";
import { ApiProblem } from "@heliograph/client";
import { IconHistory } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, type ReactNode } from "react";
import { useLocation, useSearch } from "wouter";
import { DataTable } from "../shared/data-table.js";
import { Empty } from "../shared/empty.js";
import { useTexts } from "../shared/language.js";
import { Views } from "../views/views.js";
import { ActivityExport } from "./activity-export.js";
import { ActivityFilters } from "./activity-filters.js";
import { EntryRow } from "./entry-row.js";
import { activityTexts } from "./texts.js";
import { useActivity, type Activity } from "./use-activity.js";
import { filterOf, searchOf } from "./view.js";
import styles from "./activity.module.css";

/** The audit trail. Owners and admins read it; the server decides. */
export function ActivityPage(): ReactNode {
  const texts = useTexts(activityTexts);
  const search = useSearch();
  const [, navigate] = useLocation();
  const filter = useMemo(() => filterOf(search), [search]);
  const activity = useActivity(filter);
  const top = useRef<HTMLDivElement>(null);
  const { error } = activity;
  const showNew = () => {
    activity.showNew();
    top.current?.scrollIntoView({ block: "start" });
    top.current?.focus({ preventScroll: true });
  };
  if (error instanceof ApiProblem && error.status === 403) {
    return (
      <div className={styles.page}>
        <h1>{texts.title}</h1>
        <Empty title={texts.notAllowed}>{texts.notAllowedText}</Empty>
      </div>
    );
  }
  return (
    <div className={styles.page} ref={top} tabIndex={-1}>
      <header className={styles.head}>
        <div>
          <h1>{texts.title}</h1>
          <p>{texts.text}</p>
        </div>
        <ActivityExport filter={filter} />
        <Views screen="activity" search={searchOf(filter)} hrefOf={(query) => `/activity${searchOf(filterOf(query))}`} />
      </header>
      <ActivityFilters filter={filter} onChange={(next) => navigate(`/activity${searchOf(next)}`)} />
      <div className={styles.news} role="status">
        {activity.newCount > 0 && (
          <Button size="compact-sm" radius="xl" onClick={showNew} data-testid="new-entries">
            {activity.manyNew ? texts.manyNew(activity.newCount) : texts.newEntries(activity.newCount)}
          </Button>
        )}
      </div>
      <Entries activity={activity} filtered={searchOf(filter) !== ""} onClear={() => navigate("/activity")} />
    </div>
  );
}

function Entries({ activity, filtered, onClear }: { readonly activity: Activity; readonly filtered: boolean; readonly onClear: () => void }): ReactNode {
  const texts = useTexts(activityTexts);
  const { entries, isLoading, error } = activity;
  if (error !== null) {
    return (
      <Empty title={texts.notLoaded}>
        <p>{error.message}</p>
        <Button mt="sm" size="compact-sm" variant="light" onClick={activity.refetch}>
          {texts.reload}
        </Button>
      </Empty>
    );
  }
  if (isLoading) {
    return (
      <div role="status" aria-label={texts.loading}>
        <Skeleton height={320} radius="lg" />
      </div>
    );
  }
  // A filter that matches little may find nothing in a page, and still have another one.
  if (entries.length === 0 && !activity.hasMore) {
    return (
      <Empty icon={<IconHistory size={28} stroke={1.5} />} title={filtered ? texts.noMatch : texts.none}>
        {filtered && (
          <>
            <p>{texts.noMatchText}</p>
            <Button mt="sm" size="compact-sm" variant="light" onClick={onClear}>
              {texts.filters.clear}
            </Button>
          </>
        )}
      </Empty>
    );
  }
  return (
    <>
      {entries.length > 0 && (
        <DataTable label={texts.title} columns={[texts.who, texts.what, texts.subject, texts.when]}>
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} />
          ))}
        </DataTable>
      )}
      <End activity={activity} />
    </>
  );
}

/** Says how many entries are here, and fetches more: by the button, and when it is scrolled to. */
function End({ activity }: { readonly activity: Activity }): ReactNode {
  const texts = useTexts(activityTexts);
  const { entries, hasMore, full, isLoadingMore, moreFailed, loadMore } = activity;
  const end = useRef<HTMLDivElement>(null);
  const waiting = hasMore && !isLoadingMore && !moreFailed;
  useEffect(() => {
    const element = end.current;
    if (element === null || !waiting) return undefined;
    const observer = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && loadMore(), { rootMargin: "400px" });
    observer.observe(element);
    return () => observer.disconnect();
  });
  const shown = full ? texts.full(entries.length) : texts.shown(entries.length);
  return (
    <div ref={end} className={styles.end}>
      <p role={moreFailed ? "alert" : undefined}>{moreFailed ? texts.moreFailed : shown}</p>
      {hasMore && (
        <Button size="compact-sm" variant="light" loading={isLoadingMore} onClick={loadMore}>
          {texts.showMore}
        </Button>
      )}
    </div>
  );
}
