import { useAgents, useApprovals } from "@heliograph/react";
import type { ReactNode } from "react";
import { Boundary } from "../shared/boundary.js";
import { useTexts } from "../shared/language.js";
import { ActivityPanel } from "./activity-panel.js";
import { AgentsPanel } from "./agents-panel.js";
import { DecisionsPanel } from "./decisions-panel.js";
import { FirstRun } from "./first-run.js";
import { NeedsYou } from "./needs-you.js";
import { PendingPanel } from "./pending-panel.js";
import { overviewTexts } from "./texts.js";
import styles from "./overview.module.css";

/** What needs the member now, and how the workspace is doing; the first steps while nothing has happened. */
export function OverviewPage(): ReactNode {
  const texts = useTexts(overviewTexts);
  const pending = useApprovals({ status: "pending", sort: "expiresAt" });
  const agents = useAgents();
  const counts = pending.statusCounts;
  const empty = counts !== undefined && Object.values(counts).every((count) => count === 0) && !agents.isLoading && agents.error === null && agents.agents.length === 0;
  return (
    <div className={styles.page}>
      <h1>{texts.title}</h1>
      {empty ? (
        <Boundary name={texts.parts.firstRun}>
          <FirstRun />
        </Boundary>
      ) : (
        <div className={styles.panels}>
          <NeedsYou pending={pending} />
          <PendingPanel pending={pending} />
          <AgentsPanel list={agents} />
          <DecisionsPanel />
          <ActivityPanel />
        </div>
      )}
    </div>
  );
}
