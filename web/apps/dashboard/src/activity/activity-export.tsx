import { Button } from "@mantine/core";
import type { AuditFilter, AuditFormat } from "@heliograph/client";
import { IconDownload } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useSession } from "../session/session-context.js";
import { useTexts } from "../shared/language.js";
import { activityTexts } from "./texts.js";
import styles from "./activity.module.css";

type ExportState = { readonly state: "idle" | "done" } | { readonly state: "busy"; readonly format: AuditFormat } | { readonly state: "failed"; readonly reason: string };

/** Saves the entries of the filter as a file. */
export function ActivityExport({ filter }: { readonly filter: AuditFilter }): ReactNode {
  const { exports: texts } = useTexts(activityTexts);
  const { client } = useSession();
  const [state, setState] = useState<ExportState>({ state: "idle" });
  const start = (format: AuditFormat) => {
    if (state.state === "busy") return;
    setState({ state: "busy", format });
    client.rest.auditExport(format, filter).then(
      (file) => {
        save(file, `activity.${format}`);
        setState({ state: "done" });
      },
      (error: unknown) => setState({ state: "failed", reason: error instanceof Error ? error.message : String(error) }),
    );
  };
  return (
    <div className={styles.exports} role="group" aria-label={texts.label}>
      {(["csv", "jsonl"] as const).map((format) => (
        <Button
          key={format}
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={state.state === "busy" && state.format === format}
          onClick={() => start(format)}
        >
          {texts[format]}
        </Button>
      ))}
      <span role="status" className={styles.exported}>
        {state.state === "done" && texts.done}
      </span>
      {state.state === "failed" && (
        <p role="alert" className={styles.problem}>
          {texts.failed(state.reason)}
        </p>
      )}
    </div>
  );
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has begun to read it when the click returns, but some read on.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
