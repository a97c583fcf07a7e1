import { ApiProblem } from "@heliograph/client";
import type { ReactNode } from "react";
import { useTexts } from "../shared/language.js";
import { viewsTexts } from "./texts.js";
import styles from "./views-menu.module.css";

/** Why a view was not changed; nothing without an error. */
export function Problem({ error }: { readonly error: Error | null }): ReactNode {
  const texts = useTexts(viewsTexts);
  if (error === null) return null;
  const gone = error instanceof ApiProblem && (error.code === "version_mismatch" || error.code === "not_found");
  return (
    <p className={styles.problem} role="alert">
      {gone ? texts.outdated : texts.failed(error.message)}
    </p>
  );
}
