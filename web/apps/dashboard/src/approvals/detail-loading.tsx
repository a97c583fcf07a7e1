import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useTexts } from "../shared/language.js";
import { approvalsTexts } from "./texts.js";
import styles from "./approval-detail.module.css";

/** In the place of a request, or of the code that shows it, while it is loaded. */
export function DetailLoading(): ReactNode {
  const { loadingRequest } = useTexts(approvalsTexts);
  return (
    <div className={styles.detail} role="status" aria-label={loadingRequest}>
      <Skeleton height={24} width={120} radius="xl" />
      <Skeleton height={32} width="70%" />
      <Skeleton height={160} radius="lg" />
    </div>
  );
}
