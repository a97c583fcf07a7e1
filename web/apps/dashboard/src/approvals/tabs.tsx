import type { ApprovalStatusCounts } from "@heliograph/client";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { tabTexts } from "./tab-texts.js";
import type { ViewControls } from "./use-view.js";
import { countOf, tabs } from "./view.js";
import styles from "./tabs.module.css";

/** The lists of requests, each with how many the workspace has. The open request stays open. */
export function Tabs({ controls: { view, hrefOf }, counts }: { readonly controls: ViewControls; readonly counts: ApprovalStatusCounts | undefined }): ReactNode {
  return (
    <nav aria-label="Lists" className={styles.tabs} data-testid="tabs">
      {tabs.map((tab) => {
        const count = counts === undefined ? undefined : countOf(tab, counts);
        return (
          <Link key={tab} href={hrefOf({ ...view, tab })} className={styles.tab} aria-current={tab === view.tab ? "page" : undefined} data-tab={tab}>
            {tabTexts[tab].label}
            {count !== undefined && (
              <span className={styles.count} title={`${count.toLocaleString("en")} in the workspace`}>
                {" "}
                {shortCount(count)}
              </span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}

const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** Such as `9,841` and `12.3K`. */
export function shortCount(count: number): string {
  return count < 10_000 ? count.toLocaleString("en") : short.format(count);
}
