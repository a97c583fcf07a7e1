import { Button } from "@mantine/core";
import { useConnectionStatus } from "@heliograph/react";
import { useState, type ReactNode } from "react";
import { useTexts } from "../shared/language.js";
import { BulkDialog, type BulkOutcome } from "./bulk-dialog.js";
import { bulkTexts } from "./bulk-texts.js";
import { isApprovedTogether, MAX_SELECTED, type Selection } from "./use-selection.js";
import styles from "./bulk.module.css";

/** What is done with the chosen rows. */
export function BulkBar({ selection }: { readonly selection: Selection }): ReactNode {
  const texts = useTexts(bulkTexts);
  const { canWrite } = useConnectionStatus();
  const [asking, setAsking] = useState<BulkOutcome>();
  const { requests } = selection;
  const approvable = requests.filter(isApprovedTogether).length;
  return (
    <div className={styles.bar} role="group" aria-label={texts.bar} data-testid="bulk-bar">
      <span role="status">
        {texts.chosen(requests.length, MAX_SELECTED)}
        {requests.length > 0 && approvable === 0 && <span className={styles.minor}> {texts.alone(requests.length)}</span>}
      </span>
      <Button size="compact-sm" color="lagoon" disabled={approvable === 0 || !canWrite} onClick={() => setAsking("approved")}>
        {texts.approve}
      </Button>
      <Button size="compact-sm" variant="default" disabled={requests.length === 0 || !canWrite} onClick={() => setAsking("rejected")}>
        {texts.reject}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={selection.stop}>
        {texts.done}
      </Button>
      {asking !== undefined && <BulkDialog outcome={asking} chosen={requests} onClose={() => setAsking(undefined)} onAllStored={selection.stop} />}
    </div>
  );
}
