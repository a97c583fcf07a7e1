import { Button, Skeleton } from "@mantine/core";
import { ApiProblem } from "@heliograph/client";
import type { ReactNode } from "react";
import { Empty } from "../shared/empty.js";
import { useTexts } from "../shared/language.js";
import { settingsTexts } from "./texts.js";
import styles from "./settings.module.css";

/** Why something was not done, in the server's words; nothing without an error. */
export function Problem({ error }: { readonly error: Error | null }): ReactNode {
  const texts = useTexts(settingsTexts);
  if (error === null) return null;
  return (
    <p className={styles.problem} role="alert">
      {texts.failed(error.message)}
    </p>
  );
}

interface NoRowsProps {
  readonly error: Error | null;
  readonly onReload: () => void;
}

/** In the place of a list that is not here yet, or could not be loaded. */
export function NoRows({ error, onReload }: NoRowsProps): ReactNode {
  const texts = useTexts(settingsTexts);
  if (error === null) {
    return (
      <div role="status" aria-label={texts.loading}>
        <Skeleton height={180} radius="lg" />
      </div>
    );
  }
  const refused = error instanceof ApiProblem && error.status === 403;
  return (
    <Empty title={refused ? texts.notAllowed : texts.notLoaded}>
      <p>{refused ? texts.notAllowedText : error.message}</p>
      {!refused && (
        <Button mt="sm" size="compact-sm" variant="light" onClick={onReload}>
          {texts.reload}
        </Button>
      )}
    </Empty>
  );
}
