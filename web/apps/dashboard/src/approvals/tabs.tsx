import type { ApprovalStatusCounts } from "@heliograph/client";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useFormats, type Formats } from "../shared/formats.js";
import { useTexts } from "../shared/language.js";
import { approvalsTexts } from "./texts.js";
import type { ViewControls } from "./use-view.js";
import { countOf, tabs } from "./view.js";
import styles from "./tabs.module.css";

/** The lists of requests, each with how many the workspace has. The open request stays open. */
export function Tabs({ controls: { view, hrefOf }, counts }: { readonly controls: ViewControls; readonly counts: ApprovalStatusCounts | undefined }): ReactNode {
  const texts = useTexts(approvalsTexts);
  const formats = useFormats();
  return (
    <nav aria-label={texts.lists} className={styles.tabs} data-testid="tabs">
      {tabs.map((tab) => {
        const count = counts === undefined ? undefined : countOf(tab, counts);
        return (
          <Link key={tab} href={hrefOf({ ...view, tab })} className={styles.tab} aria-current={tab === view.tab ? "page" : undefined} data-tab={tab}>
            {texts.tabs[tab].label}
            {count !== undefined && (
              <span className={styles.count} title={texts.inWorkspace(count)}>
                {" "}
                {shortCount(count, formats)}
              </span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}

/** Such as `9,841` and `12.3K`. */
export function shortCount(count: number, { number, compact }: Formats): string {
  return count < 10_000 ? number(count) : compact(count);
}
